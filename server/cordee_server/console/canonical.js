// The exact bytes that are hashed and signed. The same as
// shared/cordee_shared/canonical.py; shared/vectors/canonical.json keeps the two
// honest.

import { MalformedFrame } from "./errors.js";
import { concat, equal, utf8 } from "./pairing/bytes.js";

/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */

// A list stands here by its shape: TypeScript follows no cycle through an array.
/** @typedef {{ readonly length: number, readonly [at: number]: Json }} JsonList */
/** @typedef {{ readonly [key: string]: Json }} JsonObject */
/** @typedef {null | boolean | number | string | JsonList | JsonObject} Json */

const ASCII = /^[\x00-\x7f]*$/;
// What JSON escapes, and whatever is no printable ASCII; by UTF-16 units, as RFC
// 8785 counts.
const ESCAPED = /["\\]|[^ -~]/g;
const SHORT = new Map([
    ['"', '\\"'],
    ["\\", "\\\\"],
    ["\b", "\\b"],
    ["\f", "\\f"],
    ["\n", "\\n"],
    ["\r", "\\r"],
    ["\t", "\\t"],
]);

/** @param {string} text */
function quoted(text) {
    const body = text.replace(
        ESCAPED,
        (unit) =>
            SHORT.get(unit) ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    return `"${body}"`;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") return quoted(value);
    if (typeof value === "number") {
        if (!Number.isSafeInteger(value))
            throw new RangeError(`${value} is no exact integer`);
        return String(value === 0 ? 0 : value);
    }
    if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
    if (typeof value === "object" && isPlain(value)) {
        const members = Object.entries(value)
            // Units and code points sort alike on ASCII only, hence ASCII keys.
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => {
                if (!ASCII.test(key)) throw new RangeError("a key is not ASCII");
                return `${quoted(key)}:${written(item)}`;
            });
        return `{${members.join(",")}}`;
    }
    throw new TypeError(`${typeof value} has no canonical form`);
}

/** @param {object} value */
function isPlain(value) {
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}

/**
 * The one encoding of a value: RFC 8785 without floats, ASCII.
 *
 * @param {Json} value
 * @returns {Bytes}
 * @throws {TypeError} JSON has no word for it
 * @throws {RangeError} an integer above 2^53-1, a float, or a key outside ASCII
 */
export function canonical(value) {
    return utf8(written(value));
}

/**
 * Decode an object and insist that `data` is its one encoding.
 *
 * @param {Uint8Array} data
 * @returns {Record<string, any>}
 * @throws {MalformedFrame}
 */
export function readCanonical(data) {
    let value;
    try {
        value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
        // A key that stands twice, a float, white space: none survives this.
        if (!equal(canonical(value), data))
            throw new RangeError("not in canonical form");
    } catch (error) {
        throw new MalformedFrame(`not a canonical object: ${error}`);
    }
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
        throw new MalformedFrame("not a canonical object");
    }
    return value;
}

/**
 * @param {Uint8Array} data
 * @returns {Bytes} LEB128 of its length, then `data`
 */
export function prependLen(data) {
    const head = [];
    let size = data.length;
    do {
        head.push((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
        size >>>= 7;
    } while (size > 0);
    return concat(Uint8Array.from(head), data);
}

/**
 * Join `parts`, each with its length before it.
 *
 * @param {...Uint8Array} parts
 */
export function lvCat(...parts) {
    return concat(...parts.map(prependLen));
}

/**
 * CPace's initiator-responder transcript; the agent is the initiator.
 *
 * @param {Uint8Array} ya
 * @param {Uint8Array} adA
 * @param {Uint8Array} yb
 * @param {Uint8Array} adB
 */
export function transcript(ya, adA, yb, adB) {
    return concat(lvCat(ya, adA), lvCat(yb, adB));
}

/**
 * @param {Bytes} data
 * @returns {Promise<Bytes>}
 */
export async function sha256(data) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/**
 * @param {Bytes} data
 * @returns {Promise<string>} 64 lowercase hexadecimal digits
 */
export async function sha256Hex(data) {
    return Array.from(await sha256(data), (byte) =>
        byte.toString(16).padStart(2, "0"),
    ).join("");
}

/**
 * @param {Uint8Array} data
 * @returns {string} unpadded base64url
 */
export function b64(data) {
    const text = btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
    return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Decode unpadded base64url, strictly.
 *
 * @param {string} text
 * @returns {Bytes}
 * @throws {MalformedFrame} a character or a length that `b64` never gives
 */
export function unb64(text) {
    if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
        throw new MalformedFrame("not base64url");
    }
    const bits = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const data = Uint8Array.from(bits, (unit) => unit.charCodeAt(0));
    if (b64(data) !== text) throw new MalformedFrame("not canonical base64url");
    return data;
}
