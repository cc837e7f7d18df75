// The technician's signing key: made anew for each page load, and never readable, not
// even by this page (security.md 1.5).

import { b64 } from "./canonical.js";

/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */
/** @typedef {{ privateKey: CryptoKey, publicKey: Bytes, pk: string }} SigningKey */

/** @returns {Promise<SigningKey | null>} null where the browser knows no Ed25519 */
export async function newKey() {
    try {
        const pair = /** @type {CryptoKeyPair} */ (
            await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
        );
        const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
        return { privateKey: pair.privateKey, publicKey: raw, pk: b64(raw) };
    } catch {
        return null;
    }
}
