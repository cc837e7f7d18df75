// Fingers on the picture, as the mouse they stand for:
//
// - a tap clicks, a finger that moves drags, one that rests clicks the right button;
// - two fingers turn the customer's wheel, and click nothing.
//
// Nothing goes down before it is known which of them it is: a finger that turns out to
// be the first of two has pressed nothing.

import { CLOCK } from "./stream.js";

/** @typedef {import("./pointer.js").Pointer} Pointer */
/** @typedef {import("./stream.js").Clock} Clock */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {Pick<PointerEvent, "pointerId" | "clientX" | "clientY">} Finger */

/** A finger may tremble so far, in CSS pixels, and rests after so long. */
export const SLOP = 8;
export const REST_MS = 550;

/** @typedef {"none" | "one" | "drag" | "two" | "done"} Gesture */

/** Owned by one session's hands. */
export class Touch {
    #pointer;
    #clock;
    /** @type {Map<number, Point>} */
    #fingers = new Map();
    /** @type {Gesture} */
    #gesture = "none";
    /** @type {Point} */
    #from = { x: 0, y: 0 };
    /** @type {unknown} */
    #timer = null;

    /**
     * @param {Pointer} pointer what a mouse would move
     * @param {Clock} [clock]
     */
    constructor(pointer, clock = CLOCK) {
        this.#pointer = pointer;
        this.#clock = clock;
    }

    /** @param {Finger} finger */
    down(finger) {
        const at = place(finger);
        this.#fingers.set(finger.pointerId, at);
        if (this.#fingers.size === 1) {
            this.#gesture = "one";
            this.#from = at;
            this.#timer = this.#clock.later(() => this.#rest(), REST_MS);
        } else if (this.#gesture === "one") {
            this.#forgetTimer();
            this.#gesture = "two";
            this.#from = this.#middle();
        }
    }

    /** @param {Finger} finger */
    move(finger) {
        if (!this.#fingers.has(finger.pointerId)) return;
        const at = place(finger);
        this.#fingers.set(finger.pointerId, at);
        if (this.#gesture === "one" && far(at, this.#from)) {
            this.#forgetTimer();
            this.#gesture = "drag";
            this.#pointer.down(mouse(this.#from, 0, 1));
        }
        if (this.#gesture === "drag") this.#pointer.move(mouse(at, -1, 1));
        if (this.#gesture === "two") this.#turn();
    }

    /** @param {Finger} finger */
    up(finger) {
        const at = place(finger);
        if (!this.#fingers.delete(finger.pointerId)) return;
        this.#forgetTimer();
        if (this.#gesture === "one") this.#click(0, this.#from);
        else if (this.#gesture === "drag") this.#pointer.up(mouse(at, 0, 0));
        this.#gesture = this.#fingers.size === 0 ? "none" : "done";
    }

    /** The browser took the fingers away; what is held comes up where it was. @param {Finger} finger */
    cancel(finger) {
        if (!this.#fingers.delete(finger.pointerId)) return;
        this.#forgetTimer();
        if (this.#gesture === "drag") this.#pointer.up(mouse(place(finger), 0, 0));
        this.#gesture = this.#fingers.size === 0 ? "none" : "done";
    }

    #rest() {
        this.#timer = null;
        this.#gesture = "done";
        this.#click(2, this.#from);
    }

    #turn() {
        const now = this.#middle();
        const { x, y } = this.#from;
        this.#from = now;
        // A page follows the fingers: what they push down scrolls up.
        this.#pointer.wheel({
            clientX: now.x,
            clientY: now.y,
            deltaX: x - now.x,
            deltaY: y - now.y,
            deltaMode: 0,
            preventDefault: () => {},
        });
    }

    /**
     * @param {number} button
     * @param {Point} at
     */
    #click(button, at) {
        this.#pointer.down(mouse(at, button, button === 0 ? 1 : 2));
        this.#pointer.up(mouse(at, button, 0));
    }

    #middle() {
        const all = [...this.#fingers.values()];
        return {
            x: all.reduce((sum, { x }) => sum + x, 0) / all.length,
            y: all.reduce((sum, { y }) => sum + y, 0) / all.length,
        };
    }

    #forgetTimer() {
        if (this.#timer !== null) this.#clock.cancel(this.#timer);
        this.#timer = null;
    }
}

/** @param {Finger} finger @returns {Point} */
function place({ clientX, clientY }) {
    return { x: clientX, y: clientY };
}

/** @param {Point} one @param {Point} other */
function far(one, other) {
    return Math.hypot(one.x - other.x, one.y - other.y) > SLOP;
}

/**
 * @param {Point} at
 * @param {number} button
 * @param {number} buttons
 */
function mouse({ x, y }, button, buttons) {
    return { clientX: x, clientY: y, button, buttons, preventDefault: () => {} };
}
