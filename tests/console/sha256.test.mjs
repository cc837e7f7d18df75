// wire/sha256.js against the system's own SHA-256, at every edge of a block.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Sha256 } from "../../server/cordee_server/console/wire/sha256.js";

const data = Uint8Array.from({ length: 300_000 }, (_, at) => at * 31 + (at >> 7));

/** @param {Uint8Array} bytes */
const whole = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("any length gives the system's hash, however it is cut", () => {
    for (const size of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 300_000]) {
        for (const step of [1, 37, 64, 8192]) {
            if (size / step > 10_000) continue;
            const hash = new Sha256();
            for (let at = 0; at < size; at += step) {
                hash.update(data.subarray(at, Math.min(at + step, size)));
            }
            assert.equal(hash.hex(), whole(data.subarray(0, size)), `${size} by ${step}`);
        }
    }
});

test("a copy goes on by itself, and asking changes nothing", () => {
    const hash = new Sha256();
    hash.update(data.subarray(0, 100));
    const copy = hash.copy();
    copy.update(data.subarray(100, 300));
    assert.equal(hash.hex(), whole(data.subarray(0, 100)));
    hash.update(data.subarray(100, 200));
    assert.equal(hash.hex(), whole(data.subarray(0, 200)));
    assert.equal(copy.hex(), whole(data.subarray(0, 300)));
});
