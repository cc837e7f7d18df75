// One thing after the other, however late WebCrypto answers.

/** Runs steps in the order in which they were taken on; owned by one channel or run. */
export class Turns {
    /** @type {Promise<unknown>} */
    #last = Promise.resolve();

    /**
     * Run `step` when every step before it has ended, well or badly.
     *
     * @template T
     * @param {() => Promise<T>} step
     * @returns {Promise<T>}
     */
    take(step) {
        const result = this.#last.then(step);
        this.#last = result.catch(() => undefined);
        return result;
    }
}
