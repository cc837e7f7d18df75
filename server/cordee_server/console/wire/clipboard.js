// What may pass from one clipboard to the other: text, at most 64 KiB of it (S-40): the
// same as shared/cordee_shared/wire/clipboard.py; shared/vectors/clipboard.json keeps
// the two honest.

import { FrameTooLarge, MalformedFrame, TextRefused } from "../errors.js";

/** Bytes of a text, in UTF-8. */
export const CLIPBOARD_MAX = 64 * 1024;

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]/gu;

/**
 * Return the payload for a text that a person copied.
 *
 * @param {string} text
 * @returns {Uint8Array}
 * @throws {TextRefused} nothing is left of it, or it is too long
 */
export function writeText(text) {
    const plain = text.replace(/\r\n?/g, "\n").replace(CONTROLS, "");
    const payload = new TextEncoder().encode(plain);
    if (payload.length === 0 || payload.length > CLIPBOARD_MAX) throw new TextRefused();
    return payload;
}

/**
 * Return the text of a payload.
 *
 * @param {Uint8Array} payload
 * @returns {string}
 * @throws {FrameTooLarge} more than 64 KiB
 * @throws {MalformedFrame} empty, no UTF-8, or with controls that no sender leaves in
 */
export function readText(payload) {
    if (payload.length > CLIPBOARD_MAX) {
        throw new FrameTooLarge(`${payload.length} bytes of text`);
    }
    let text;
    try {
        text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    } catch {
        throw new MalformedFrame("a text that is no UTF-8");
    }
    if (text === "" || text.search(CONTROLS) >= 0) {
        throw new MalformedFrame("a text that no sender writes");
    }
    return text;
}
