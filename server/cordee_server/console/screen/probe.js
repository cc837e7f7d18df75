// What this browser can unfold: asked once in a page's life, of a worker of its own.

import { startWorker } from "./decoders/start.js";

/**
 * @typedef {import("../wire/picture.js").Coding} Coding
 * @typedef {import("./screen.js").Decoder} Decoder
 */

/** @type {Promise<Coding[]> | null} */
let asked = null;

/**
 * @param {() => Decoder} [start] for tests
 * @returns {Promise<Coding[]>} none when even the worker does not start
 */
export function probe(start) {
    if (start) return ask(start);
    asked ??= ask(() => /** @type {Decoder} */ (/** @type {unknown} */ (startWorker())));
    return asked;
}

/**
 * @param {() => Decoder} start
 * @returns {Promise<Coding[]>}
 */
function ask(start) {
    return new Promise((resolve) => {
        const worker = start();
        const answer = (/** @type {Coding[]} */ codings) => {
            worker.terminate();
            resolve(codings);
        };
        worker.onmessage = ({ data }) => answer("takes" in data ? data.takes : []);
        worker.onerror = () => answer([]);
        worker.postMessage({ do: "probe" });
    });
}
