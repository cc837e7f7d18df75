// Who takes which channel: the one place that puts the handlers together.

import { Files } from "./files.js";
import { Talk } from "./talk.js";

/** @typedef {import("./channels.js").Ground} Ground */

/**
 * A session's handlers, by the name under which views ask for them.
 *
 * @param {Ground} ground what each of them stands on
 */
export function handlers(ground) {
    const talk = new Talk(ground);
    return { files: new Files(ground), talk, clip: talk.clip };
}

/** @typedef {ReturnType<typeof handlers>} Together */
