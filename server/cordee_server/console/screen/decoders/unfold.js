// What the picture worker does, without being one: jobs in, pixels out.

import { RemoteViolation } from "../../errors.js";
import { readStill, testStills } from "./still.js";
import { loadZstd } from "./zstd.js";

/**
 * @typedef {import("../../wire/picture.js").Rect} Rect
 * @typedef {import("../../wire/picture.js").Coding} Coding
 *
 * Begin a stream, or unfold one message of it; `windowLog` 0: there is no stream.
 * @typedef {{ do: "open", windowLog: number }} Open
 * @typedef {{ do: "exact" | "columns", payload: Uint8Array, rects: Rect[] }} Unfold
 * @typedef {{ do: "shape", payload: Uint8Array, pixels: number }} Shape
 *
 * Unfold one picture file, and enlarge it to the size it is shown at.
 * @typedef {{
 *   do: "still", coding: import("../../wire/still.js").Still, payload: Uint8Array,
 *   width: number, height: number,
 * }} Still
 * Find out what this browser can unfold.
 * @typedef {{ do: "probe" }} Probe
 * @typedef {Open | Unfold | Shape | Still | Probe} Job
 *
 * RGBA, row by row, rectangle after rectangle; or why there is none.
 * @typedef {{ rgba: Uint8ClampedArray<ArrayBuffer> } | { takes: Coding[] }
 *   | { fault: string, isOurs: boolean }} Done
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
            if (job.do === "probe") return { takes: await this._probe() };
            if (job.do === "still") {
                return { rgba: await readStill(job.coding, job.payload, job) };
            }
            if (job.do === "open" && job.windowLog === 0) return null;
            const zstd = await this._zstd;
            if (job.do === "open") {
                zstd.open(job.windowLog);
                return null;
            }
            if (job.do === "shape") {
                return { rgba: new Uint8ClampedArray(zstd.unfold(job.payload, job.pixels * 4)) };
            }
            const pixels = job.rects.reduce((sum, { w, h }) => sum + w * h, 0);
            const raw = zstd.unfold(job.payload, pixels * 3);
            return { rgba: job.do === "exact" ? opaque(raw) : upright(raw, job.rects) };
        } catch (fault) {
            return {
                fault: fault instanceof Error ? fault.message : String(fault),
                isOurs: !(fault instanceof RemoteViolation),
            };
        }
    }

    /** @returns {Promise<Coding[]>} */
    async _probe() {
        const stills = await testStills();
        const hasStream = await this._zstd.then(
            () => true,
            () => false,
        );
        return hasStream ? ["exact", "columns", ...stills] : stills;
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

/**
 * @param {Uint8Array} rgb rectangles, each column by column
 * @param {Rect[]} rects
 * @returns {Uint8ClampedArray<ArrayBuffer>} row by row, with full alpha
 */
export function upright(rgb, rects) {
    const words = new Uint32Array(rgb.length / 3);
    let from = 0;
    let start = 0;
    for (const { w, h } of rects) {
        const end = start + w * h;
        for (let x = start; x < start + w; x += 1) {
            for (let to = x; to < end; to += w, from += 3) {
                words[to] =
                    0xff000000 |
                    (/** @type {number} */ (rgb[from + 2]) << 16) |
                    (/** @type {number} */ (rgb[from + 1]) << 8) |
                    /** @type {number} */ (rgb[from]);
            }
        }
        start = end;
    }
    return new Uint8ClampedArray(words.buffer);
}
