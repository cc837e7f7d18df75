// Every key of a session and every label it is derived under. The same as
// shared/cordee_shared/pairing/schedule.py, where the rules stand;
// shared/vectors/pairing.json keeps the two honest.

import { lvCat } from "../canonical.js";
import { concat, utf8, wipe } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/** @typedef {"agent" | "console"} Role */

/**
 * The keys of one link, 32 bytes each. `exp` binds the journal to the pairing: a
 * resumed link keeps it.
 *
 * @typedef {{ readonly a2c: Bytes, readonly c2a: Bytes, readonly exp: Bytes,
 *     readonly res: Bytes }} Keys
 */

/** AES-256, and HKDF outputs. */
export const KEY_BYTES = 32;

const REKEY = utf8("ra1 rekey");

/**
 * @param {Role} role
 * @returns {Role} the end at the other side of the relay
 */
export function otherRole(role) {
    return role === "agent" ? "console" : "agent";
}

/**
 * @param {Keys} keys
 * @param {Role} role
 * @returns {Bytes} the key under which `role` seals
 */
export function sendingKey(keys, role) {
    return role === "agent" ? keys.a2c : keys.c2a;
}

/**
 * Derive the keys of a fresh pairing.
 *
 * @param {Bytes} isk wipe it after this
 * @param {Bytes} sid
 * @param {Bytes} th
 * @returns {Promise<Keys>}
 */
export async function sessionKeys(isk, sid, th) {
    const derive = await hkdf(isk, sid, "ra1 ", th);
    return {
        a2c: await derive("a2c"),
        c2a: await derive("c2a"),
        exp: await derive("exp"),
        res: await derive("res"),
    };
}

/**
 * Derive the keys of a resumed link, and the key that confirms them.
 *
 * @param {Bytes} res resume key of the link before
 * @param {Bytes} k X25519 of the two fresh shares; wipe it after this
 * @param {Bytes} sid
 * @param {Bytes} rh hash of the resume's transcript
 * @param {Bytes} exp the pairing's journal binding, which stays
 * @returns {Promise<{ keys: Keys, mac: Bytes }>}
 */
export async function resumedKeys(res, k, sid, rh, exp) {
    const secret = lvCat(res, k);
    const derive = await hkdf(secret, sid, "ra1 resume ", rh);
    wipe(secret);
    const keys = {
        a2c: await derive("a2c"),
        c2a: await derive("c2a"),
        exp,
        res: await derive("res"),
    };
    return { keys, mac: await derive("mac") };
}

/**
 * The key after this one, under which `records` records were sealed.
 *
 * WebCrypto has no HKDF-Expand alone: for one block it is HMAC(key, info || 1),
 * RFC 5869 section 2.3.
 *
 * @param {CryptoKey} chain the key, as one of HMAC-SHA-512
 * @param {number} records
 * @returns {Promise<Bytes>}
 */
export async function nextKey(chain, records) {
    const count = new DataView(new ArrayBuffer(8));
    count.setBigUint64(0, BigInt(records));
    const info = concat(REKEY, new Uint8Array(count.buffer), Uint8Array.of(1));
    const block = new Uint8Array(await crypto.subtle.sign("HMAC", chain, info));
    const key = block.slice(0, KEY_BYTES);
    wipe(block);
    return key;
}

/**
 * @param {Bytes} secret
 * @param {Bytes} salt
 * @param {string} prefix
 * @param {Bytes} binding
 * @returns {Promise<(label: string) => Promise<Bytes>>}
 */
async function hkdf(secret, salt, prefix, binding) {
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, [
        "deriveBits",
    ]);
    return async (label) => {
        const info = concat(utf8(`${prefix}${label}\0`), binding);
        const params = { name: "HKDF", hash: "SHA-512", salt, info };
        return new Uint8Array(
            await crypto.subtle.deriveBits(params, key, 8 * KEY_BYTES),
        );
    };
}
