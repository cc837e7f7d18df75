// Moving about in a picture that is larger than its room: by dragging while one only
// looks, by the room's edge while one has the mouse on the customer's screen.

import { CLOCK } from "./stream.js";

/** @typedef {import("./stream.js").Clock} Clock */

/** So near to an edge the picture comes along, in CSS pixels, and so far in one step. */
export const EDGE = 24;
export const STEP = 12;
const STEP_MS = 16;

/** What is used of the room. */
/** @typedef {Pick<HTMLElement, "scrollBy" | "getBoundingClientRect" | "addEventListener">
 *     & { setPointerCapture?: (id: number) => void }} Room */
/** @typedef {Pick<PointerEvent, "clientX" | "clientY" | "buttons" | "button"
 *     | "pointerType">} At */

/** Owned by one stage's room. */
export class Pan {
    #room;
    #mayDrag;
    #clock;
    /** @type {{ x: number, y: number } | null} */
    #from = null;
    /** @type {{ x: number, y: number }} */
    #push = { x: 0, y: 0 };
    /** @type {unknown} */
    #timer = null;

    /**
     * @param {Room} room
     * @param {() => boolean} mayDrag whether the mouse is the technician's own
     * @param {Clock} [clock]
     */
    constructor(room, mayDrag, clock = CLOCK) {
        this.#room = room;
        this.#mayDrag = mayDrag;
        this.#clock = clock;
        room.addEventListener("pointerdown", (event) => this.down(pointer(event)));
        room.addEventListener("pointermove", (event) => this.move(pointer(event)));
        for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
            room.addEventListener(end, () => this.rest());
        }
    }

    /** @param {At} at */
    down(at) {
        if (this.#mayDrag() && at.button === 0) this.#from = { x: at.clientX, y: at.clientY };
    }

    /** @param {At} at */
    move(at) {
        if (this.#mayDrag()) {
            this.#go({ x: 0, y: 0 });
            const from = this.#from;
            if (from === null || (at.buttons & 1) === 0) return;
            this.#room.scrollBy(from.x - at.clientX, from.y - at.clientY);
            this.#from = { x: at.clientX, y: at.clientY };
            return;
        }
        this.#from = null;
        const { left, top, right, bottom } = this.#room.getBoundingClientRect();
        this.#go({
            x: towards(at.clientX, left, right),
            y: towards(at.clientY, top, bottom),
        });
    }

    /** The mouse has left, or lets go. */
    rest() {
        this.#from = null;
        this.#go({ x: 0, y: 0 });
    }

    /** @param {{ x: number, y: number }} push */
    #go(push) {
        this.#push = push;
        if (push.x === 0 && push.y === 0) {
            if (this.#timer !== null) this.#clock.cancel(this.#timer);
            this.#timer = null;
        } else {
            this.#timer ??= this.#clock.later(() => this.#step(), STEP_MS);
        }
    }

    #step() {
        this.#timer = null;
        this.#room.scrollBy(this.#push.x, this.#push.y);
        this.#go(this.#push);
    }
}

/**
 * @param {number} at
 * @param {number} low
 * @param {number} high
 */
function towards(at, low, high) {
    if (at < low || at > high) return 0;
    if (at - low < EDGE) return -STEP;
    return high - at < EDGE ? STEP : 0;
}

/** @param {Event} event @returns {PointerEvent} */
function pointer(event) {
    return /** @type {PointerEvent} */ (event);
}
