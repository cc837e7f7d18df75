// wire/files.js against the vectors that Python reads too: what is a message about a
// file, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    FLIGHT_MAX,
    PIECE_MAX,
    decode,
    encode,
    encodePiece,
} from "../../server/cordee_server/console/wire/files.js";
import { vectors } from "./ends.mjs";

const VECTORS = vectors("files");
const { good, bad, pieces } = VECTORS.messages;

/** @param {string} hex */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

for (const said of good) {
    test(`${said.t} ${said.why ?? ""} comes through as it was written`, () => {
        assert.deepEqual(decode(encode(said)), said);
    });
}

for (const { name, hex, error } of bad) {
    test(`${name} is refused`, () => {
        assert.throws(() => decode(bytes(hex)), { name: error });
    });
}

for (const { id, at, data, hex } of pieces) {
    test(`a piece at ${at} is written and read as in Python`, () => {
        assert.equal(Buffer.from(encodePiece(id, at, bytes(data))).toString("hex"), hex);
        const piece = decode(bytes(hex));
        assert.deepEqual(piece, { t: "piece", id, at, data: bytes(data) });
    });
}

test("the sizes are Python's, and what is longer is refused before it is read", () => {
    assert.equal(FLIGHT_MAX, VECTORS.flight_max);
    assert.equal(PIECE_MAX, VECTORS.messages.longest_piece);
    const piece = encodePiece(1, 0, new Uint8Array(PIECE_MAX + 1));
    assert.throws(() => decode(piece), { name: "FrameTooLarge" });
    const text = new TextEncoder().encode(`{"t":"want"${" ".repeat(13_000)}}`);
    assert.throws(() => decode(text), { name: "FrameTooLarge" });
});

test("what the peer would refuse is not written", () => {
    assert.throws(() => encode({ t: "offer", id: 2, name: "", size: 1 }), {
        name: "LocalViolation",
    });
});
