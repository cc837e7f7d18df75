// What the technician's mouse sends, over the picture and beyond its edge.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pointer, pointOn } from "../../server/cordee_server/console/input/pointer.js";
import { InputStream } from "../../server/cordee_server/console/input/stream.js";
import { ManualClock } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/input/stream.js").InputEvent} InputEvent */

/** A picture of 100 by 100 at 0, 0 of the window. */
class Desk {
    hasPicture = true;
    /** @type {InputEvent[]} */
    #sent = [];

    constructor() {
        const send = (/** @type {InputEvent[]} */ batch) => this.#sent.push(...batch);
        this.stream = new InputStream(send, new ManualClock());
        this.pointer = new Pointer(this.stream, (x, y, clamp) => {
            const inside = x >= 0 && y >= 0 && x < 100 && y < 100;
            if (!this.hasPicture || (!inside && !clamp)) return null;
            const at = (/** @type {number} */ to) => Math.max(0, Math.min(99, to));
            return { mon: 0, cfg: 1, x: at(x), y: at(y) };
        });
        this.pointer.listen();
    }

    /**
     * @param {number} x
     * @param {number} y
     * @param {object} [more]
     */
    at(x, y, more = {}) {
        let wasPrevented = false;
        return {
            clientX: x,
            clientY: y,
            button: -1,
            buttons: 0,
            deltaX: 0,
            deltaY: 0,
            deltaMode: 0,
            preventDefault: () => {
                wasPrevented = true;
            },
            get prevented() {
                return wasPrevented;
            },
            ...more,
        };
    }

    get sent() {
        this.stream.flush();
        return this.#sent.splice(0);
    }

    /** `b0+ 5,6` is the left button going down there. */
    get short() {
        return this.sent.map((event) => {
            const place = `${event["x"]},${event["y"]}`;
            if (event.t === "b") return `b${event["btn"]}${event["down"] ? "+" : "-"} ${place}`;
            if (event.t === "w") return `w ${event["dx120"]},${event["dy120"]}`;
            return event.t === "p" ? `p ${place}` : event.t;
        });
    }
}

test("moves go to the place under the mouse, and the last one counts", () => {
    const desk = new Desk();
    desk.pointer.move(desk.at(1, 2));
    desk.pointer.move(desk.at(3, 4));
    assert.deepEqual(desk.sent, [{ t: "p", mon: 0, cfg: 1, x: 3, y: 4 }]);
});

test("outside the picture nothing is moved or pressed", () => {
    const desk = new Desk();
    desk.pointer.move(desk.at(150, 4));
    assert.equal(desk.pointer.down(desk.at(150, 4, { button: 0, buttons: 1 })), false);
    desk.pointer.wheel(desk.at(150, 4, { deltaY: 100 }));
    assert.deepEqual(desk.short, []);
});

for (const [button, buttons] of [[0, 1], [1, 4], [2, 2], [3, 8], [4, 16]]) {
    test(`button ${button} goes down and up where it is pressed`, () => {
        const desk = new Desk();
        const down = desk.at(5, 6, { button, buttons });
        assert.equal(desk.pointer.down(down), true);
        assert.equal(down.prevented, true);
        desk.pointer.up(desk.at(7, 8, { button, buttons: 0 }));
        assert.deepEqual(desk.short, [`b${button}+ 5,6`, `b${button}- 7,8`]);
        assert.deepEqual(desk.pointer.held, []);
    });
}

test("a drag that leaves the picture stays at its edge and lets go there", () => {
    const desk = new Desk();
    desk.pointer.down(desk.at(50, 50, { button: 0, buttons: 1 }));
    desk.pointer.move(desk.at(180, 60, { buttons: 1 }));
    desk.pointer.up(desk.at(200, -20, { button: 0, buttons: 0 }));
    assert.deepEqual(desk.short, ["b0+ 50,50", "p 99,60", "b0- 99,0"]);
});

test("a second button during a drag comes as a move, and is sent as a button", () => {
    const desk = new Desk();
    desk.pointer.down(desk.at(50, 50, { button: 0, buttons: 1 }));
    desk.pointer.move(desk.at(51, 50, { buttons: 3 }));
    desk.pointer.move(desk.at(52, 50, { buttons: 1 }));
    assert.deepEqual(desk.short, ["b0+ 50,50", "b2+ 51,50", "p 51,50", "b2- 52,50", "p 52,50"]);
});

test("a release that the browser swallowed is made up for at the next move", () => {
    const desk = new Desk();
    desk.pointer.down(desk.at(50, 50, { button: 0, buttons: 1 }));
    desk.pointer.move(desk.at(60, 50, { buttons: 0 }));
    assert.deepEqual(desk.short, ["b0+ 50,50", "b0- 60,50", "p 60,50"]);
});

