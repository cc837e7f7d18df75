// What the two ends say on the file channel (4): the twin of
// `cordee_shared/wire/files.py`, whose rules these are.

import { FrameTooLarge, LocalViolation, MalformedFrame } from "../errors.js";
import { utf8 } from "../pairing/bytes.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */

/**
 * @typedef {{ t: "offer", id: number, name: string, size: number }} Offer
 * @typedef {{ t: "accept", id: number, at: number, sha256: string }} Accept
 * @typedef {{ t: "ack", id: number, at: number }} Ack
 * @typedef {{ t: "done", id: number, sha256: string }} Done
 * @typedef {{ t: "kept", id: number }} Kept
 * @typedef {{ t: "stop", id: number, why: Why }} Stop
 * @typedef {{ t: "want" }} Want
 * @typedef {{ t: "none" }} NoFile
 * @typedef {Offer | Accept | Ack | Done | Kept | Stop | Want | NoFile} Said
 * @typedef {{ t: "piece", id: number, at: number, data: Bytes }} Piece
 * @typedef {"refused" | "expired" | "cancelled" | "changed" | "damaged" | "disk" | "name" | "busy"} Why
 */

/** How a piece of a file begins; no JSON does. */
export const PIECE = 0x01;
/** Its first byte, the transfer's id, and where it begins. */
export const PIECE_HEADER = 1 + 4 + 8;
export const PIECE_MIN = 2 * 1024;
export const PIECE_MAX = 32 * 1024;
/** Bytes sent and not yet written at the other end. */
export const FLIGHT_MAX = 256 * 1024;
export const SIZE_MAX = 2 ** 40;
/** Files of one side that wait for an answer or are under way. */
export const OPEN_MAX = 16;
const NAME_MAX = 1024;
const SAID_MAX = 12 * NAME_MAX + 256;
const ID_MAX = 2 ** 31 - 1;

/** @type {ReadonlySet<unknown>} */
const WHYS = new Set([
    "refused",
    "expired",
    "cancelled",
    "changed",
    "damaged",
    "disk",
    "name",
    "busy",
]);

/** @type {(value: unknown, least: number, most: number) => boolean} */
const isCount = (value, least, most) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** @type {Readonly<Record<string, (value: unknown) => boolean>>} */
const FIELDS = Object.freeze({
    id: (value) => isCount(value, 1, ID_MAX),
    size: (value) => isCount(value, 0, SIZE_MAX),
    at: (value) => isCount(value, 0, SIZE_MAX),
    sha256: (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
    name: (value) => typeof value === "string" && isName(value),
    why: (value) => WHYS.has(value),
});

/** @type {Readonly<Record<string, readonly string[]>>} */
const SAID = Object.freeze({
    offer: ["id", "name", "size"],
    accept: ["id", "at", "sha256"],
    ack: ["id", "at"],
    done: ["id", "sha256"],
    kept: ["id"],
    stop: ["id", "why"],
    want: [],
    none: [],
});

/** @param {string} text characters, as Python counts them; half ones are none */
function isName(text) {
    const { length } = [...text];
    return length >= 1 && length <= NAME_MAX && !/\p{Surrogate}/u.test(text);
}

/**
 * Read one record of the file channel.
 *
 * @param {Bytes} payload
 * @returns {Said | Piece}
 * @throws {FrameTooLarge} longer than any of them
 * @throws {MalformedFrame} it is none of them, or a field is out of its bounds
 */
export function decode(payload) {
    if (payload[0] === PIECE) return readPiece(payload);
    if (payload.length > SAID_MAX) throw new FrameTooLarge("too much said about a file");
    let said;
    try {
        said = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload));
    } catch {
        throw new MalformedFrame("not JSON");
    }
    if (!isSaid(said)) throw new MalformedFrame("nothing that is said about files");
    return said;
}

/** @type {(said: any) => said is Said} */
function isSaid(said) {
    if (said === null || typeof said !== "object" || typeof said.t !== "string") return false;
    if (!Object.hasOwn(SAID, said.t)) return false;
    const fields = SAID[said.t] ?? [];
    if (Object.keys(said).length !== fields.length + 1) return false;
    return fields.every((field) => Object.hasOwn(said, field) && FIELDS[field]?.(said[field]));
}

/**
 * Write one message.
 *
 * @param {Said} said
 * @throws {LocalViolation} what was built here is none; the peer would refuse it
 */
export function encode(said) {
    if (!isSaid(said)) throw new LocalViolation("no message about files");
    return utf8(JSON.stringify(said));
}

/**
 * Write one piece of 1 to PIECE_MAX bytes.
 *
 * @param {number} id
 * @param {number} at
 * @param {Bytes} data
 */
export function encodePiece(id, at, data) {
    const record = new Uint8Array(PIECE_HEADER + data.length);
    const view = new DataView(record.buffer);
    view.setUint8(0, PIECE);
    view.setUint32(1, id);
    view.setBigUint64(5, BigInt(at));
    record.set(data, PIECE_HEADER);
    return record;
}

/**
 * @param {Bytes} payload
 * @returns {Piece}
 */
function readPiece(payload) {
    const size = payload.length - PIECE_HEADER;
    if (size > PIECE_MAX) throw new FrameTooLarge("a piece too large");
    if (size < 1) throw new MalformedFrame("a piece of nothing");
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    const id = view.getUint32(1);
    const at = view.getBigUint64(5);
    if (id < 1 || id > ID_MAX || at + BigInt(size) > BigInt(SIZE_MAX)) {
        throw new MalformedFrame("a piece of no file");
    }
    return { t: "piece", id, at: Number(at), data: payload.subarray(PIECE_HEADER) };
}
