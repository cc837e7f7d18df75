// What the technician points at: sent as it is drawn, a few times a second, and drawn
// here at once. It needs no control and touches nothing.

import { MARK_MS, MARK_POINTS_MAX } from "../wire/talk.js";

/** @typedef {import("../screen/viewport.js").Place} Place */
/** @typedef {import("../input/stream.js").Clock} Clock */

/** Points wait so long for company: each record costs 25 bytes of its own. */
export const GATHER_MS = 50;
/** @typedef {{ mon: number, cfg: number, points: [number, number][], atMs: number }} Stroke */

/** Owned by the session's talk. */
export class Marks {
    #tell;
    #clock;
    #changed;
    #isOpen = false;
    #number = 0;
    /** @type {Map<number, Stroke>} what is drawn here, until it fades as it does there */
    #strokes = new Map();
    /** @type {Place[]} drawn and not yet sent, of one monitor */
    #waiting = [];
    /** @type {any} */
    #alarm = null;
    #isDrawing = false;

    /**
     * @param {(talk: object) => void} tell
     * @param {Clock} clock
     * @param {() => void} changed
     */
    constructor(tell, clock, changed) {
        this.#tell = tell;
        this.#clock = clock;
        this.#changed = changed;
    }

    /** Whether the pen is in the technician's hand. */
    isOn = false;

    toggle() {
        this.isOn = !this.isOn;
        if (!this.isOn) this.end();
        this.#changed();
    }

    get mayDraw() {
        return this.#isOpen;
    }

    /** @returns {Stroke[]} what has not faded yet */
    get strokes() {
        this.#fade();
        return [...this.#strokes.values()];
    }

    /** @param {Place} place where a line begins */
    begin(place) {
        if (!this.#isOpen) return;
        this.end();
        this.#isDrawing = true;
        this.#new(place);
    }

    /** @param {Place} place where it goes */
    move(place) {
        const stroke = this.#strokes.get(this.#number);
        if (!this.#isDrawing || stroke === undefined) return;
        if (place.mon !== stroke.mon || place.cfg !== stroke.cfg) {
            this.#flush(); // on another monitor it is another line
            this.#new(place);
            return;
        }
        this.#add(stroke, place);
    }

    /** The pen is lifted. */
    end() {
        this.#flush();
        this.#isDrawing = false;
    }

    /** Every mark goes. */
    clear() {
        this.#forget();
        if (this.#isOpen) this.#tell({ t: "unmark" });
        this.#changed();
    }

    /** @param {boolean} isOpen */
    settle(isOpen) {
        this.#isOpen = isOpen;
        if (!isOpen) this.#forget();
    }

    stop() {
        this.#isOpen = this.isOn = false;
        this.#forget();
    }

    /** @param {Place} place */
    #new(place) {
        this.#number += 1;
        const { mon, cfg } = place;
        /** @type {Stroke} */
        const stroke = { mon, cfg, points: [], atMs: this.#clock.now() };
        this.#strokes.set(this.#number, stroke);
        this.#add(stroke, place);
    }

    /**
     * @param {Stroke} stroke
     * @param {Place} place
     */
    #add(stroke, place) {
        const last = stroke.points.at(-1);
        if (last !== undefined && last[0] === place.x && last[1] === place.y) return;
        stroke.points.push([place.x, place.y]);
        stroke.atMs = this.#clock.now();
        this.#waiting.push(place);
        if (this.#waiting.length >= MARK_POINTS_MAX) this.#flush();
        else this.#alarm ??= this.#clock.later(() => this.#flush(), GATHER_MS);
        this.#changed();
    }

    #flush() {
        if (this.#alarm !== null) this.#clock.cancel(this.#alarm);
        this.#alarm = null;
        const [first] = this.#waiting;
        if (first === undefined) return;
        const points = this.#waiting.map(({ x, y }) => [x, y]);
        this.#waiting = [];
        this.#tell({ t: "mark", id: this.#number, mon: first.mon, cfg: first.cfg, points });
    }

    #fade() {
        const now = this.#clock.now();
        for (const [id, { atMs }] of this.#strokes) {
            if (now - atMs >= MARK_MS) this.#strokes.delete(id);
        }
    }

    #forget() {
        if (this.#alarm !== null) this.#clock.cancel(this.#alarm);
        this.#alarm = null;
        this.#waiting = [];
        this.#isDrawing = false;
        this.#strokes.clear();
    }
}