test("a button pressed elsewhere and moved over the picture is not pressed there", () => {
    const desk = new Desk();
    desk.pointer.move(desk.at(60, 50, { buttons: 1 }));
    assert.deepEqual(desk.short, ["p 60,50"]);
});

test("a button held when the picture goes is let go all the same", () => {
    const desk = new Desk();
    desk.pointer.down(desk.at(50, 50, { button: 0, buttons: 1 }));
    desk.hasPicture = false;
    desk.pointer.up(desk.at(50, 50, { button: 0, buttons: 0 }));
    assert.deepEqual(desk.short, ["b0+ 50,50", "r"]);
});

test("the wheel counts notches: 100 pixels, 3 lines or a third of a page are one", () => {
    for (const [deltaMode, deltaY] of [[0, 100], [1, 3], [2, 1 / 3]]) {
        const desk = new Desk();
        const turn = desk.at(5, 5, { deltaMode, deltaY });
        desk.pointer.wheel(turn);
        assert.equal(turn.prevented, true);
        assert.deepEqual(desk.short, ["w 0,120"]);
    }
});

test("less than a 120th of a notch waits for more, and nothing is lost", () => {
    const desk = new Desk();
    for (let turn = 0; turn < 100; turn += 1) {
        desk.pointer.wheel(desk.at(5, 5, { deltaX: -0.5, deltaY: 1 }));
    }
    const total = [0, 0];
    for (const event of desk.sent) {
        total[0] = Number(total[0]) + Number(event["dx120"]);
        total[1] = Number(total[1]) + Number(event["dy120"]);
        assert.ok(Number.isInteger(event["dx120"]) && Number.isInteger(event["dy120"]));
    }
    // What is left over, less than one unit, waits on.
    assert.ok(Math.abs(Number(total[0]) + 60) <= 1 && Math.abs(Number(total[1]) - 120) <= 1);
});

test("a wheel gone mad stays within what the wire allows", () => {
    const desk = new Desk();
    desk.pointer.wheel(desk.at(5, 5, { deltaY: 1e9 }));
    assert.deepEqual(desk.short, ["w 0,12000"]);
});

test("without control the mouse sends nothing and keeps the browser's ways", () => {
    const desk = new Desk();
    desk.pointer.down(desk.at(5, 5, { button: 0, buttons: 1 }));
    desk.stream.drop();
    desk.pointer.deafen();
    desk.pointer.move(desk.at(6, 6));
    desk.pointer.up(desk.at(6, 6, { button: 0 }));
    const turn = desk.at(6, 6, { deltaY: 100 });
    desk.pointer.wheel(turn);
    assert.equal(desk.pointer.down(desk.at(6, 6, { button: 0, buttons: 1 })), false);
    assert.equal(turn.prevented, false);
    assert.deepEqual(desk.short, []);
    assert.deepEqual(desk.pointer.held, []);
});

test("over the picture no menu opens, no page is left, and the wheel scrolls nothing here", () => {
    const desk = new Desk();
    const box = Object.assign(new EventTarget(), {
        /** @type {number[]} */
        captured: [],
        setPointerCapture(/** @type {number} */ id) {
            this.captured.push(id);
        },
    });
    let touched = 0;
    const stop = pointOn(
        desk.pointer,
        /** @type {HTMLElement} */ (/** @type {unknown} */ (box)),
        () => {
            touched += 1;
        },
    );
    const happens = (/** @type {string} */ type, facts = {}) => {
        const event = Object.assign(new Event(type, { cancelable: true }), facts);
        box.dispatchEvent(event);
        return event.defaultPrevented;
    };
    const down = { pointerId: 7, button: 0, buttons: 1, clientX: 5, clientY: 5 };
    assert.equal(happens("pointerdown", down), true);
    assert.deepEqual(box.captured, [7]);
    assert.equal(touched, 1);
    for (const type of ["contextmenu", "mousedown", "mouseup", "auxclick"]) {
        assert.equal(happens(type), true, type);
    }
    const turn = { deltaX: 0, deltaY: 100, deltaMode: 0, clientX: 5, clientY: 5 };
    assert.equal(happens("wheel", turn), true);
    happens("pointercancel", { button: 0, buttons: 0, clientX: 5, clientY: 5 });
    assert.deepEqual(desk.short, ["b0+ 5,5", "w 0,120", "b0- 5,5", "p 5,5"]);
    stop();
    happens("pointermove", { buttons: 0, clientX: 9, clientY: 9 });
    assert.deepEqual(desk.short, []);
});
