// The customer's screen in this page: messages in, pixels and acknowledgements out.
//
// Rules:
// 1. Messages are done in the order they came; one is unfolded at a time, so a
//    hostile agent makes this page hold at most BACKLOG_MAX of its bytes.
// 2. Acknowledged is what has been painted. The agent waits for that, so painting
//    never depends on a timer that a hidden tab slows down.
// 3. One layout a painting: a new screen may cost 64 MiB, and the page has to stay
//    awake for the technician in between.
// 4. After a fault nothing more is believed; `reset` begins anew.

import { CordeeError, LocalViolation, MalformedFrame, RemoteViolation } from "../errors.js";
import { LOSSY, PICTURE_FLIGHT_MAX, decode, encodeAck } from "../wire/picture.js";
import { startWorker } from "./decoders/start.js";
import { Display } from "./display.js";
import { Viewport } from "./viewport.js";

/**
 * @typedef {import("../wire/picture.js").Layout} Layout
 * @typedef {import("../wire/picture.js").FromAgent} FromAgent
 * @typedef {import("./decoders/unfold.js").Job} Job
 * @typedef {import("./decoders/unfold.js").Done} Done
 * @typedef {import("./viewport.js").Place} Place
 * @typedef {import("./viewport.js").Look} Look
 *
 * What the technician may know of picture and way; 0: not measured yet.
 * @typedef {{ isSharp: boolean, tripMs: number, rateKbit: number }} Sight
 *
 * What a Worker is to this module.
 * @typedef {{
 *   postMessage: (job: Job) => void,
 *   terminate: () => void,
 *   onmessage: ((event: { data: Done }) => void) | null,
 *   onerror: ((event: { message?: string }) => void) | null,
 * }} Decoder
 *
 * @typedef {{
 *   sendAck: (payload: Uint8Array) => void,
 *   onLayout?: (layout: Layout) => void,
 *   onSight?: (sight: Sight) => void,
 *   onFault?: (fault: CordeeError) => void,
 *   startDecoder?: () => Decoder,
 *   room?: HTMLElement,
 * }} Links
 */

/** An honest agent never has so much on its way: twice its window, and two records. */
const BACKLOG_MAX = 4 * PICTURE_FLIGHT_MAX;
/** Painting waits no longer than this for the browser's next frame. */
const PAINT_MS = 100;

/** Shows one agent's screen on one canvas. */
export class RemoteScreen {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {Links} links `onFault` is told why the session cannot go on; `room` is
     *     what to fit into, else the canvas's parent
     */
    constructor(canvas, { sendAck, onLayout, onSight, onFault, startDecoder, room }) {
        this._sendAck = sendAck;
        this._onLayout = onLayout ?? (() => {});
        this._onSight = onSight ?? (() => {});
        /** @type {Sight} */
        this._sight = { isSharp: true, tripMs: 0, rateKbit: 0 };
        this._onFault = onFault ?? (() => {});
        this._startDecoder =
            startDecoder ??
            (() => /** @type {Decoder} */ (/** @type {unknown} */ (startWorker())));
        this._display = new Display(canvas);
        this._viewport = new Viewport(canvas, room);
        /** @type {Decoder | null} */
        this._decoder = null;
        /** The layout that the next message is checked against. @type {Layout | null} */
        this._announced = null;
        /** The layout on the canvas. @type {Layout | null} */
        this._shown = null;
        /** @type {{ message: FromAgent, size: number }[]} */
        this._queue = [];
        this._backlog = 0;
        this._expected = 0;
        this._isUnfolding = false;
        /** @type {CordeeError | null} */
        this._fault = null;
        /** Whether the layout that was begun last is still to be painted. */
        this._isFresh = false;
        /** @type {number | null} the last seq done and not yet acknowledged */
        this._done = null;
        /** @type {{ frame: number, timer: ReturnType<typeof setTimeout> } | null} */
        this._planned = null;
        this._count = { messages: 0, bytes: 0, pixels: 0, paintings: 0 };
    }

