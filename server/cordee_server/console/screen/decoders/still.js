// Picture files, unfolded by the browser itself: photos, and everything where there is
// no WebAssembly. Their size was read from their heads before (wire/still.js): what
// comes out is checked against it all the same.

import { MalformedFrame } from "../../errors.js";

/** @typedef {import("../../wire/still.js").Still} Still */

/** @type {Record<Still, string>} */
const KINDS = {
    webp: "image/webp",
    lossless: "image/webp",
    png: "image/png",
    jpeg: "image/jpeg",
};

/**
 * Two pixels, #0a1420 and #f0e6d2, in each kind; from the two exact ones they have to
 * come out bit for bit. Every browser unfolds JPEG.
 * @type {Record<Exclude<Still, "jpeg">, string>}
 */
const TESTS = {
    webp: "UklGRi4AAABXRUJQVlA4ICIAAACQAQCdASoCAAEABABoJaQAAudFrAAA/rhV4Xvba8cXAA" +
        "AA",
    lossless: "UklGRiIAAABXRUJQVlA4TBYAAAAvAQAAAA9wCukrmB9Edv4DDxWI6H8A",
    png: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGPgElH48OwSAA" +
        "aVAufpX26BAAAAAElFTkSuQmCC",
};
const TEST_PIXELS = [10, 20, 32, 255, 240, 230, 210, 255];

/**
 * Unfold a file, and enlarge it to the size it is shown at.
 *
 * @param {Still} coding
 * @param {Uint8Array} data
 * @param {{ width: number, height: number }} shown
 * @returns {Promise<Uint8ClampedArray<ArrayBuffer>>}
 * @throws {MalformedFrame} not such a file
 */
export async function readStill(coding, data, { width, height }) {
    const file = new Blob([new Uint8Array(data)], { type: KINDS[coding] });
    // Colours as they are: what the customer sees, not what a profile makes of it.
    /** @type {ImageBitmapOptions} */
    const asIs = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
    const bitmap = await createImageBitmap(file, asIs).catch(() => null);
    if (bitmap === null) throw new MalformedFrame(`a ${coding} that cannot be unfolded`);
    try {
        if (bitmap.width > width || bitmap.height > height) {
            throw new MalformedFrame(`a ${coding} larger than it said`);
        }
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext("2d", { willReadFrequently: true });
        if (context === null) throw new Error("this browser draws nothing");
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, 0, 0, width, height);
        return context.getImageData(0, 0, width, height).data;
    } finally {
        bitmap.close();
    }
}

/** @returns {Promise<Still[]>} the kinds of file that this browser unfolds */
export async function testStills() {
    /** @type {Still[]} */
    const known = ["jpeg"];
    for (const coding of /** @type {(keyof typeof TESTS)[]} */ (Object.keys(TESTS))) {
        const data = Uint8Array.from(atob(TESTS[coding]), (letter) => letter.charCodeAt(0));
        const mustBeExact = coding !== "webp";
        try {
            const seen = await readStill(coding, data, { width: 2, height: 1 });
            const isExact = TEST_PIXELS.every((value, at) => seen[at] === value);
            if (isExact || !mustBeExact) known.push(coding);
        } catch {
            continue; // this browser has no such decoder: the agent sends another kind
        }
    }
    return known;
}
