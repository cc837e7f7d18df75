// How large a picture file is, read from its head before the browser unfolds it: the
// same as shared/cordee_shared/wire/still.py, where the forms and their sources stand;
// shared/vectors/still.json keeps the two honest (S-41).

import { MalformedFrame } from "../errors.js";

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {"webp" | "lossless" | "png" | "jpeg"} Still */

const PNG = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];

/**
 * Whether a file of a size may show an area, reduced up to `least` times.
 *
 * @param {Size} size
 * @param {{ w: number, h: number }} shown
 * @param {number} least
 */
export function isSizeOf({ width, height }, { w, h }, least) {
    for (let by = 1; by <= least; by += 1) {
        if (width === Math.ceil(w / by) && height === Math.ceil(h / by)) return true;
    }
    return false;
}

/**
 * Return width and height that a file announces.
 *
 * @param {Still} coding
 * @param {Uint8Array} data the file
 * @returns {Size}
 * @throws {MalformedFrame} not such a file
 */
export function stillSize(coding, data) {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    try {
        if (coding === "webp") return webp(view);
        if (coding === "lossless") return lossless(view);
        return coding === "png" ? png(view) : jpeg(view);
    } catch (fault) {
        if (!(fault instanceof RangeError)) throw fault;
        throw new MalformedFrame(`a ${coding} file that ends early`);
    }
}

/**
 * @param {boolean} rule
 * @param {string} fault
 */
function mustBe(rule, fault) {
    if (!rule) throw new MalformedFrame(fault);
}

/**
 * @param {DataView} view
 * @param {string} chunk
 */
function riff(view, chunk) {
    const text = (/** @type {number} */ at) =>
        String.fromCharCode(...[0, 1, 2, 3].map((step) => view.getUint8(at + step)));
    mustBe(text(0) === "RIFF", "not a plain WebP file");
    mustBe(text(8) === "WEBP" && text(12) === chunk, "not a plain WebP file");
    // What a file holds beyond its one chunk nobody has checked.
    const [length, inside] = [view.byteLength, view.getUint32(16, true)];
    mustBe(view.getUint32(4, true) === length - 8, "a WebP file of another length");
    mustBe(inside >= length - 21 && inside <= length - 20, "a WebP file of another length");
}

/** @param {DataView} view @returns {Size} */
function webp(view) {
    riff(view, "VP8 ");
    const isKey = (view.getUint8(20) & 1) === 0;
    const start = (view.getUint16(23) << 8) | view.getUint8(25);
    mustBe(isKey && start === 0x9d012a, "a WebP file without a key frame");
    const [width, height] = [view.getUint16(26, true), view.getUint16(28, true)];
    return { width: width & 0x3fff, height: height & 0x3fff };
}

/** @param {DataView} view @returns {Size} */
function lossless(view) {
    riff(view, "VP8L");
    mustBe(view.getUint8(20) === 0x2f, "not a lossless WebP file");
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** @param {DataView} view @returns {Size} */
function png(view) {
    const starts = PNG.every((byte, at) => view.getUint8(at) === byte);
    mustBe(starts && view.byteLength >= 33, "not a PNG file");
    return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** @param {DataView} view @returns {Size} */
function jpeg(view) {
    mustBe(view.getUint16(0) === 0xffd8, "not a JPEG file");
    for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
        mustBe(view.getUint8(at) === 0xff, "a JPEG file without a frame");
        const marker = view.getUint8(at + 1);
        if (marker >= 0xc0 && marker <= 0xc2) {
            return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
        }
        const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xda);
        mustBe(!isBare, "a JPEG file without a frame");
    }
}
