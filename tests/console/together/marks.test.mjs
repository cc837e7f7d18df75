// What the technician points at: sent as it is drawn, in few records, and faded in time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GATHER_MS } from "../../../server/cordee_server/console/together/marks.js";
import { Talk } from "../../../server/cordee_server/console/together/talk.js";
import { MARK_MS, MARK_POINTS_MAX } from "../../../server/cordee_server/console/wire/talk.js";
import { Did } from "./ground.mjs";

const at = (/** @type {number} */ x, /** @type {number} */ y, mon = 0, cfg = 7) => ({
    mon,
    cfg,
    x,
    y,
});

function pen() {
    const did = new Did();
    const { marks } = new Talk(did.ground);
    marks.settle(true);
    return { did, marks };
}

test("a line goes out in parts, a few times a second", () => {
    const { did, marks } = pen();
    marks.begin(at(1, 1));
    marks.move(at(2, 2));
    marks.move(at(2, 2));
    assert.deepEqual(did.said(), []);
    did.clock.advance(GATHER_MS);
    marks.move(at(3, 3));
    marks.end();
    assert.deepEqual(did.said(), [
        { t: "mark", id: 1, mon: 0, cfg: 7, points: [[1, 1], [2, 2]] },
        { t: "mark", id: 1, mon: 0, cfg: 7, points: [[3, 3]] },
    ]);
    assert.equal(did.clock.set, 0);
});

test("a click is a dot, and another line has another number", () => {
    const { did, marks } = pen();
    marks.begin(at(5, 5));
    marks.end();
    marks.begin(at(6, 6));
    marks.end();
    assert.deepEqual(
        did.said().map(({ id, points }) => [id, points]),
        [
            [1, [[5, 5]]],
            [2, [[6, 6]]],
        ],
    );
});

test("no part is longer than the customer's side takes", () => {
    const { did, marks } = pen();
    marks.begin(at(0, 0));
    for (let x = 1; x < 2 * MARK_POINTS_MAX + 5; x += 1) marks.move(at(x, 0));
    marks.end();
    const sizes = did.said().map(({ points }) => points.length);
    assert.deepEqual(sizes, [MARK_POINTS_MAX, MARK_POINTS_MAX, 5]);
});

test("on another monitor, or after these were rearranged, it is another line", () => {
    const { did, marks } = pen();
    marks.begin(at(1, 1));
    marks.move(at(2, 2, 1));
    marks.move(at(3, 3, 1, 8));
    marks.end();
    assert.deepEqual(
        did.said().map(({ id, mon, cfg }) => [id, mon, cfg]),
        [
            [1, 0, 7],
            [2, 1, 7],
            [3, 1, 8],
        ],
    );
});

test("nothing is drawn by a pen that is not down", () => {
    const { did, marks } = pen();
    marks.move(at(1, 1));
    marks.begin(at(1, 1));
    marks.end();
    marks.move(at(2, 2));
    did.clock.advance(GATHER_MS);
    assert.equal(did.said().length, 1);
});

test("lines fade here as they fade there", () => {
    const { did, marks } = pen();
    marks.begin(at(1, 1));
    did.clock.advance(MARK_MS - 1);
    marks.move(at(2, 2));
    did.clock.advance(MARK_MS - 1);
    assert.equal(marks.strokes.length, 1);
    did.clock.advance(1);
    assert.equal(marks.strokes.length, 0);
});

test("clearing takes them away on both sides", () => {
    const { did, marks } = pen();
    marks.begin(at(1, 1));
    marks.clear();
    assert.deepEqual(marks.strokes, []);
    did.clock.advance(GATHER_MS);
    assert.deepEqual(did.said(), [{ t: "unmark" }]);
});

test("without a line nothing is drawn, and the end takes the pen out of the hand", () => {
    const { did, marks } = pen();
    marks.toggle();
    assert.equal(marks.isOn, true);
    marks.begin(at(1, 1));
    marks.settle(false);
    assert.deepEqual([marks.strokes, marks.mayDraw], [[], false]);
    marks.begin(at(1, 1));
    did.clock.advance(GATHER_MS);
    assert.deepEqual(did.said(), []);
    marks.settle(true);
    assert.equal(marks.isOn, true);
    marks.stop();
    assert.equal(marks.isOn, false);
});
