// The picture worker: unfolds pictures off the page's own thread, so that a page of
// text, or a hostile one, never holds up what the technician types.

import { Unfolder } from "./unfold.js";

const wasm = fetch(new URL("../../vendor/zstd.wasm", import.meta.url)).then((answer) => {
    if (!answer.ok) throw new Error(`zstd.wasm: ${answer.status}`);
    return answer.arrayBuffer();
});
const unfolder = new Unfolder(wasm);

/** One job at a time, in the order they came. */
let last = Promise.resolve();

self.addEventListener("message", (event) => {
    last = last.then(async () => {
        const done = await unfolder.run(event.data);
        if (done === null) return;
        const moved = "rgba" in done ? [done.rgba.buffer] : [];
        self.postMessage(done, { transfer: moved });
    });
});
