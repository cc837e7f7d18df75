// Fingers as the mouse they stand for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pointer } from "../../server/cordee_server/console/input/pointer.js";
import { InputStream } from "../../server/cordee_server/console/input/stream.js";
import { REST_MS, SLOP, Touch } from "../../server/cordee_server/console/input/touch.js";
import { ManualClock } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/input/stream.js").InputEvent} InputEvent */

function desk() {
    /** @type {InputEvent[]} */
    const sent = [];
    const clock = new ManualClock();
    const stream = new InputStream((batch) => sent.push(...batch), clock);
    const pointer = new Pointer(stream, (x, y) => ({ mon: 0, cfg: 1, x, y }));
    pointer.listen();
    const touch = new Touch(pointer, clock);
    /** `b0+ 5,6`: the left button goes down there; `w 0,12`: the wheel turns. */
    const short = () => {
        stream.flush();
        return sent.splice(0).map((e) => {
            if (e.t === "b") return `b${e["btn"]}${e["down"] ? "+" : "-"} ${e["x"]},${e["y"]}`;
            return e.t === "w" ? `w ${e["dx120"]},${e["dy120"]}` : `${e.t} ${e["x"]},${e["y"]}`;
        });
    };
    return { touch, clock, short };
}

/** @param {number} clientX @param {number} clientY @param {number} [pointerId] */
const finger = (clientX, clientY, pointerId = 1) => ({ clientX, clientY, pointerId });

test("a tap is a click where the finger came down, trembling or not", () => {
    const { touch, short } = desk();
    touch.down(finger(50, 60));
    touch.move(finger(50 + SLOP / 2, 60));
    assert.deepEqual(short(), []);
    touch.up(finger(52, 60));
    assert.deepEqual(short(), ["b0+ 50,60", "b0- 50,60"]);
});

test("a finger that moves drags from where it came down", () => {
    const { touch, short } = desk();
    touch.down(finger(50, 60));
    touch.move(finger(80, 60));
    touch.up(finger(90, 60));
    assert.deepEqual(short(), ["b0+ 50,60", "p 80,60", "b0- 90,60"]);
});

test("a finger that rests is the right button, once", () => {
    const { touch, clock, short } = desk();
    touch.down(finger(50, 60));
    clock.advance(REST_MS);
    touch.up(finger(50, 60));
    assert.deepEqual(short(), ["b2+ 50,60", "b2- 50,60"]);
});

test("two fingers turn the wheel and click nothing", () => {
    const { touch, clock, short } = desk();
    touch.down(finger(40, 100, 1));
    touch.down(finger(60, 100, 2));
    touch.move(finger(40, 80, 1));
    touch.move(finger(60, 80, 2));
    clock.advance(REST_MS);
    touch.up(finger(40, 80, 1));
    touch.move(finger(60, 200, 2));
    touch.up(finger(60, 200, 2));
    assert.deepEqual(short(), ["w 0,12", "w 0,12"]);
});

test("a drag that the browser takes away leaves no button held", () => {
    const { touch, short } = desk();
    touch.down(finger(50, 60));
    touch.move(finger(80, 60));
    touch.cancel(finger(80, 60));
    assert.equal(short().at(-1), "b0- 80,60");
    touch.down(finger(1, 1));
    touch.cancel(finger(1, 1));
    assert.deepEqual(short(), []);
});

test("a finger that was not seen coming down does nothing", () => {
    const { touch, short } = desk();
    touch.move(finger(5, 5));
    touch.up(finger(5, 5));
    touch.cancel(finger(5, 5));
    assert.deepEqual(short(), []);
});