    /**
     * Take one message of the screen channel.
     *
     * @param {Uint8Array} payload
     * @throws {CordeeError} the agent broke the rules: end the session
     */
    receive(payload) {
        if (this._fault) throw this._fault;
        try {
            const message = decode(payload, this._announced);
            this._checkOrder(message);
            this._backlog += payload.length;
            if (this._backlog > BACKLOG_MAX) {
                throw new RemoteViolation("pictures are pushed, not asked for");
            }
            this._queue.push({ message, size: payload.length });
        } catch (fault) {
            if (fault instanceof CordeeError) this._fail(fault);
            throw fault;
        }
        this._count.messages += 1;
        this._count.bytes += payload.length;
        this._work();
    }

    /** Forget everything; the canvas stays as it is until the next layout. */
    reset() {
        this._decoder?.terminate();
        this._decoder = null;
        this._announced = this._shown = null;
        this._viewport.setLayout(null);
        this._queue = [];
        this._backlog = 0;
        this._isUnfolding = false;
        this._fault = null;
        this._done = null;
        this._isFresh = false;
        this._cancelPainting();
    }

    /** Nothing is shown here any more. */
    close() {
        this.reset();
        this._viewport.close();
    }

    /**
     * Return which of the customer's pixels is at a point of this window.
     *
     * @param {number} clientX
     * @param {number} clientY
     * @param {{ clamp?: boolean }} [options] clamp: the nearest one, while dragging
     * @returns {Place | null} null outside the picture, or before there is one
     */
    toWire(clientX, clientY, { clamp = false } = {}) {
        return this._viewport.toWire(clientX, clientY, clamp);
    }

    /** @param {Look} look */
    setLook(look) {
        this._viewport.setLook(look);
    }

    /** Their pixels in one of ours, as shown now. */
    get scale() {
        return this._viewport.scale;
    }

    /** Return what was received so far, for the page's own log. */
    stats() {
        return {
            ...this._count,
            backlog: this._backlog,
            width: this._shown?.width ?? 0,
            height: this._shown?.height ?? 0,
        };
    }

    // --- in order ------------------------------------------------------------------

    /** @param {FromAgent} message */
    _checkOrder(message) {
        if (message.kind === "layout") {
            this._announced = message;
            this._expected = 0;
        }
        if (message.seq !== this._expected) {
            throw new RemoteViolation(`picture ${message.seq}, not ${this._expected}`);
        }
        this._expected += 1;
    }

    /** Do what can be done now; goes on when pixels come back or after a painting. */
    _work() {
        while (!this._isUnfolding && !this._fault) {
            const next = this._queue[0];
            if (!next) break;
            const { message } = next;
            if (message.kind === "layout") {
                if (this._isFresh) break; // rule 3
                this._begin(message);
            } else if (message.kind === "rects") {
                this._unfold(this._job(message));
                break;
            } else if (message.kind === "shape" && message.width) {
                this._unfold(this._shapeJob(message));
                break;
            } else if (message.kind === "shape") {
                this._display.setShape(0, 0, { x: 0, y: 0 }, new Uint8ClampedArray());
            } else if (message.kind === "pointer") {
                this._display.movePointer(message.x, message.y);
            } else if (message.kind === "ping") {
                this._tell({ tripMs: message.tripMs, rateKbit: message.rateKbit });
            }
            this._finish();
        }
        this._planPainting();
    }

    /** @param {Layout} layout */
    _begin(layout) {
        this._shown = layout;
        this._isFresh = true;
        this._decoder ??= this._listenTo(this._startDecoder());
        this._decoder.postMessage({ do: "open", windowLog: layout.windowLog });
        this._display.begin(layout.width, layout.height);
        this._viewport.setLayout(layout);
        this._onLayout(layout);
    }

    /**
     * @param {import("../wire/picture.js").Rects} message
     * @returns {Job}
     */
    _job({ coding, rects, payload }) {
        const pixels = rects.reduce((sum, { w, h }) => sum + w * h, 0);
        this._count.pixels += pixels;
        if (coding === "exact" || coding === "columns") return { do: coding, payload, rects };
        const { w, h } = /** @type {import("../wire/picture.js").Rect} */ (rects[0]);
        return { do: "still", coding, payload, width: w, height: h };
    }

