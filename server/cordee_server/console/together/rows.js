// One file of a session, as the views draw it, and what its number and name say.

import { MalformedFrame, NameRefused } from "../errors.js";
import { safeName } from "../wire/filename.js";

/** @typedef {"asked" | "moving" | "kept" | "stopped"} Stage */

/** The rate is what moved in so many seconds: steady to read, and soon right. */
const RATE_MS = 5000;

/** A file under way, or over. Owned by the session's files. */
export class Row {
    moved = 0;
    /** @type {Stage} */
    stage = "asked";
    /** Why it was stopped; a key of `words.files_why`. */
    why = "";
    /** @type {{ at: number, moved: number }[]} */
    #samples = [];
    #rate = 0;

    /**
     * @param {number} id
     * @param {string} name
     * @param {number} size bytes
     * @param {boolean} isLeaving to the customer
     */
    constructor(id, name, size, isLeaving) {
        this.id = id;
        this.name = name;
        this.size = size;
        this.isLeaving = isLeaving;
    }

    get isOver() {
        return this.stage === "kept" || this.stage === "stopped";
    }

    /** Bytes a second; 0 while not known. */
    get rate() {
        return this.stage === "moving" ? this.#rate : 0;
    }

    /** Seconds that it still takes at this rate; null while not known. */
    get secondsLeft() {
        if (this.rate === 0) return null;
        return Math.max(1, Math.round((this.size - this.moved) / this.rate));
    }

    /**
     * @param {number} moved bytes, so far
     * @param {number} nowMs
     */
    move(moved, nowMs) {
        this.moved = moved;
        this.#samples.push({ at: nowMs, moved });
        let first = /** @type {{ at: number, moved: number }} */ (this.#samples[0]);
        while (nowMs - first.at > RATE_MS && this.#samples.length > 2) {
            this.#samples.shift();
            first = /** @type {{ at: number, moved: number }} */ (this.#samples[0]);
        }
        const tookMs = nowMs - first.at;
        if (tookMs >= 250) this.#rate = Math.round(((moved - first.moved) * 1000) / tookMs);
    }

    /** The line is gone; the time without it says nothing of the rate. */
    cut() {
        this.#samples = [];
        this.#rate = 0;
    }

    /**
     * @param {Stage} stage
     * @param {string} [why]
     */
    end(stage, why = "") {
        this.stage = stage;
        this.why = why;
        this.cut();
    }
}

/**
 * @param {string} announced
 * @param {number} id
 * @returns {string} a name that the browser may propose or the customer's agent write
 */
export function nameOf(announced, id) {
    try {
        return safeName(announced);
    } catch (error) {
        if (error instanceof NameRefused) return `fichier-${id}`;
        throw error;
    }
}

/** @param {number} id insisted on to be of the customer's files */
export function theirs(id) {
    if (id % 2 === 0) throw new MalformedFrame(`file ${id} is the technician's`);
    return id;
}

/** @param {number} id insisted on to be of the technician's files */
export function ours(id) {
    if (id % 2 === 1) throw new MalformedFrame(`file ${id} is the customer's`);
    return id;
}
