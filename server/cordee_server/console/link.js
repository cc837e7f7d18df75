// The console's WebSocket to the relay: one connection at a time, everything in order.
//
// 1. `hello` is the first message of every connection; nothing is delivered or sent
//    before the relay's `welcome`.
// 2. Messages and records are delivered one after the other: the next waits until
//    the one before has been dealt with, however late WebCrypto answers.
// 3. A lost connection is tried again until `close`, at growing intervals.
// 4. Browsers tell nothing of pings. While a session lives something arrives every
//    15 s (the agent's ticks, the relay's checkpoints); a longer silence is a loss.

/** @typedef {{ t: string, [field: string]: any }} Message */
/** @typedef {import("./input/stream.js").Clock} Clock */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

import { CLOCK } from "./input/stream.js";
import { log } from "./log.js";

/**
 * What a link tells its owner; deliveries are awaited.
 *
 * @typedef {object} Listener
 * @property {(welcome: Message) => Promise<void> | void} up the relay has answered
 * @property {(message: Message) => Promise<void> | void} message
 * @property {(frame: Bytes) => Promise<void> | void} record
 * @property {(opened: boolean) => void} down gone; `opened` tells whether it stood
 */

/** Protocol version of `hello`. */
export const VERSION = 1;
/** Milliseconds before each try to come back (relay.md 7). */
export const BACKOFF_MS = [0, 300, 1200, 2700, 4800, 7000];
/** `limits.HELLO_S`, and twice as much for a slow line. */
export const WELCOME_MS = 10_000;
/** One and a half ticks (`limits.TICK_S`), and a little for the way. */
export const SILENCE_MS = 25_000;
/** `limits.FRAME_MAX`: nothing larger is taken. */
const FRAME_MAX = 288 * 1024;

/** One connection after another. Owned by the page. */
export class Link {
    /** @type {WebSocket | null} */
    #socket = null;
    /** @type {Promise<unknown>} */
    #delivered = Promise.resolve();
    #isUp = false;
    #isWanted = false;
    #isWatched = false;
    #tries = 0;
    /** @type {unknown} */
    #timer = null;
    #url;
    #hello;
    #listener;
    #open;
    #clock;

    /**
     * @param {object} options
     * @param {string} options.url of `/console/v1`
     * @param {() => { lang: string, pk: string }} options.hello
     * @param {Listener} options.listener
     * @param {(url: string) => WebSocket} [options.open]
     * @param {Clock} [options.clock]
     */
    constructor({ url, hello, listener, open = (at) => new WebSocket(at), clock = CLOCK }) {
        this.#url = url;
        this.#hello = hello;
        this.#listener = listener;
        this.#open = open;
        this.#clock = clock;
    }

    /** Whether the relay has answered on the present connection. */
    get isUp() {
        return this.#isUp;
    }

    /** Bytes that the browser has not handed on yet. */
    get buffered() {
        return this.#socket?.bufferedAmount ?? 0;
    }

