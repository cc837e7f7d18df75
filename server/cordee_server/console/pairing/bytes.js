// Byte strings: joining, comparing, drawing and forgetting them.

/**
 * The bytes that WebCrypto accepts: never a view of shared memory.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/**
 * Draws that many bytes: `random`, or a test's list.
 *
 * @typedef {(size: number) => Bytes} Entropy
 */

const ENCODER = new TextEncoder();

/**
 * @param {string} text
 * @returns {Bytes} its UTF-8
 */
export function utf8(text) {
    return ENCODER.encode(text);
}

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
    const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
        out.set(part, at);
        at += part.length;
    }
    return out;
}

/**
 * Whether two *public* byte strings are equal. Tags are compared by
 * `subtle.verify`, which takes the same time wherever they differ (S-06).
 *
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
    return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** @type {Entropy} */
export function random(size) {
    return crypto.getRandomValues(new Uint8Array(size));
}

/**
 * Overwrite what is no longer needed. JavaScript may have copied it; what can be
 * done is done.
 *
 * @param {...Uint8Array} secrets
 */
export function wipe(...secrets) {
    for (const secret of secrets) secret.fill(0);
}