    /**
     * @param {import("../wire/picture.js").Shape} message
     * @returns {Job}
     */
    _shapeJob({ width, height, payload }) {
        if (this._shown?.windowLog) return { do: "shape", payload, pixels: width * height };
        return { do: "still", coding: "png", payload, width, height };
    }

    /** @param {Partial<Sight>} news */
    _tell(news) {
        const sight = { ...this._sight, ...news };
        const [before, after] = [this._sight, sight].map((one) => JSON.stringify(one));
        this._sight = sight;
        if (before !== after) this._onSight(sight);
    }

    /** @param {Job} job */
    _unfold(job) {
        this._isUnfolding = true;
        this._decoder?.postMessage(job);
    }

    /** The first message of the queue is done. */
    _finish() {
        const done = this._queue.shift();
        if (!done) return;
        this._backlog -= done.size;
        this._done = done.message.seq;
    }

    /**
     * @param {Decoder} decoder
     * @returns {Decoder}
     */
    _listenTo(decoder) {
        decoder.onmessage = ({ data }) => {
            if (decoder === this._decoder) this._unfolded(data);
        };
        decoder.onerror = ({ message }) => {
            if (decoder === this._decoder) {
                this._fail(new LocalViolation(`the picture worker failed: ${message}`));
            }
        };
        return decoder;
    }

    /** @param {Done} done */
    _unfolded(done) {
        if ("fault" in done) {
            const Kind = done.isOurs ? LocalViolation : MalformedFrame;
            this._fail(new Kind(done.fault));
            return;
        }
        if (!("rgba" in done)) return; // only a probe is answered otherwise
        const message = this._queue[0]?.message;
        this._isUnfolding = false;
        if (message?.kind === "rects") {
            this._display.paint(message.rects, done.rgba, !LOSSY.has(message.coding));
        } else if (message?.kind === "shape") {
            const hot = { x: message.hotX, y: message.hotY };
            this._display.setShape(message.width, message.height, hot, done.rgba);
        }
        this._finish();
        this._work();
    }

    /** @param {CordeeError} fault */
    _fail(fault) {
        if (this._fault) return;
        this._fault = fault;
        this._queue = [];
        this._decoder?.terminate();
        this._decoder = null;
        this._cancelPainting();
        this._onFault(fault);
    }

    // --- painting --------------------------------------------------------------------

    _planPainting() {
        if (this._fault || this._done === null) return;
        if (!this._display.isStale) {
            // Nothing to see (a ping): the way is measured, not the screen.
            this._paint();
            return;
        }
        if (this._planned) return;
        if (globalThis.document?.visibilityState === "hidden") {
            // No frames come and timers are slowed: a tab in the background would
            // stop the customer's stream. Painting costs little there.
            this._paint();
            return;
        }
        const paint = () => this._paint();
        this._planned = {
            frame: requestAnimationFrame(paint),
            timer: setTimeout(paint, PAINT_MS),
        };
    }

    _cancelPainting() {
        if (!this._planned) return;
        cancelAnimationFrame(this._planned.frame);
        clearTimeout(this._planned.timer);
        this._planned = null;
    }

    _paint() {
        this._cancelPainting();
        if (this._display.isStale) this._count.paintings += 1;
        this._display.flush();
        this._tell({ isSharp: this._display.isSharp });
        if (this._done !== null && this._shown) {
            const seq = this._done;
            this._done = null;
            this._sendAck(encodeAck(this._shown.epoch, seq));
        }
        this._isFresh = false;
        // A layout may have waited for this painting; the page has its turn first.
        if (this._queue.length && !this._isUnfolding) inATurn(() => this._work());
    }
}

/**
 * Call back in a turn of its own; no timer, for hidden tabs slow timers down.
 * @param {() => void} callback
 */
function inATurn(callback) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
        port1.close();
        callback();
    };
    port2.postMessage(null);
}
