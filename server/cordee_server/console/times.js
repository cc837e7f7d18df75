// Time spent in each state: the relay's clock between entries, this page's own since
// the last one.

/** `limits.RESUME_S`. */
export const RESUME_MS = 120_000;

/** Counts one session's time. */
export class Timer {
    #now;
    /** @type {Record<string, number>} microseconds of the relay's clock */
    #spent = {};
    #state = "waiting";
    /** @type {number | null} the relay's clock at the last entry */
    #lastUs = null;
    /** This page's clock at the last entry, milliseconds. */
    #heardMs = 0;
    #mode = "";
    #modeMs = 0;

    /** @param {() => number} now milliseconds that never go back */
    constructor(now) {
        this.#now = now;
    }

    /**
     * An entry was followed.
     *
     * @param {string} state after it
     * @param {number} monoUs the relay's monotonic clock, microseconds
     */
    at(state, monoUs) {
        if (this.#lastUs !== null) this.#add(monoUs - this.#lastUs);
        this.#lastUs = monoUs;
        this.#heardMs = this.#now();
        this.#state = state;
    }

    /** Seconds by state, the present one up to now. */
    get spent() {
        /** @type {Record<string, number>} */
        const seconds = {};
        for (const [state, us] of Object.entries(this.#spent)) seconds[state] = us / 1e6;
        if (this.#lastUs !== null && this.#state !== "ended") {
            const since = (this.#now() - this.#heardMs) / 1000;
            seconds[this.#state] = (seconds[this.#state] ?? 0) + since;
        }
        return seconds;
    }

    /** Seconds from the first yes to now: everything but waiting for it. */
    get seenFor() {
        const { waiting = 0, pairing = 0, consenting = 0, ...rest } = this.spent;
        return Object.values(rest).reduce((sum, seconds) => sum + seconds, 0);
    }

    /**
     * @param {string} mode the present one
     * @returns {number} seconds since it began
     */
    modeSeconds(mode) {
        if (mode !== this.#mode) {
            this.#mode = mode;
            this.#modeMs = this.#now();
        }
        return (this.#now() - this.#modeMs) / 1000;
    }

    /** @param {number} us */
    #add(us) {
        this.#spent[this.#state] = (this.#spent[this.#state] ?? 0) + us;
    }
}

/** Things that happen unless something else happens first. */
export class Alarms {
    /** @type {Map<string, unknown>} */
    #set = new Map();
    #clock;

    /** @param {import("./input/stream.js").Clock} clock */
    constructor(clock) {
        this.#clock = clock;
    }

    /**
     * @param {string} name
     * @param {number} ms
     * @param {() => void} ring
     */
    arm(name, ms, ring) {
        this.disarm(name);
        const timer = this.#clock.later(() => {
            this.#set.delete(name);
            ring();
        }, ms);
        this.#set.set(name, timer);
    }

    /** @param {string} name */
    disarm(name) {
        if (this.#set.has(name)) this.#clock.cancel(this.#set.get(name));
        this.#set.delete(name);
    }

    disarmAll() {
        for (const name of [...this.#set.keys()]) this.disarm(name);
    }
}