    /** Connect, and come back whenever the connection is lost. */
    connect() {
        if (this.#isWanted) return;
        this.#isWanted = true;
        this.#tries = 0;
        this.#dial();
    }

    /** Try at once instead of waiting for the next interval. */
    hurry() {
        if (!this.#isWanted || this.#socket !== null) return;
        this.#tries = 0;
        this.#dial();
    }

    /** Leave, and stay away. */
    close() {
        this.#isWanted = false;
        this.#drop();
    }

    /** Give up this connection and come back on a new one. */
    reconnect() {
        if (!this.#isWanted) return;
        this.#drop();
        this.#retry();
    }

    /**
     * Whether silence means that the link is lost: while a session lives.
     *
     * @param {boolean} isWatched
     */
    watch(isWatched) {
        if (isWatched === this.#isWatched) return;
        this.#isWatched = isWatched;
        if (this.#isUp) this.#listen();
    }

    /**
     * @param {Message} message
     * @returns {boolean} whether there is a link to send it on
     */
    send(message) {
        if (!this.#isUp || this.#socket === null) return false;
        this.#socket.send(JSON.stringify(message));
        return true;
    }

    /**
     * @param {Bytes} frame a sealed record
     * @returns {boolean} whether there is a link to send it on
     */
    sendRecord(frame) {
        if (!this.#isUp || this.#socket === null) return false;
        this.#socket.send(frame);
        return true;
    }

    #dial() {
        this.#stopTimer();
        const socket = this.#open(this.#url);
        this.#socket = socket;
        socket.binaryType = "arraybuffer";
        this.#timer = this.#clock.later(() => this.#lose(socket), WELCOME_MS);
        socket.addEventListener("open", () => {
            if (socket !== this.#socket) return;
            socket.send(JSON.stringify({ t: "hello", v: VERSION, ...this.#hello() }));
        });
        socket.addEventListener("message", (event) => this.#take(socket, event.data));
        socket.addEventListener("close", (event) => {
            log.fact("link_closed", { code: event.code });
            this.#lose(socket);
        });
    }

    /**
     * @param {WebSocket} socket
     * @param {unknown} data
     */
    #take(socket, data) {
        if (socket !== this.#socket) return;
        if (this.#isUp) this.#listen();
        this.#delivered = this.#delivered.then(async () => {
            // What a lost connection had brought is not dealt with any more: the
            // relay says again on the next one what has not been seen.
            if (socket !== this.#socket) return;
            try {
                await this.#deliver(data);
            } catch (error) {
                log.fault("delivery", error);
                this.#tries = BACKOFF_MS.length; // what failed now may fail again
                this.reconnect();
            }
        });
    }

    /** @param {unknown} data */
    async #deliver(data) {
        if (data instanceof ArrayBuffer) {
            if (data.byteLength > FRAME_MAX) throw new RangeError("a frame is too large");
            if (!this.#isUp) throw new RangeError("a record before the welcome");
            await this.#listener.record(new Uint8Array(data));
            return;
        }
        const message = /** @type {Message} */ (JSON.parse(String(data)));
        if (this.#isUp) {
            await this.#listener.message(message);
            return;
        }
        if (message.t === "welcome") {
            this.#isUp = true;
            this.#tries = 0;
            this.#listen();
            await this.#listener.up(message);
        } else if (message.t === "refused") {
            await this.#listener.message(message);
        } else {
            throw new RangeError(`${message.t} before the welcome`);
        }
    }

    /** Silence is counted from here. */
    #listen() {
        this.#stopTimer();
        const socket = this.#socket;
        if (!this.#isWatched || socket === null) return;
        this.#timer = this.#clock.later(() => {
            log.fact("link_mute", {});
            this.#lose(socket);
        }, SILENCE_MS);
    }

    /** @param {WebSocket} socket */
    #lose(socket) {
        if (socket !== this.#socket) return;
        this.#drop();
        this.#retry();
    }

    #retry() {
        if (!this.#isWanted) return;
        const wait = BACKOFF_MS[Math.min(this.#tries, BACKOFF_MS.length - 1)] ?? 0;
        this.#tries += 1;
        this.#stopTimer();
        this.#timer = this.#clock.later(() => this.#dial(), wait);
    }

    #drop() {
        this.#stopTimer();
        const socket = this.#socket;
        if (socket === null) return;
        const opened = this.#isUp;
        this.#socket = null;
        this.#isUp = false;
        socket.close(1000);
        this.#listener.down(opened);
    }

    #stopTimer() {
        if (this.#timer !== null) this.#clock.cancel(this.#timer);
        this.#timer = null;
    }
}

/**
 * @param {{ protocol: string, host: string }} location
 * @returns {string} where the relay listens for consoles
 */
export function linkUrl(location) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return `${scheme}//${location.host}/console/v1`;
}
