// The question before an end: whether to end, and if it is to break off, why.
//
// Whoever breaks off has to name the cause: it decides what is owed (R35, B04), and
// stands in the journal.

/** Owned by the page. */
export class Leaving {
    isAsked = false;
    /** @type {string | null} empty while it is chosen, null when nobody breaks off */
    cause = null;
    #changed;

    /** @param {() => void} changed */
    constructor(changed) {
        this.#changed = changed;
    }

    ask() {
        this.isAsked = true;
        this.cause = null;
        this.#changed();
    }

    /** @param {string} cause empty: not chosen yet */
    breakOff(cause) {
        if (this.isAsked) this.cause = cause;
        this.#changed();
    }

    withdraw() {
        this.isAsked = false;
        this.#changed();
    }

    /**
     * Take the answer "yes".
     *
     * @returns {string | null} the cause, empty for a plain end; null: not yet
     */
    take() {
        if (this.cause === "") return null;
        this.isAsked = false;
        return this.cause ?? "";
    }
}
