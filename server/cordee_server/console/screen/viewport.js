// How large the screen is shown, and which of its pixels is under the mouse.

import { FAR } from "../wire/picture.js";

/**
 * @typedef {import("../wire/picture.js").Layout} Layout
 * @typedef {import("../wire/picture.js").Rect} Rect
 *
 * The whole of it in the window, pixel by pixel, or so many times that.
 * @typedef {"fit" | "actual" | number} Size
 *
 * `monitor`: the id of the one to be seen; null shows all of them.
 * @typedef {{ size: Size, monitor: number | null }} Look
 * @typedef {{ mon: number, cfg: number, x: number, y: number }} Place
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 */

/**
 * Return what of the desktop is to be seen. A monitor that is gone shows all of them.
 *
 * @param {Layout} layout
 * @param {number | null} monitor
 * @returns {Rect}
 */
export function areaOf({ monitors, width, height }, monitor) {
    const chosen = monitors.find(({ id }) => id === monitor);
    return chosen?.rect ?? { x: 0, y: 0, w: width, h: height };
}

/**
 * Return the size at which to show a screen, in CSS pixels.
 *
 * "fit" never enlarges: letters of another size than their own are hard to read.
 *
 * @param {Size} mode
 * @param {{ width: number, height: number }} screen
 * @param {{ width: number, height: number }} room
 * @param {number} density device pixels to a CSS pixel
 */
export function shownSize(mode, screen, room, density) {
    // One pixel of theirs on one of ours is the only exact picture.
    const exact = { width: screen.width / density, height: screen.height / density };
    if (mode === "actual") return exact;
    if (typeof mode === "number") {
        return { width: exact.width * mode, height: exact.height * mode };
    }
    const scale = Math.min(1, room.width / screen.width, room.height / screen.height);
    if (!(scale > 0)) return exact;
    const width = Math.max(1, Math.floor(screen.width * scale));
    return { width, height: Math.max(1, Math.floor(screen.height * scale)) };
}

/**
 * Return where on the customer's desktop a point of this window is.
 *
 * @param {Layout} layout
 * @param {Box} shown where the whole desktop would be, in the point's coordinates
 * @param {number} clientX
 * @param {number} clientY
 * @param {boolean} clamp take the nearest pixel for a point outside (while dragging)
 * @param {Rect} [area] what is to be seen of the desktop; nothing is under the rest
 * @returns {Place | null} null outside every monitor
 */
export function toWire(layout, shown, clientX, clientY, clamp = false, area = undefined) {
    if (!(shown.width > 0 && shown.height > 0)) return null;
    let x = Math.floor(((clientX - shown.left) * layout.width) / shown.width);
    let y = Math.floor(((clientY - shown.top) * layout.height) / shown.height);
    const seen = area ?? { x: 0, y: 0, w: layout.width, h: layout.height };
    const [nearX, nearY] = [within(x, seen.x, seen.w), within(y, seen.y, seen.h)];
    if (!clamp && (x !== nearX || y !== nearY)) return null;
    [x, y] = [nearX, nearY];
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
 * @param {number} at
 * @param {number} from
 * @param {number} size
 */
function within(at, from, size) {
    return Math.min(Math.max(at, from), from + size - 1);
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

/**
 * Keeps a canvas at the right size and place. The element around it is the room, or, if
 * one is given, cuts out of the picture what is to be seen of it.
 */
export class Viewport {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {HTMLElement | null} [room] gives the room; else what is around the canvas
     */
    constructor(canvas, room = canvas.parentElement) {
        this._canvas = canvas;
        this._room = room;
        /** @type {Layout | null} */
        this._layout = null;
        /** @type {Look} */
        this.look = { size: "fit", monitor: null };
        /** Their pixels in one of ours, as shown now. */
        this.scale = 1;
        /** @type {ResizeObserver | null} */
        this._observer = null;
        if (typeof ResizeObserver === "function" && room) {
            this._observer = new ResizeObserver(() => this.fit());
            this._observer.observe(room);
        }
    }

    /** Watch the room no more: what is observed is kept, shown or not. */
    close() {
        this._observer?.disconnect();
    }

    /** @param {Layout | null} layout */
    setLayout(layout) {
        this._layout = layout;
        this.fit();
    }

    /** @param {Look} look */
    setLook(look) {
        this.look = look;
        this.fit();
    }

    /** Take the size that the present room allows. */
    fit() {
        const layout = this._layout;
        if (!layout || !this._room) return;
        const { style, parentElement: part } = this._canvas;
        const room = { width: this._room.clientWidth, height: this._room.clientHeight };
        const density = globalThis.devicePixelRatio || 1;
        const { x, y, w, h } = areaOf(layout, this.look.monitor);
        const size = shownSize(this.look.size, { width: w, height: h }, room, density);
        const [across, down] = [size.width / w, size.height / h];
        this.scale = across * density;
        // Set through the object model: the page's policy allows no style in markup.
        style.width = `${layout.width * across}px`;
        style.height = `${layout.height * down}px`;
        if (!part || part === this._room) return;
        part.style.width = `${size.width}px`;
        part.style.height = `${size.height}px`;
        style.marginLeft = `${-x * across}px`;
        style.marginTop = `${-y * down}px`;
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
        const area = areaOf(this._layout, this.look.monitor);
        return toWire(this._layout, shown, clientX, clientY, clamp, area);
    }
}
