// A picture larger than its room: dragged while one looks, pushed by the edge while
// one has the mouse.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EDGE, Pan, STEP } from "../../server/cordee_server/console/input/pan.js";
import { ManualClock } from "./moment.mjs";

/** @param {boolean} mayDrag */
function desk(mayDrag) {
    const moved = { x: 0, y: 0 };
    const room = Object.assign(new EventTarget(), {
        /** @param {number} x @param {number} y */
        scrollBy(x, y) {
            moved.x += x;
            moved.y += y;
        },
        getBoundingClientRect: () => ({ left: 0, top: 0, right: 500, bottom: 300 }),
    });
    const clock = new ManualClock();
    new Pan(
        /** @type {HTMLElement} */ (/** @type {unknown} */ (room)),
        () => mayDrag,
        clock,
    );
    /** @param {string} type @param {object} [at] */
    const has = (type, at = {}) => room.dispatchEvent(Object.assign(new Event(type), at));
    return { has, moved, clock };
}

test("who only looks drags the picture", () => {
    const { has, moved } = desk(true);
    has("pointerdown", { clientX: 100, clientY: 100, button: 0 });
    has("pointermove", { clientX: 70, clientY: 110, buttons: 1 });
    has("pointermove", { clientX: 60, clientY: 110, buttons: 1 });
    assert.deepEqual(moved, { x: 40, y: -10 });
    has("pointerup");
    has("pointermove", { clientX: 0, clientY: 0, buttons: 1 });
    assert.deepEqual(moved, { x: 40, y: -10 });
});

test("a move without a button drags nothing", () => {
    const { has, moved } = desk(true);
    has("pointerdown", { clientX: 100, clientY: 100, button: 0 });
    has("pointermove", { clientX: 70, clientY: 110, buttons: 0 });
    assert.deepEqual(moved, { x: 0, y: 0 });
});

test("who has the mouse brings the picture along by its edge, as long as it stays there", () => {
    const { has, moved, clock } = desk(false);
    has("pointermove", { clientX: 500 - EDGE + 1, clientY: 150, buttons: 0 });
    clock.advance(16);
    clock.advance(16);
    assert.deepEqual(moved, { x: 2 * STEP, y: 0 });
    has("pointermove", { clientX: 250, clientY: 1, buttons: 0 });
    clock.advance(16);
    assert.deepEqual(moved, { x: 2 * STEP, y: -STEP });
    has("pointermove", { clientX: 250, clientY: 150, buttons: 0 });
    clock.advance(100);
    has("pointermove", { clientX: 1, clientY: 150, buttons: 0 });
    has("pointerleave");
    clock.advance(100);
    assert.deepEqual(moved, { x: 2 * STEP, y: -STEP });
});
