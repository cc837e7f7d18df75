// The technician's mouse over the picture: browser events -> `p`, `b` and `w` of
// shared/cordee_shared/wire/input.py.
//
// 1. Every event carries its place; where there is no picture, nothing is sent.
// 2. A button that went down over the picture is followed out of it until it comes
//    up: a drag that leaves the picture must not leave a button held.
// 3. What a wheel or a finger turns is counted in 1/120 notches, and nothing of it is
//    lost: what is less than one unit waits for more.

import { bounded } from "./stream.js";
import { Touch } from "./touch.js";

/** @typedef {import("./stream.js").InputStream} InputStream */

/**
 * A place on the customer's desktop, as the picture knows it.
 *
 * @typedef {{ mon: number, cfg: number, x: number, y: number }} Place
 */

/**
 * Finds a point of this window on the customer's desktop: null outside the picture,
 * unless the nearest place is asked for (`clamp`, while dragging).
 *
 * @typedef {(x: number, y: number, clamp: boolean) => Place | null} Where
 */

/** What is read of a PointerEvent. */
/** @typedef {Pick<PointerEvent, "button" | "buttons" | "clientX" | "clientY"
 *     | "preventDefault">} PointEvent */

/** What is read of a WheelEvent. */
/** @typedef {Pick<WheelEvent, "deltaX" | "deltaY" | "deltaMode" | "clientX" | "clientY"
 *     | "preventDefault">} TurnEvent */

/** 1/120 notches in one unit of `deltaMode`: pixel, line, page (wire/input.py rule 3). */
const UNITS = [1.2, 40, 360];

/** Buttons that the wire has: left, middle, right, back, forward. */
const BUTTONS = 5;

/** `buttons` counts its bits in another order than `button`. */
const BITS = [1, 4, 2, 8, 16];

/** Reads the mouse and says what to send. Owned by one session; deaf until `listen`. */
export class Pointer {
    #isListening = false;
    /** @type {Set<number>} */
    #held = new Set();
    #restX = 0;
    #restY = 0;
    #stream;
    #place;

    /**
     * @param {InputStream} stream
     * @param {Where} place where a point of this window is on the customer's desktop
     */
    constructor(stream, place) {
        this.#stream = stream;
        this.#place = place;
    }

    /** Buttons that are down on the customer's computer. */
    get held() {
        return [...this.#held];
    }

    listen() {
        this.#isListening = true;
    }

    /** The mouse goes nowhere any more, and what is held is forgotten. */
    deafen() {
        this.#isListening = false;
        this.forget();
    }

    /** Everything was released at the other end. */
    forget() {
        this.#held.clear();
        this.#restX = 0;
        this.#restY = 0;
    }

    /** @param {PointEvent} event */
    move(event) {
        if (!this.#isListening) return;
        const place = this.#at(event);
        this.#letGoUnseen(event, place);
        if (place !== null) this.#stream.push({ t: "p", ...place });
    }

    /**
     * @param {PointEvent} event
     * @returns {boolean} whether the button went down on the customer's computer
     */
    down(event) {
        if (!this.#isListening || event.button < 0 || event.button >= BUTTONS) return false;
        event.preventDefault();
        const place = this.#at(event);
        if (place === null || this.#held.has(event.button)) return false;
        this.#held.add(event.button);
        this.#stream.push({ t: "b", ...place, btn: event.button, down: 1 });
        return true;
    }

    /** @param {PointEvent} event */
    up(event) {
        if (!this.#isListening || !this.#held.has(event.button)) return;
        event.preventDefault();
        this.#release(event.button, this.#at(event));
    }

    /** @param {TurnEvent} event */
    wheel(event) {
        if (!this.#isListening) return;
        event.preventDefault();
        const place = this.#at(event);
        if (place === null) return;
        const unit = UNITS[event.deltaMode] ?? 1;
        this.#restX += event.deltaX * unit;
        this.#restY += event.deltaY * unit;
        const dx120 = bounded(Math.trunc(this.#restX));
        const dy120 = bounded(Math.trunc(this.#restY));
        this.#restX = bounded(this.#restX - dx120);
        this.#restY = bounded(this.#restY - dy120);
        if (dx120 === 0 && dy120 === 0) return;
        this.#stream.push({ t: "w", ...place, dx120, dy120 });
    }

    /** @param {{ clientX: number, clientY: number }} event */
    #at(event) {
        return this.#place(event.clientX, event.clientY, this.#held.size > 0);
    }

    /**
     * A second button pressed during a drag comes as a move; and a browser may swallow
     * a release (a menu of its own, a lost capture). `buttons` tells.
     *
     * @param {PointEvent} event
     * @param {Place | null} place
     */
    #letGoUnseen(event, place) {
        for (const button of this.#held) {
            if ((event.buttons & (BITS[button] ?? 0)) === 0) this.#release(button, place);
        }
        if (this.#held.size === 0 || place === null) return;
        for (let button = 0; button < BUTTONS; button += 1) {
            if ((event.buttons & (BITS[button] ?? 0)) !== 0 && !this.#held.has(button)) {
                this.#held.add(button);
                this.#stream.push({ t: "b", ...place, btn: button, down: 1 });
            }
        }
    }

    /**
     * @param {number} button
     * @param {Place | null} place
     */
    #release(button, place) {
        this.#held.delete(button);
        if (place !== null) {
            this.#stream.push({ t: "b", ...place, btn: button, down: 0 });
        } else if (this.#held.size === 0) {
            // The picture is gone, and with it every place: let go all the same.
            this.#stream.push({ t: "r" });
        }
    }
}

/**
 * Let a pointer read from what the picture lies in.
 *
 * @param {Pointer} pointer
 * @param {HTMLElement} box
 * @param {() => void} touched the technician's hand is on the picture
 * @returns {() => void} undoes it
 */
export function pointOn(pointer, box, touched) {
    const ends = new AbortController();
    const options = { signal: ends.signal };
    const fingers = new Touch(pointer);
    const isFinger = (/** @type {PointerEvent} */ event) => event.pointerType === "touch";
    box.addEventListener(
        "pointermove",
        (event) => (isFinger(event) ? fingers : pointer).move(event),
        options,
    );
    box.addEventListener(
        "pointerdown",
        (event) => {
            if (isFinger(event)) {
                // The keyboard on the screen comes by its own button only.
                fingers.down(event);
                return;
            }
            touched();
            if (pointer.down(event)) box.setPointerCapture(event.pointerId);
            // Pressing would take the focus away from the field that reads keys.
            event.preventDefault();
        },
        options,
    );
    box.addEventListener(
        "pointerup",
        (event) => (isFinger(event) ? fingers : pointer).up(event),
        options,
    );
    box.addEventListener(
        "pointercancel",
        (event) => (isFinger(event) ? fingers.cancel(event) : pointer.move(event)),
        options,
    );
    box.addEventListener("mousedown", (event) => event.preventDefault(), options);
    box.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    // Back and forward would leave the page.
    box.addEventListener("mouseup", (event) => event.preventDefault(), options);
    box.addEventListener("auxclick", (event) => event.preventDefault(), options);
    box.addEventListener("wheel", (event) => pointer.wheel(event), {
        ...options,
        passive: false,
    });
    return () => ends.abort();
}
