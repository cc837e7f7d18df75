// How large the screen is shown, and which of its pixels is under the mouse.

import { FAR } from "../wire/picture.js";

/**
 * @typedef {import("../wire/picture.js").Layout} Layout
 * @typedef {"fit" | "actual"} Mode whole screen in the window, or pixel by pixel
 * @typedef {{ mon: number, cfg: number, x: number, y: number }} Place
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 */

/**
 * Return the size at which to show a screen, in CSS pixels.
 *
 * "fit" never enlarges: letters of another size than their own are hard to read.
 *
 * @param {Mode} mode
 * @param {{ width: number, height: number }} screen
 * @param {{ width: number, height: number }} room
 * @param {number} density device pixels to a CSS pixel
 */
export function shownSize(mode, screen, room, density) {
    // One pixel of theirs on one of ours is the only exact picture.
    const exact = { width: screen.width / density, height: screen.height / density };
    if (mode === "actual") return exact;
    const scale = Math.min(1, room.width / screen.width, room.height / screen.height);
    if (!(scale > 0)) return exact;
    const width = Math.max(1, Math.floor(screen.width * scale));
    return { width, height: Math.max(1, Math.floor(screen.height * scale)) };
}

/**
 * Return where on the customer's desktop a point of this window is.
 *
 * @param {Layout} layout
 * @param {Box} shown where the canvas is, in the same coordinates as the point
 * @param {number} clientX
 * @param {number} clientY
 * @param {boolean} clamp take the nearest pixel for a point outside (while dragging)
 * @returns {Place | null} null outside every monitor
 */
export function toWire(layout, shown, clientX, clientY, clamp = false) {
    if (!(shown.width > 0 && shown.height > 0)) return null;
    let x = Math.floor(((clientX - shown.left) * layout.width) / shown.width);
    let y = Math.floor(((clientY - shown.top) * layout.height) / shown.height);
    if (clamp) {
        x = Math.min(Math.max(x, 0), layout.width - 1);
        y = Math.min(Math.max(y, 0), layout.height - 1);
    }
    for (const { id, rect } of layout.monitors) {
        const [right, bottom] = [x - rect.x, y - rect.y];
        if (right >= 0 && right < rect.w && bottom >= 0 && bottom < rect.h) {
            return {
                mon: id,
                cfg: layout.cfg,
                x: spread(right, rect.w),
                y: spread(bottom, rect.h),
            };
        }
    }
    return null;
}

/**
 * The way back is `pixel` of shared/cordee_shared/wire/input.py.
 *
 * @param {number} offset of a pixel, from 0
 * @param {number} size of the monitor
 * @returns {number} 0 for the first pixel, 65535 for the last
 */
export function spread(offset, size) {
    return size > 1 ? Math.round((offset * FAR) / (size - 1)) : 0;
}

/** Keeps a canvas at the right size in the element around it. */
export class Viewport {
    /** @param {HTMLCanvasElement} canvas the element around it gives the room */
    constructor(canvas) {
        this._canvas = canvas;
        /** @type {Layout | null} */
        this._layout = null;
        /** @type {Mode} */
        this.mode = "fit";
        if (typeof ResizeObserver === "function" && canvas.parentElement) {
            new ResizeObserver(() => this.fit()).observe(canvas.parentElement);
        }
    }

    /** @param {Layout | null} layout */
    setLayout(layout) {
        this._layout = layout;
        this.fit();
    }

    /** @param {Mode} mode */
    setMode(mode) {
        this.mode = mode;
        this.fit();
    }

    /** Take the size that the present room allows. */
    fit() {
        const parent = this._canvas.parentElement;
        if (!this._layout || !parent) return;
        const room = { width: parent.clientWidth, height: parent.clientHeight };
        const size = shownSize(
            this.mode,
            this._layout,
            room,
            globalThis.devicePixelRatio || 1,
        );
        // Set through the object model: the page's policy allows no style in markup.
        this._canvas.style.width = `${size.width}px`;
        this._canvas.style.height = `${size.height}px`;
    }

    /**
     * @param {number} clientX
     * @param {number} clientY
     * @param {boolean} [clamp]
     * @returns {Place | null}
     */
    toWire(clientX, clientY, clamp = false) {
        if (!this._layout) return null;
        const shown = this._canvas.getBoundingClientRect();
        return toWire(this._layout, shown, clientX, clientY, clamp);
    }
}
