// Pictures as they travel on the screen channel. The same as
// shared/cordee_shared/wire/picture.py, where the layout is drawn and the rules
// stand; shared/vectors/picture.json keeps the two honest.

import { FrameTooLarge, MalformedFrame, UnexpectedMessage } from "../errors.js";
import { RECORD_PLAINTEXT_MAX } from "./frames.js";
import { isSizeOf, stillSize } from "./still.js";

// The same numbers as in shared/cordee_shared/limits.py.
export const SCREEN_PIXELS_MAX = 16 * 1024 * 1024;
export const PICTURE_PIXELS_MAX = 1 << 18;
export const PICTURE_WINDOW_LOG_MAX = 26;
export const PICTURE_FLIGHT_MAX = 256 * 1024;
export const MONITORS_MAX = 16;
export const CURSOR_SIDE_MAX = 256;

/** zstd's own smallest window. */
export const WINDOW_LOG_MIN = 10;
/** The last pixel of a monitor on the wire, whatever its size. */
export const FAR = 65535;

const LAYOUT = 0x01;
const RECTS = 0x02;
const SHAPE = 0x03;
const POINTER = 0x04;
const PING = 0x05;
const ACK = 0x10;
const TAKES = 0x11;

/** Bytes of each message without its list and payload. */
const SIZE = { LAYOUT: 13, MONITOR: 10, RECTS: 8, RECT: 8, SHAPE: 13, POINTER: 9, PING: 11 };

/**
 * How pixels are written, in the order of their numbers on the wire.
 * @typedef {"exact" | "columns" | import("./still.js").Still} Coding
 */

/** @type {readonly Coding[]} */
export const CODINGS = ["exact", "columns", "webp", "lossless", "png", "jpeg"];
/** What does not show what the customer sees bit for bit. @type {ReadonlySet<Coding>} */
export const LOSSY = new Set(/** @type {Coding[]} */ (["webp", "jpeg"]));
const PRIMARY = 0x01;

/**
 * A rectangle of the screen, in desktop pixels.
 * @typedef {{ x: number, y: number, w: number, h: number }} Rect
 *
 * @typedef {{ id: number, primary: boolean, rect: Rect }} Monitor
 *
 * Opens an epoch: the screen is black.
 * @typedef {{
 *   kind: "layout", seq: 0, epoch: number, cfg: number, windowLog: number,
 *   width: number, height: number, monitors: Monitor[],
 * }} Layout
 *
 * @typedef {{
 *   kind: "rects", seq: number, coding: Coding, rects: Rect[], payload: Uint8Array,
 * }} Rects
 *
 * 0 by 0 is a hidden pointer.
 * @typedef {{
 *   kind: "shape", seq: number, width: number, height: number,
 *   hotX: number, hotY: number, payload: Uint8Array,
 * }} Shape
 *
 * @typedef {{ kind: "pointer", seq: number, x: number, y: number }} Pointer
 * What the agent measured of the way; 0: not known yet.
 * @typedef {{ kind: "ping", seq: number, tripMs: number, rateKbit: number }} Ping
 * @typedef {Layout | Rects | Shape | Pointer | Ping} FromAgent
 */

/**
 * Read what an agent sent.
 *
 * @param {Uint8Array} data one record's content
 * @param {Layout | null} screen the epoch's layout; null before the first one
 * @returns {FromAgent}
 * @throws {FrameTooLarge} longer than a record can be
 * @throws {MalformedFrame} not such a message, or a number out of its bounds
 * @throws {UnexpectedMessage} a picture before any layout
 */
