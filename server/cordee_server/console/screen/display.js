// What the customer's screen looks like now, on a canvas.
//
// Pixels go into a picture in memory first; `flush` puts what changed on the canvas,
// all of it in one turn, so nothing half painted is ever seen. The pointer is drawn
// over it and taken away again from that memory: it never gets into the pixels. So is
// the mark of a tile that is not sharp: a small grey corner.

import { Sharpness, shared } from "./sharpness.js";

/** @typedef {import("../wire/picture.js").Rect} Rect */

/** Above so many changed places, the whole picture is put on the canvas at once. */
const PLACES_MAX = 256;
/** Side of the corner that marks a tile as not sharp, and its colour. */
const MARK = 7;
const MARK_COLOUR = "rgba(120, 120, 120, 0.65)";

/** A screen drawn on a canvas. */
export class Display {
    /** @param {HTMLCanvasElement} canvas */
    constructor(canvas) {
        this._canvas = canvas;
        const context = canvas.getContext("2d", { alpha: false });
        if (!context) throw new Error("this browser draws nothing");
        this._context = context;
        /** @type {ImageData | null} */
        this._picture = null;
        /** @type {Rect[]} */
        this._changed = [];
        this._sharpness = new Sharpness(1, 1);
        /** @type {HTMLCanvasElement | null} */
        this._shape = null;
        this._hot = { x: 0, y: 0 };
        /** @type {{ x: number, y: number } | null} */
        this._place = null;
        /** Where the pointer is drawn on the canvas now. @type {Rect | null} */
        this._drawn = null;
        this._isMoved = false;
    }

    /** Whether the canvas shows less than is known. */
    get isStale() {
        return this._changed.length > 0 || this._isMoved;
    }

    /** Whether every pixel is what the customer sees. */
    get isSharp() {
        return this._sharpness.isSharp;
    }

    /**
     * Begin with a black screen without a pointer.
     * @param {number} width
     * @param {number} height
     */
    begin(width, height) {
        const before = this._picture;
        // Large buffers are kept: an agent that begins again and again costs nothing.
        const picture =
            before && before.width === width && before.height === height
                ? before
                : this._context.createImageData(width, height);
        new Uint32Array(picture.data.buffer).fill(0xff000000);
        this._picture = picture;
        if (this._canvas.width !== width) this._canvas.width = width;
        if (this._canvas.height !== height) this._canvas.height = height;
        this._shape = this._place = this._drawn = null;
        this._sharpness = new Sharpness(width, height);
        this._changed = [{ x: 0, y: 0, w: width, h: height }];
    }

    /**
     * Take rectangles; they are inside the screen (wire/picture.js has checked it).
     * @param {Rect[]} rects
     * @param {Uint8ClampedArray} rgba their pixels, one after the other
     * @param {boolean} [isExact]
     */
    paint(rects, rgba, isExact = true) {
        const picture = this._picture;
        if (!picture) return;
        let from = 0;
        for (const rect of rects) {
            for (let row = 0; row < rect.h; row += 1) {
                const to = ((rect.y + row) * picture.width + rect.x) * 4;
                picture.data.set(rgba.subarray(from, from + rect.w * 4), to);
                from += rect.w * 4;
            }
        }
        if (isExact) this._sharpness.sharpen(rects);
        else for (const rect of rects) this._sharpness.roughen(rect);
        this._changed.push(...rects.slice(0, PLACES_MAX + 1));
        if (this._changed.length > PLACES_MAX) {
            this._changed = [{ x: 0, y: 0, w: picture.width, h: picture.height }];
        }
    }

    /**
     * Give the pointer a shape; 0 by 0 hides it.
     * @param {number} width
     * @param {number} height
     * @param {{ x: number, y: number }} hot
     * @param {Uint8ClampedArray<ArrayBuffer>} rgba straight alpha
     */
    setShape(width, height, hot, rgba) {
        this._isMoved = true;
        this._hot = hot;
        this._shape = null;
        if (!width || !height) return;
        const shape = this._canvas.ownerDocument.createElement("canvas");
        shape.width = width;
        shape.height = height;
        shape.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
        this._shape = shape;
    }

    /**
     * @param {number} x of the pointer's hot spot
     * @param {number} y
     */
    movePointer(x, y) {
        this._place = { x, y };
        this._isMoved = true;
    }

    /** Put on the canvas whatever it does not show yet. */
    flush() {
        const picture = this._picture;
        if (!picture || !this.isStale) return;
        if (this._drawn) this._changed.push(this._drawn);
        for (const { x, y, w, h } of this._changed) {
            this._context.putImageData(picture, 0, 0, x, y, w, h);
        }
        this._mark(this._changed);
        this._changed = [];
        this._isMoved = false;
        this._drawn = null;
        if (this._shape && this._place) {
            const x = this._place.x - this._hot.x;
            const y = this._place.y - this._hot.y;
            this._context.drawImage(this._shape, x, y);
            this._drawn = { x, y, w: this._shape.width, h: this._shape.height };
        }
    }

    /** @param {Rect[]} places whose pixels have just been put, and with them no marks */
    _mark(places) {
        if (this.isSharp) return;
        this._context.fillStyle = MARK_COLOUR;
        for (const tile of this._sharpness.rough) {
            const corner = { x: tile.x, y: tile.y, w: MARK, h: MARK };
            if (!places.some((place) => shared(place, corner) > 0)) continue;
            // Its place is put anew first: a mark over a mark would grow dark.
            const { x, y } = corner;
            if (this._picture) this._context.putImageData(this._picture, 0, 0, x, y, MARK, MARK);
            this._context.beginPath();
            this._context.moveTo(x, y);
            this._context.lineTo(x + MARK, y);
            this._context.lineTo(x, y + MARK);
            this._context.fill();
        }
    }
}
