// What the two people say and show each other, on the chat channel: the same as
// shared/cordee_shared/wire/talk.py, where the rules stand; shared/vectors/talk.json
// keeps the two honest.

import { FrameTooLarge, MalformedFrame } from "../errors.js";
import { utf8 } from "../pairing/bytes.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */

/** Characters of one message. */
export const SAID_MAX = 4000;
/** Messages that are kept in memory. */
export const SAID_KEPT = 500;
export const TALK_MAX = 32 * 1024;
/** Points of one part of a mark. */
export const MARK_POINTS_MAX = 64;
/** A mark fades so long after its last point. */
export const MARK_MS = 6000;
export const MACHINE_LINES_MAX = 24;
const LINE_MAX = 200;

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]/gu;
const HAS_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]/u;

/**
 * @typedef {{ t: "say", id: number, text: string }} Say
 * @typedef {{ t: "got" | "seen", id: number }} Receipt
 * @typedef {{ t: "clip", n: number, yes: boolean }} ClipAnswer
 * @typedef {{ t: "machine", n: number, lines: string[] }} Machine
 * @typedef {Say | Receipt | ClipAnswer | Machine} FromAgent
 */

/** @param {object} talk @returns {Bytes} */
export function writeTalk(talk) {
    return utf8(JSON.stringify(talk));
}

/**
 * Read what the agent says.
 *
 * @param {Bytes} payload
 * @returns {FromAgent}
 * @throws {FrameTooLarge} more than `TALK_MAX` bytes
 * @throws {MalformedFrame} not such a message, or a field out of its bounds
 */
export function readTalk(payload) {
    if (payload.length > TALK_MAX) throw new FrameTooLarge(`${payload.length} bytes of talk`);
    /** @type {any} */
    let talk;
    try {
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        talk = JSON.parse(decoder.decode(payload));
    } catch {
        throw new MalformedFrame("not JSON");
    }
    switch (talk?.t) {
        case "say":
            insist(isWords(talk.text, SAID_MAX), "no words");
            return { t: "say", id: numbered(talk.id), text: talk.text };
        case "got":
        case "seen":
            return { t: talk.t, id: numbered(talk.id) };
        case "clip":
            insist(typeof talk.yes === "boolean", "neither yes nor no");
            return { t: "clip", n: numbered(talk.n), yes: talk.yes };
        case "machine":
            insist(Array.isArray(talk.lines), "no lines");
            insist(talk.lines.length <= MACHINE_LINES_MAX, "too many lines");
            insist(talk.lines.every(isLine), "no line");
            return { t: "machine", n: numbered(talk.n), lines: [...talk.lines] };
        default:
            throw new MalformedFrame("nothing that an agent says");
    }
}

/**
 * What somebody typed, as it is said; empty when nothing is left of it.
 *
 * @param {string} typed
 */
export function words(typed) {
    const plain = typed.replace(/\r\n?/g, "\n").replace(CONTROLS, "").trim();
    return [...plain].slice(0, SAID_MAX).join("");
}

/**
 * @param {unknown} value
 * @returns {number}
 */
function numbered(value) {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) {
        throw new MalformedFrame("not a number of theirs");
    }
    return value;
}

/**
 * @param {unknown} value
 * @param {number} most characters
 */
function isWords(value, most) {
    if (typeof value !== "string" || value === "" || HAS_CONTROLS.test(value)) return false;
    return value.length <= most || [...value].length <= most;
}

/** @param {unknown} value */
function isLine(value) {
    return isWords(value, LINE_MAX) && !/[\t\n]/.test(String(value));
}

/**
 * @param {boolean} holds
 * @param {string} why
 */
function insist(holds, why) {
    if (!holds) throw new MalformedFrame(why);
}