export function decode(data, screen) {
    if (data.length > RECORD_PLAINTEXT_MAX) {
        throw new FrameTooLarge(`a picture message of ${data.length} bytes`);
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const kind = data.length ? view.getUint8(0) : -1;
    if (kind === LAYOUT) return decodeLayout(view);
    if (kind < RECTS || kind > PING) {
        throw new MalformedFrame(`no picture message begins with ${kind}`);
    }
    if (screen === null) throw new UnexpectedMessage("a picture before its layout");
    if (kind === RECTS) return decodeRects(view, data, screen);
    if (kind === SHAPE) return decodeShape(view, data, screen);
    mustBe(data.length === (kind === POINTER ? SIZE.POINTER : SIZE.PING), "its length");
    const seq = view.getUint32(1);
    if (kind === PING) {
        return { kind: "ping", seq, tripMs: view.getUint16(5), rateKbit: view.getUint32(7) };
    }
    const [x, y] = [view.getUint16(5), view.getUint16(7)];
    mustBe(x < screen.width && y < screen.height, "a pointer outside the screen");
    return { kind: "pointer", seq, x, y };
}

/**
 * @param {number} epoch
 * @param {number} seq the last message painted
 */
export function encodeAck(epoch, seq) {
    const data = new Uint8Array(7);
    const view = new DataView(data.buffer);
    view.setUint8(0, ACK);
    view.setUint16(1, epoch);
    view.setUint32(3, seq);
    return data;
}

/** @param {Iterable<Coding>} codings what this browser unfolds */
export function encodeTakes(codings) {
    const data = new Uint8Array(3);
    let bits = 0;
    for (const coding of codings) bits |= 1 << CODINGS.indexOf(coding);
    new DataView(data.buffer).setUint16(1, bits);
    data[0] = TAKES;
    return data;
}

/**
 * @param {boolean} rule
 * @param {string} fault
 */
function mustBe(rule, fault) {
    if (!rule) throw new MalformedFrame(`a picture message: ${fault}`);
}

/**
 * @param {DataView} view
 * @returns {Layout}
 */
function decodeLayout(view) {
    mustBe(view.byteLength >= SIZE.LAYOUT, "its length");
    const count = view.getUint8(12);
    mustBe(view.byteLength === SIZE.LAYOUT + count * SIZE.MONITOR, "its length");
    const [width, height] = [view.getUint16(8), view.getUint16(10)];
    const windowLog = view.getUint8(7);
    mustBe(width > 0 && height > 0, "a screen without pixels");
    mustBe(width * height <= SCREEN_PIXELS_MAX, "a screen too large"); // S-41
    mustBe(windowLog === 0 || windowLog >= WINDOW_LOG_MIN, "a window too small");
    mustBe(windowLog <= PICTURE_WINDOW_LOG_MAX, "a window too large");
    mustBe(count >= 1 && count <= MONITORS_MAX, `${count} monitors`);
    /** @type {Monitor[]} */
    const monitors = [];
    for (let at = SIZE.LAYOUT; at < view.byteLength; at += SIZE.MONITOR) {
        const flags = view.getUint8(at + 1);
        mustBe(flags === 0 || flags === PRIMARY, "a monitor's flags");
        const rect = readRect(view, at + 2, width, height);
        monitors.push({ id: view.getUint8(at), primary: flags === PRIMARY, rect });
    }
    mustBe(new Set(monitors.map((one) => one.id)).size === count, "two of one id");
    return {
        kind: "layout",
        seq: 0,
        epoch: view.getUint16(1),
        cfg: view.getUint32(3),
        windowLog,
        width,
        height,
        monitors,
    };
}

/**
 * @param {DataView} view
 * @param {Uint8Array} data
 * @param {Layout} screen
 * @returns {Rects}
 */
function decodeRects(view, data, screen) {
    mustBe(data.length >= SIZE.RECTS, "its length");
    const coding = CODINGS[view.getUint8(5)];
    if (!coding) throw new MalformedFrame("a picture message: its coding");
    const isStreamed = coding === "exact" || coding === "columns";
    mustBe(!isStreamed || screen.windowLog > 0, "pixels of no stream");
    const count = view.getUint16(6);
    const end = SIZE.RECTS + count * SIZE.RECT;
    mustBe(count > 0 && data.length > end, "a picture without pixels");
    /** @type {Rect[]} */
    const rects = [];
    let pixels = 0;
    for (let at = SIZE.RECTS; at < end; at += SIZE.RECT) {
        const rect = readRect(view, at, screen.width, screen.height);
        pixels += rect.w * rect.h;
        rects.push(rect);
    }
    mustBe(pixels <= PICTURE_PIXELS_MAX, "more pixels than one message may hold");
    const payload = data.subarray(end);
    if (!isStreamed) {
        const [rect] = rects;
        if (!rect || rects.length > 1) {
            throw new MalformedFrame("a picture message: one file for several rectangles");
        }
        const fits = isSizeOf(stillSize(coding, payload), rect, LOSSY.has(coding) ? 4 : 1);
        mustBe(fits, "a file of another size"); // S-41
    }
    return { kind: "rects", seq: view.getUint32(1), coding, rects, payload };
}

/**
 * @param {DataView} view
 * @param {Uint8Array} data
 * @param {Layout} screen
 * @returns {Shape}
 */
function decodeShape(view, data, screen) {
    mustBe(data.length >= SIZE.SHAPE, "its length");
    const [width, height] = [view.getUint16(5), view.getUint16(7)];
    const [hotX, hotY] = [view.getUint16(9), view.getUint16(11)];
    const payload = data.subarray(SIZE.SHAPE);
    mustBe(width <= CURSOR_SIDE_MAX && height <= CURSOR_SIDE_MAX, "a pointer's size");
    const isHidden = width === 0;
    mustBe((height === 0) === isHidden && (payload.length === 0) === isHidden, "its size");
    mustBe(isHidden || (hotX < width && hotY < height), "a hot spot outside");
    if (!isHidden && screen.windowLog === 0) {
        const fits = isSizeOf(stillSize("png", payload), { w: width, h: height }, 1);
        mustBe(fits, "a file of another size"); // S-41
    }
    return { kind: "shape", seq: view.getUint32(1), width, height, hotX, hotY, payload };
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} width of the screen
 * @param {number} height of the screen
 * @returns {Rect}
 */
function readRect(view, at, width, height) {
    const [x, y] = [view.getUint16(at), view.getUint16(at + 2)];
    const [w, h] = [view.getUint16(at + 4), view.getUint16(at + 6)];
    mustBe(w > 0 && h > 0, "an empty rectangle");
    mustBe(x + w <= width && y + h <= height, "a rectangle outside the screen");
    return { x, y, w, h };
}
