// Who takes which channel: the one place that puts the handlers together.

/** @typedef {import("./channels.js").Ground} Ground */

/**
 * A session's handlers, by the name under which views ask for them.
 *
 * @param {Ground} _ground each handler that is added here stands on it
 */
export function handlers(_ground) {
    return {};
}

/** @typedef {ReturnType<typeof handlers>} Together */
