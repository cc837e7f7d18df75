// CPace: two ends that hold the same five digits agree on a strong key. Suite
// CPACE-X25519-SHA512 of draft-irtf-cfrg-cpace-21; the same as
// shared/cordee_shared/pairing/pake.py, where the rules stand, and checked against
// the draft's own vectors in shared/vectors/cpace.json.

import { lvCat, prependLen } from "../canonical.js";
import { PairingFailed } from "../errors.js";
import { concat, utf8, wipe } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./bytes.js").Entropy} Entropy */

/** The suite's name in the associated data of both ends. */
export const SUITE = "CPACE-X25519-SHA512";
/** Bytes of a scalar, of a coordinate and of a share. */
export const FIELD_BYTES = 32;
/** HMAC-SHA-512, not cut. */
export const CONFIRMATION_BYTES = 64;
/** u = 9, curve25519's base point: for a plain X25519 share. */
export const BASE_POINT = Uint8Array.from({ length: FIELD_BYTES }, (_, at) =>
    at ? 0 : 9,
);

const P = 2n ** 255n - 19n;
const A = 486662n;
const BLOCK_BYTES = 128;
const DSI = utf8("CPace255");
const DSI_ISK = utf8("CPace255_ISK");
const DSI_MAC = utf8("CPaceMac");
// A draw this long, reduced below p, is uniform to 2^-129.
const BLIND_BYTES = 48;
// RFC 8410's wrapping of 32 bytes: WebCrypto imports a scalar in no other form.
const PKCS8 = Uint8Array.of(
    0x30,
    0x2e,
    0x02,
    0x01,
    0x00,
    0x30,
    0x05,
    0x06,
    0x03,
    0x2b,
    0x65,
    0x6e,
    0x04,
    0x22,
    0x04,
    0x20,
);

/**
 * What is hashed to the curve: secret, padding, context, session.
 *
 * @param {Uint8Array} prs
 * @param {Uint8Array} ci
 * @param {Uint8Array} sid
 */
export function generatorString(prs, ci, sid) {
    const head = prependLen(prs).length + prependLen(DSI).length;
    const pad = Math.max(0, BLOCK_BYTES - 1 - head);
    return lvCat(DSI, prs, new Uint8Array(pad), ci, sid);
}

/**
 * Elligator 2 with Z = 2, on blinded values: BigInt takes no constant time, and
 * the time must not tell the secret. Never branch on a square root here.
 *
 * @param {Uint8Array} fieldElement 32 bytes
 * @param {Entropy} entropy
 */
export function mapToCurve(fieldElement, entropy) {
    const r = fromBytes(fieldElement) & (2n ** 255n - 1n);
    const blind = nonzero(entropy);
    const square = nonzero(entropy);
    const d = (1n + 2n * r * r) % P;
    const inverse = (blind * power((d * blind) % P, P - 2n)) % P;
    const v = modP(-A * inverse);
    const w = (v * v * v + A * v * v + v) % P;
    const residue = power((((w * square) % P) * square) % P, (P - 1n) / 2n);
    // 1 is odd, p - 1 is even: the low bit says whether w is a square.
    const first = residue & 1n;
    return toBytes(modP(first * v + (1n - first) * (-v - A)));
}

/**
 * The point that only holders of `prs` know.
 *
 * @param {Uint8Array} prs
 * @param {Uint8Array} ci
 * @param {Uint8Array} sid
 * @param {Entropy} entropy
 */
export async function generator(prs, ci, sid, entropy) {
    const digest = await sha512(generatorString(prs, ci, sid));
    return mapToCurve(digest.subarray(0, FIELD_BYTES), entropy);
}

/**
 * X25519: a share, or K.
 *
 * @param {Bytes} scalar
 * @param {Bytes} point
 * @returns {Promise<Bytes>}
 * @throws {PairingFailed} not 32 bytes, or of low order: the result would be zero
 *     whatever the scalar is, a key known to all (S-02)
 */
export async function scalarMult(scalar, point) {
    if (point.length !== FIELD_BYTES)
        throw new PairingFailed(`a share of ${point.length} bytes`);
    const wrapped = concat(PKCS8, scalar);
    const key = await crypto.subtle.importKey("pkcs8", wrapped, "X25519", false, [
        "deriveBits",
    ]);
    wipe(wrapped);
    const peer = await crypto.subtle.importKey("raw", point, "X25519", false, []);
    const bits = await crypto.subtle
        .deriveBits({ name: "X25519", public: peer }, key, 8 * FIELD_BYTES)
        .catch(() => new ArrayBuffer(FIELD_BYTES));
    const product = new Uint8Array(bits);
    // Engines refuse zero today; the draft asks us not to count on it.
    if (product.reduce((all, byte) => all | byte, 0) === 0) {
        throw new PairingFailed("a point of low order");
    }
    return product;
}

/**
 * ISK, 64 bytes.
 *
 * @param {Uint8Array} sid
 * @param {Uint8Array} k
 * @param {Uint8Array} transcript `transcript()` of canonical.js
 */
export function intermediateKey(sid, k, transcript) {
    return sha512(concat(lvCat(DSI_ISK, sid, k), transcript));
}

/**
 * The key under which both ends show that they hold ISK.
 *
 * @param {Uint8Array} sid
 * @param {Uint8Array} isk
 */
export async function confirmationKey(sid, isk) {
    return hmacKey(await sha512(concat(DSI_MAC, sid, isk)));
}

/**
 * The tag of the end that sent `share` and `ad`.
 *
 * @param {CryptoKey} key
 * @param {Uint8Array} share
 * @param {Uint8Array} ad as the bytes sent
 */
export async function confirmation(key, share, ad) {
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, lvCat(share, ad)));
}

/**
 * Whether `tag` is the one of the end that sent `share` and `ad`; compared by the
 * engine, in a time that does not tell where they differ (S-06).
 *
 * @param {CryptoKey} key
 * @param {Uint8Array} share
 * @param {Uint8Array} ad as the bytes received
 * @param {Bytes} tag
 */
export function confirms(key, share, ad, tag) {
    return crypto.subtle.verify("HMAC", key, tag, lvCat(share, ad));
}

/** @param {Bytes} raw */
export function hmacKey(raw) {
    const algorithm = { name: "HMAC", hash: "SHA-512" };
    return crypto.subtle.importKey("raw", raw, algorithm, false, ["sign", "verify"]);
}

/** @param {Bytes} data */
async function sha512(data) {
    return new Uint8Array(await crypto.subtle.digest("SHA-512", data));
}

/**
 * A factor in [1, p - 1].
 *
 * @param {Entropy} entropy
 */
function nonzero(entropy) {
    return (fromBytes(entropy(BLIND_BYTES)) % (P - 1n)) + 1n;
}

/** @param {bigint} value */
function modP(value) {
    return ((value % P) + P) % P;
}

/**
 * The exponents are public constants, so that their bits may steer the loop.
 *
 * @param {bigint} base
 * @param {bigint} exponent
 */
function power(base, exponent) {
    let out = 1n;
    for (let square = base; exponent > 0n; exponent >>= 1n) {
        if (exponent & 1n) out = (out * square) % P;
        square = (square * square) % P;
    }
    return out;
}

/** @param {Uint8Array} bytes little-endian */
function fromBytes(bytes) {
    return bytes.reduceRight((out, byte) => (out << 8n) | BigInt(byte), 0n);
}

/** @param {bigint} value */
function toBytes(value) {
    return Uint8Array.from({ length: FIELD_BYTES }, (_, at) =>
        Number((value >> BigInt(8 * at)) & 0xffn),
    );
}
