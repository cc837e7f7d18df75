// wire/courtesy.js gives way exactly as Python does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Courtesy } from "../../server/cordee_server/console/wire/courtesy.js";
import { vectors } from "./ends.mjs";

for (const { name, steps } of vectors("files").windows) {
    test(`${name}: the same pieces at the same moments`, () => {
        const courtesy = new Courtesy();
        courtesy.begin(0);
        for (const [now, isAck, size, window] of steps) {
            if (isAck) {
                courtesy.acked(size, now);
                assert.equal(courtesy.window, window);
            } else {
                assert.equal(courtesy.maySend(now), size);
                courtesy.sent(size, now);
            }
        }
    });
}

test("on a crowded line the next piece has its time", () => {
    const courtesy = new Courtesy();
    courtesy.begin(0);
    let now = 0;
    let at = 0;
    for (const trip of [0.01, ...Array(30).fill(1)]) {
        now += 1;
        const size = courtesy.maySend(now);
        courtesy.sent(size, now);
        at += size;
        now += trip;
        courtesy.acked(at, now);
    }
    courtesy.sent(2048, now);
    courtesy.acked(at + 2048, now + 1);
    assert.equal(courtesy.maySend(now + 0.2), 0);
    assert.ok(courtesy.waitS(now + 0.2) > 0);
    assert.equal(courtesy.maySend(now + 1), 2048);
});
