// What the console says to its developer: facts with fields, never a code, a key
// typed, a name or a picture. Nothing is sent or stored.

/** @typedef {Record<string, string | number | boolean | null>} Fields */

export const log = {
    /**
     * @param {string} event a name out of the code
     * @param {Fields} fields
     */
    fact(event, fields) {
        console.debug(event, fields);
    },

    /**
     * Something that should not have happened: its kind, not its text, for a text may
     * quote what somebody typed.
     *
     * @param {string} where
     * @param {unknown} error
     */
    fault(where, error) {
        const kind = error instanceof Error ? error.name : typeof error;
        console.warn(where, { kind });
    },
};
