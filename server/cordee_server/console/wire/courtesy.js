// How much of a file may be on its way: what is left over, and no more. The twin of
// `cordee_shared/wire/courtesy.py`, whose rules these are, to the last bit: the same
// sums in the same order.

import { FLIGHT_MAX, PIECE_MAX, PIECE_MIN } from "./files.js";

/** The queue that a file may make, in seconds. */
export const TARGET_S = 0.025;
/** Between two pieces on a crowded line, in seconds. */
export const CROWDED_S = 0.25;
const BASE_S = 30.0;
const FILTER = 6;
const RATE_S = 0.1;
const RATE_KEPT_S = 5.0;

/** The window of one direction. What it knows of the line outlives a file. */
export class Courtesy {
    #window = 2.0 * PIECE_MIN;
    #isStarting = true;
    /** @type {{ end: number, sentAt: number }[]} */
    #flight = [];
    #acked = 0;
    #at = 0;
    /** @type {number[]} */
    #trips = [];
    #base = 0.0;
    #formerBase = 0.0;
    #baseSince = 0.0;
    #sentAt = 0.0;
    #queue = 0.0;
    /** @type {{ at: number, rate: number }[]} */
    #rates = [];
    #counted = 0;
    #countSince = -1.0;

    /** Bytes that may be on their way. */
    get window() {
        return Math.floor(this.#window);
    }

    /** @param {number} at nothing is on its way; the next piece begins here */
    begin(at) {
        this.#flight = [];
        this.#acked = this.#at = at;
        this.#countSince = -1.0;
    }

    /**
     * @param {number} size of the piece that was handed to the line
     * @param {number} now seconds
     */
    sent(size, now) {
        this.#at += size;
        this.#flight.push({ end: this.#at, sentAt: now });
        this.#sentAt = now;
    }

    /**
     * @param {number} at everything before it is written at the other end
     * @param {number} now seconds
     */
    acked(at, now) {
        let trip = -1.0;
        const used = this.#at - this.#acked;
        let head = this.#flight[0];
        while (head !== undefined && head.end <= at) {
            trip = now - head.sentAt;
            this.#flight.shift();
            head = this.#flight[0];
        }
        const size = at - this.#acked;
        if (trip < 0 || size <= 0) return;
        this.#acked = at;
        this.#measure(trip, now);
        this.#count(size, now);
        if (this.#isStarting) this.#start(size);
        else this.#adapt(size, used);
    }

    /**
     * @param {number} now seconds
     * @returns {number} how many bytes the next piece may have; 0: not now
     */
    maySend(now) {
        const eighth = Math.floor(this.#window / 8);
        const size = Math.max(PIECE_MIN, Math.min(eighth, PIECE_MAX));
        if (this.#flight.length > 0) {
            return this.#at - this.#acked + size <= this.#window ? size : 0;
        }
        return this.waitS(now) > 0 ? 0 : size;
    }

    /**
     * @param {number} now seconds
     * @returns {number} seconds until something may be sent though nothing is acknowledged
     */
    waitS(now) {
        if (this.#flight.length > 0 || !this.#isCrowded) return 0.0;
        return Math.max(0.0, this.#sentAt + CROWDED_S - now);
    }

    get #isCrowded() {
        return this.#window <= PIECE_MIN && this.#queue > TARGET_S;
    }

    /**
     * @param {number} trip
     * @param {number} now
     */
    #measure(trip, now) {
        if (this.#trips.length === 0) {
            this.#base = this.#formerBase = trip;
            this.#baseSince = now;
        } else if (now - this.#baseSince >= BASE_S) {
            [this.#formerBase, this.#base] = [this.#base, trip];
            this.#baseSince = now;
        }
        this.#base = Math.min(this.#base, trip);
        this.#trips.push(trip);
        if (this.#trips.length > FILTER) this.#trips.shift();
        const best = Math.min(this.#base, this.#formerBase);
        this.#queue = Math.max(0.0, Math.min(...this.#trips) - best);
    }

    /**
     * @param {number} size
     * @param {number} now
     */
    #count(size, now) {
        if (this.#countSince < 0) {
            // Counting from the first acknowledgement leaves the trip out.
            this.#countSince = now;
            this.#counted = 0;
            return;
        }
        this.#counted += size;
        if (now - this.#countSince >= RATE_S) {
            this.#rates.push({ at: now, rate: this.#counted / (now - this.#countSince) });
            this.#countSince = now;
            this.#counted = 0;
        }
        this.#rates = this.#rates.filter((each) => now - each.at <= RATE_KEPT_S);
    }

    get #least() {
        const best = Math.max(0.0, ...this.#rates.map((each) => each.rate));
        return Math.max(best * TARGET_S, PIECE_MIN);
    }

    /** @param {number} size */
    #start(size) {
        if (this.#queue < TARGET_S / 2) {
            this.#window = Math.min(this.#window + size, FLIGHT_MAX);
        } else {
            this.#isStarting = false;
            this.#window = Math.max(this.#window / 2, this.#least);
        }
    }

    /**
     * @param {number} size
     * @param {number} used
     */
    #adapt(size, used) {
        const over = this.#queue / TARGET_S - 1.0;
        if (over <= 0) {
            // A window that was not used says nothing about a larger one.
            if (used >= this.#window / 2) {
                this.#window -= (over * size * PIECE_MIN) / this.#window;
            }
        } else {
            const share = Math.min(1.0, size / this.#window);
            this.#window *= 1.0 - 0.5 * Math.min(1.0, over) * share;
        }
        this.#window = Math.min(Math.max(this.#window, this.#least), FLIGHT_MAX);
    }
}
