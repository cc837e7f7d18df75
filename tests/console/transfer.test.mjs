// wire/transfer.js lives the lives that Python lived, cuts and all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../server/cordee_server/console/wire/files.js";
import { Sha256 } from "../../server/cordee_server/console/wire/sha256.js";
import { Receiving, Sending } from "../../server/cordee_server/console/wire/transfer.js";
import { vectors } from "./ends.mjs";

/** @param {number} size */
const content = (size) => Uint8Array.from({ length: size }, (_, at) => 7 * at + (at >> 8));

/** @param {Uint8Array} data */
function hashOf(data) {
    const hash = new Sha256();
    hash.update(data);
    return hash.hex();
}

for (const { size, steps } of vectors("files").transfers) {
    test(`a file of ${size} bytes is cut and resumed as in Python`, () => {
        const body = content(size);
        const sending = new Sending(4, size);
        const receiving = new Receiving(4, size);
        /** @type {Uint8Array<ArrayBuffer>[]} */
        let way = [];
        for (const [what, ...values] of steps) {
            if (what === "accept") {
                way = [];
                sending.cut();
                const said = decode(receiving.accept());
                assert.deepEqual(said, { t: "accept", id: 4, at: values[0], sha256: values[1] });
                assert.equal(sending.accept(values[0], values[1]), values[2]);
            } else if (what === "piece") {
                const piece = sending.piece(body.slice(sending.at, sending.at + values[0]));
                assert.equal(hashOf(piece), values[1]);
                way.push(piece);
            } else if (what === "ack") {
                const piece = decode(/** @type {Uint8Array<ArrayBuffer>} */ (way.shift()));
                assert.ok(piece.t === "piece");
                receiving.take(piece.at, piece.data);
                const said = decode(receiving.wrote(piece.data.length));
                assert.deepEqual(said, { t: "ack", id: 4, at: values[0] });
                sending.ack(values[0]);
            } else {
                const last = sending.done();
                assert.ok(last !== null);
                assert.deepEqual(decode(last), { t: "done", id: 4, sha256: values[0] });
                assert.ok(receiving.isRight(values[0]));
                assert.equal(sending.done(), null);
            }
            const stands = [sending.at, sending.acked, receiving.at];
            assert.deepEqual(stands, values.slice(-3));
        }
        assert.equal(receiving.written, size);
    });
}

test("a receiver with other bytes, and one between two pieces, is not gone on with", () => {
    const sending = new Sending(3, 10);
    sending.accept(0, new Sha256().hex());
    sending.piece(content(4));
    assert.equal(sending.accept(4, "0".repeat(64)), false);
    assert.equal(sending.accept(2, hashOf(content(2))), false);
});

test("what is out of its place is refused", () => {
    const wrong = { name: "MalformedFrame" };
    const receiving = new Receiving(2, 10);
    assert.throws(() => receiving.take(1, content(1)), wrong);
    assert.throws(() => receiving.take(0, content(11)), wrong);
    assert.throws(() => receiving.isRight("0".repeat(64)), wrong);
    const large = new Receiving(2, 1e9);
    assert.throws(() => large.take(0, new Uint8Array(256 * 1024 + 1)), wrong);
    const sending = new Sending(3, 10);
    assert.throws(() => sending.ack(1), wrong);
});
