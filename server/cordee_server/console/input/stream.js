// What the technician's hand did, gathered into batches. The forms are those of
// shared/cordee_shared/wire/input.py.
//
// 1. A batch leaves on a grid of 16 ms, never at the moment of a key: the sizes and
//    times of sealed records are all that the relay sees (security.md 1.6).
// 2. Moves that nothing came between are one move: the last.
// 3. Nothing leaves that is older than a change of hands: `drop` forgets it.

/** @typedef {{ t: string, [field: string]: unknown }} InputEvent */

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds that never go back
 * @property {(then: () => void, ms: number) => unknown} later
 * @property {(timer: any) => void} cancel
 */

/** The page's own clock. @type {Clock} */
export const CLOCK = {
    now: () => performance.now(),
    later: (then, ms) => setTimeout(then, ms),
    cancel: (timer) => clearTimeout(timer),
};

/** Milliseconds between two batches, at least. */
export const GRID_MS = 16;
/** `limits.INPUT_BATCH_MAX`. */
export const BATCH_MAX = 128;
/** Characters of one `t`; `limits.TYPED_MAX`, which counts code points. */
export const TYPED_MAX = 200;
/** Bytes of one batch that we stay below; `limits.INPUT_MAX` is 16 KiB. */
const BATCH_BYTES = 12 * 1024;

/** Gathers events and sends them in order. Owned by one session. */
export class InputStream {
    /** @type {InputEvent[]} */
    #waiting = [];
    /** @type {unknown} */
    #timer = null;
    #send;
    #clock;

    /**
     * @param {(batch: InputEvent[]) => void} send
     * @param {Clock} [clock]
     */
    constructor(send, clock = CLOCK) {
        this.#send = send;
        this.#clock = clock;
    }

    /** @param {InputEvent} event */
    push(event) {
        const last = this.#waiting.at(-1);
        if (event.t === "p" && last?.t === "p") {
            this.#waiting[this.#waiting.length - 1] = event;
        } else if (event.t === "w" && last?.t === "w" && isSamePlace(event, last)) {
            this.#waiting[this.#waiting.length - 1] = turnedOn(last, event);
        } else {
            this.#waiting.push(event);
        }
        this.#timer ??= this.#clock.later(() => this.flush(), this.#untilGrid());
    }

    /**
     * Type characters, in pieces of what one event may hold.
     *
     * @param {string} text
     */
    pushText(text) {
        const typed = [...text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")].filter(
            (unit) => !isControl(unit),
        );
        for (let at = 0; at < typed.length; at += TYPED_MAX) {
            this.push({ t: "t", s: typed.slice(at, at + TYPED_MAX).join("") });
        }
    }

    /** Send what waits, now. */
    flush() {
        this.#stopTimer();
        const events = this.#waiting;
        this.#waiting = [];
        /** @type {InputEvent[]} */
        let batch = [];
        let bytes = 0;
        for (const event of events) {
            // JSON escapes what is not ASCII into at most six bytes a unit.
            const size = JSON.stringify(event).length * 4;
            if (batch.length === BATCH_MAX || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
                this.#send(batch);
                batch = [];
                bytes = 0;
            }
            batch.push(event);
            bytes += size;
        }
        if (batch.length > 0) this.#send(batch);
    }

    /** Forget what waits: nothing may be done any more. */
    drop() {
        this.#stopTimer();
        this.#waiting = [];
    }

    #untilGrid() {
        return GRID_MS - (this.#clock.now() % GRID_MS);
    }

    #stopTimer() {
        if (this.#timer !== null) this.#clock.cancel(this.#timer);
        this.#timer = null;
    }
}

/** @param {string} unit one code point */
function isControl(unit) {
    const point = unit.codePointAt(0) ?? 0;
    if (unit === "\n" || unit === "\t") return false;
    // Half a surrogate pair has no UTF-8, so no place on the wire either.
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0xd800 && point < 0xe000);
}

/**
 * @param {InputEvent} a
 * @param {InputEvent} b
 */
function isSamePlace(a, b) {
    return a["mon"] === b["mon"] && a["cfg"] === b["cfg"] && a["x"] === b["x"] && a["y"] === b["y"];
}

/**
 * @param {InputEvent} before
 * @param {InputEvent} more
 * @returns {InputEvent}
 */
function turnedOn(before, more) {
    return {
        ...more,
        dx120: bounded(Number(before["dx120"]) + Number(more["dx120"])),
        dy120: bounded(Number(before["dy120"]) + Number(more["dy120"])),
    };
}

/** @param {number} turn within a hundred notches, as the wire has it */
export function bounded(turn) {
    return Math.max(-12000, Math.min(12000, turn));
}
