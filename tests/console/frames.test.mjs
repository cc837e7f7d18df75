// The header, against the golden file and byte by byte.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as errors from "../../server/cordee_server/console/errors.js";
import { concat } from "../../server/cordee_server/console/pairing/bytes.js";
import * as frames from "../../server/cordee_server/console/wire/frames.js";
import { hex, toHex, vectors } from "./ends.mjs";

const VECTORS = vectors("channel");

test("the channels have the numbers of the wire", () => {
    assert.deepEqual({ ...frames.Channel }, VECTORS.channels);
});

for (const given of VECTORS.headers) {
    test(`the golden header ${given.hex} is written and read`, () => {
        const head = frames.header(given.epoch, given.channel);
        assert.equal(toHex(head), given.hex);
        const { epoch, channel } = frames.readHeader(concat(head, new Uint8Array(16)));
        assert.deepEqual([epoch, channel], [given.epoch, given.channel]);
    });
}

for (const given of VECTORS.refused) {
    test(`a frame of ${given.hex || "nothing"} and ${given.body} bytes is refused`, () => {
        const frame = concat(hex(given.hex), new Uint8Array(given.body));
        assert.throws(() => frames.readHeader(frame), { name: given.error });
    });
}

test("all 256 channel numbers are known or refused", () => {
    const known = [];
    for (let number = 0; number < 256; number += 1) {
        const frame = concat(Uint8Array.of(1, 0, number), new Uint8Array(16));
        try {
            known.push(frames.readHeader(frame).channel);
        } catch (error) {
            assert(error instanceof errors.MalformedFrame);
        }
    }
    assert.deepEqual(
        known,
        Object.values(frames.Channel).sort((a, b) => a - b),
    );
});
