// Batches of input leave on a grid, in order, within what one record may hold.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    BATCH_MAX,
    GRID_MS,
    InputStream,
    TYPED_MAX,
} from "../../server/cordee_server/console/input/stream.js";
import { ManualClock } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/input/stream.js").InputEvent} InputEvent */

function gathered() {
    /** @type {InputEvent[][]} */
    const sent = [];
    const clock = new ManualClock();
    return { sent, clock, stream: new InputStream((batch) => sent.push(batch), clock) };
}

const place = { mon: 0, cfg: 3, x: 10, y: 20 };

test("what comes within one step of the grid leaves as one batch", () => {
    const { sent, clock, stream } = gathered();
    clock.advance(5);
    stream.push({ t: "t", s: "a" });
    clock.advance(3);
    stream.push({ t: "t", s: "b" });
    assert.deepEqual(sent, []);
    clock.advance(GRID_MS);
    assert.deepEqual(sent, [[{ t: "t", s: "a" }, { t: "t", s: "b" }]]);
});

test("a batch leaves at a moment that says nothing of the key's", () => {
    const { clock, stream } = gathered();
    for (const pause of [1, 15, 16, 37, 250]) {
        clock.advance(pause);
        let left = -1;
        const timed = new InputStream(() => {
            left = clock.now();
        }, clock);
        timed.push({ t: "t", s: "a" });
        clock.advance(GRID_MS);
        assert.equal(left % GRID_MS, 0);
    }
    stream.drop();
});

test("of moves with nothing between them only the last is sent", () => {
    const { sent, stream } = gathered();
    stream.push({ t: "p", ...place });
    stream.push({ t: "p", ...place, x: 11 });
    stream.push({ t: "b", ...place, btn: 0, down: 1 });
    stream.push({ t: "p", ...place, x: 12 });
    stream.flush();
    assert.deepEqual(
        sent[0]?.map(({ t, x }) => [t, x]),
        [["p", 11], ["b", 10], ["p", 12]],
    );
});

test("turns of the wheel at one place add up, within what the wire allows", () => {
    const { sent, stream } = gathered();
    stream.push({ t: "w", ...place, dx120: 0, dy120: 120 });
    stream.push({ t: "w", ...place, dx120: -30, dy120: 11950 });
    stream.flush();
    assert.deepEqual(sent, [[{ t: "w", ...place, dx120: -30, dy120: 12000 }]]);
});

test("turns of the wheel at two places stay two", () => {
    const { sent, stream } = gathered();
    stream.push({ t: "w", ...place, dx120: 0, dy120: 120 });
    stream.push({ t: "w", ...place, x: 11, dx120: 0, dy120: 120 });
    stream.flush();
    assert.equal(sent[0]?.length, 2);
});

test("more than a batch holds leaves as several, in order", () => {
    const { sent, stream } = gathered();
    for (let n = 0; n < BATCH_MAX + 1; n += 1) stream.push({ t: "t", s: String(n) });
    stream.flush();
    assert.deepEqual(sent.map((batch) => batch.length), [BATCH_MAX, 1]);
    assert.deepEqual(sent.flat().map(({ s }) => s), [...Array(BATCH_MAX + 1).keys()].map(String));
});

test("long text leaves in pieces that one event and one record may hold", () => {
    const { sent, stream } = gathered();
    const text = "é😀".repeat(5000);
    stream.pushText(text);
    stream.flush();
    const typed = sent.flat().map(({ s }) => String(s));
    assert.equal(typed.join(""), text);
    assert.ok(typed.every((piece) => [...piece].length <= TYPED_MAX));
    for (const batch of sent) {
        assert.ok(Buffer.byteLength(JSON.stringify(batch)) <= 16 * 1024);
    }
});

test("text keeps line feeds and tabs and loses what no key types", () => {
    const { sent, stream } = gathered();
    stream.pushText("a\r\nb\rc\td\u0000\u001b\u0085\ud800e");
    stream.flush();
    assert.deepEqual(sent, [[{ t: "t", s: "a\nb\nc\tde" }]]);
});

test("what is dropped is never sent", () => {
    const { sent, clock, stream } = gathered();
    stream.push({ t: "t", s: "a" });
    stream.drop();
    clock.advance(1000);
    assert.deepEqual(sent, []);
    assert.equal(clock.set, 0);
});
