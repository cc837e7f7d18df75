// A clock that moves when a test says so, for modules that take one.

/** @typedef {import("../../server/cordee_server/console/input/stream.js").Clock} Clock */

/** @implements {Clock} */
export class ManualClock {
    #now = 0;
    /** @type {{ at: number, then: () => void }[]} */
    #waiting = [];

    now = () => this.#now;

    /**
     * @param {() => void} then
     * @param {number} ms
     * @returns {object}
     */
    later = (then, ms) => {
        const alarm = { at: this.#now + ms, then };
        this.#waiting.push(alarm);
        return alarm;
    };

    /** @param {any} alarm */
    cancel = (alarm) => {
        this.#waiting = this.#waiting.filter((one) => one !== alarm);
    };

    /** How many alarms are set. */
    get set() {
        return this.#waiting.length;
    }

    /**
     * Let time pass; whatever falls due happens at its moment.
     *
     * @param {number} ms
     */
    advance(ms) {
        const until = this.#now + ms;
        for (;;) {
            const [next] = this.#waiting
                .filter(({ at }) => at <= until)
                .sort((a, b) => a.at - b.at);
            if (next === undefined) break;
            this.cancel(next);
            this.#now = next.at;
            next.then();
        }
        this.#now = until;
    }
}

/**
 * Wait until a fact holds, while promises settle; never a timer.
 *
 * @param {() => unknown} fact
 * @param {string} [what]
 */
export async function until(fact, what = String(fact)) {
    const deadline = performance.now() + 10_000;
    while (!fact()) {
        if (performance.now() > deadline) throw new Error(`never: ${what}`);
        await new Promise((resolve) => setImmediate(resolve));
    }
}
