// The name that a received file gets, whatever its sender called it (S-39): the same
// as shared/cordee_shared/wire/filename.py, where each rule has its reason;
// shared/vectors/filename.json keeps the two honest.

import { NameRefused } from "../errors.js";

/** Characters of a name as a peer announces it. */
export const NAME_ANNOUNCED_MAX = 1024;
/** Bytes of a received file's name, in UTF-8. */
export const NAME_BYTES_MAX = 200;

const UNSEEN =
    /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;
const SPACES =
    /[\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+/gu;
const MEANT =
    /[<>:"|?*\u02d0\u02f8\u0589\u05c3\u2024\u2025\u2044\u2215\u2216\u2236\u29f5\u29f8\u29f9\ua789\uf000-\uf0ff\ufe13\ufe52\ufe55\ufe68\uff02\uff0a\uff0e\uff0f\uff1a\uff1c\uff1e\uff1f\uff3c\uff5c]/gu;
const DEVICE =
    /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i;
const OBEYED = new Set(["autorun.inf", "desktop.ini", "thumbs.db"]);
/** The longest ending that is kept when a name is cut, in bytes. */
const ENDING_BYTES = 24;

const utf8 = new TextEncoder();

/**
 * Return the name that a file may have in the receiver's folder.
 *
 * @param {string} announced the name as the peer gave it
 * @returns {string}
 * @throws {NameRefused} too long, or nothing is left of it that could name a file
 */
export function safeName(announced) {
    if ([...announced].length > NAME_ANNOUNCED_MAX) throw new NameRefused();
    let name = announced.split(/[/\\]/).at(-1) ?? "";
    name = name.replace(UNSEEN, "").replace(SPACES, " ");
    name = name.normalize("NFC").replace(MEANT, "_");
    name = name.replace(/^ +/, "").replace(/[ .]+$/, "");
    if (/^[._ ]*$/.test(name)) throw new NameRefused();
    if (name.startsWith(".")) name = `_${name.slice(1).replace(/^ +/, "")}`;
    else if (name.startsWith("-")) name = `_${name}`;
    if (DEVICE.test(name) || OBEYED.has(name.toLowerCase())) name = `_${name}`;
    return cut(name, NAME_BYTES_MAX);
}

/**
 * Return the name to try when a name is taken: `photo (2).jpg`.
 *
 * @param {string} name what safeName returned
 * @param {number} number 2 for the first other name, at most 9999
 */
export function numbered(name, number) {
    const { stem, ending } = parts(name);
    const rest = ` (${number})${ending}`;
    return shorter(stem, NAME_BYTES_MAX - bytes(rest)) + rest;
}

/**
 * @param {string} name
 * @param {number} most
 */
function cut(name, most) {
    if (bytes(name) <= most) return name;
    const { stem, ending } = parts(name);
    return shorter(stem, most - bytes(ending)) + ending;
}

/**
 * @param {string} stem
 * @param {number} most
 */
function shorter(stem, most) {
    let kept = "";
    let room = most;
    for (const character of stem) {
        room -= bytes(character);
        if (room < 0) break;
        kept += character;
    }
    return kept.replace(/[ .]+$/, "");
}

/** @param {string} name */
function parts(name) {
    const at = name.lastIndexOf(".");
    const ending = at > 0 ? name.slice(at) : "";
    if (ending === "" || bytes(ending) > ENDING_BYTES) return { stem: name, ending: "" };
    return { stem: name.slice(0, at), ending };
}

/** @param {string} text */
function bytes(text) {
    return utf8.encode(text).length;
}
