// What the picture worker does, without being one: jobs in, pixels out.

import { RemoteViolation } from "../../errors.js";
import { loadZstd } from "./zstd.js";

/**
 * Begin a stream, or unfold one message of it.
 * @typedef {{ do: "open", windowLog: number }} Open
 * @typedef {{ do: "rgb" | "rgba", payload: Uint8Array, pixels: number }} Unfold
 * @typedef {Open | Unfold} Job
 *
 * RGBA, row by row, rectangle after rectangle; or why there is none.
 * @typedef {{ rgba: Uint8ClampedArray<ArrayBuffer> } | { fault: string, isOurs: boolean }} Done
 */

/** Does jobs one after the other. */
export class Unfolder {
    /** @param {Promise<BufferSource>} wasm vendor/zstd.wasm, on its way */
    constructor(wasm) {
        this._zstd = wasm.then(loadZstd);
        // Told when the first job asks; until then nobody listens.
        this._zstd.catch(() => {});
    }

    /**
     * @param {Job} job
     * @returns {Promise<Done | null>} null for a job that has nothing to say
     */
    async run(job) {
        try {
            const zstd = await this._zstd;
            if (job.do === "open") {
                zstd.open(job.windowLog);
                return null;
            }
            const depth = job.do === "rgb" ? 3 : 4;
            const raw = zstd.unfold(job.payload, job.pixels * depth);
            return { rgba: depth === 3 ? opaque(raw) : new Uint8ClampedArray(raw) };
        } catch (fault) {
            return {
                fault: fault instanceof Error ? fault.message : String(fault),
                isOurs: !(fault instanceof RemoteViolation),
            };
        }
    }
}

/**
 * @param {Uint8Array} rgb
 * @returns {Uint8ClampedArray<ArrayBuffer>} the same with full alpha
 */
export function opaque(rgb) {
    const words = new Uint32Array(rgb.length / 3);
    // Canvas pixels are R, G, B, A in memory; every browser's computer is little-endian.
    for (let to = 0, from = 0; to < words.length; to += 1, from += 3) {
        words[to] =
            0xff000000 |
            (/** @type {number} */ (rgb[from + 2]) << 16) |
            (/** @type {number} */ (rgb[from + 1]) << 8) |
            /** @type {number} */ (rgb[from]);
    }
    return new Uint8ClampedArray(words.buffer);
}
