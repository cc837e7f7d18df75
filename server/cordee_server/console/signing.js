// Ed25519 signatures, each under a label that says what is being signed. The same as
// shared/cordee_shared/signing.py; shared/vectors/journal.json keeps the two honest.

import { sha256 } from "./canonical.js";
import { MalformedFrame, Tampered } from "./errors.js";
import { concat, utf8 } from "./pairing/bytes.js";

/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */

/** What a signature is for: one made for one purpose never passes for another. */
export const Label = Object.freeze({
    EVENT: "ra1 event",
    FACT: "ra1 fact",
    ATTESTATION: "ra1 attestation",
    OFFER: "ra1 offer",
});

/**
 * @param {string} label
 * @param {Uint8Array} boundTo th for an act, nothing for the relay's statements
 * @param {Bytes} data
 * @returns {Promise<Bytes>} the bytes under a signature
 */
export async function message(label, boundTo, data) {
    return concat(utf8(label), new Uint8Array(1), boundTo, await sha256(data));
}

/**
 * @param {Bytes} publicKey 32 bytes
 * @returns {Promise<CryptoKey>}
 * @throws {MalformedFrame} it is no Ed25519 key
 */
async function verifier(publicKey) {
    try {
        return await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
    } catch {
        throw new MalformedFrame("not an Ed25519 public key");
    }
}

/**
 * Check a signature.
 *
 * @param {Bytes} publicKey 32 bytes
 * @param {string} label
 * @param {Bytes} data
 * @param {Bytes} signature
 * @param {Uint8Array} [boundTo]
 * @throws {MalformedFrame} `publicKey` is no Ed25519 key
 * @throws {Tampered} the signature does not fit
 */
export async function verify(publicKey, label, data, signature, boundTo = new Uint8Array()) {
    const key = await verifier(publicKey);
    const signed = await message(label, boundTo, data);
    if (!(await crypto.subtle.verify("Ed25519", key, signature, signed))) {
        throw new Tampered("signature", `does not fit (${label})`);
    }
}
