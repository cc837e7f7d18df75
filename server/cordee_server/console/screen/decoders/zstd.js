// One endless zstd stream, message by message: our own glue around the decoder's
// WebAssembly (vendor/zstd.wasm), whose package only unfolds whole streams.
//
// What comes in was written by a customer's computer that nobody vouches for:
// 1. the frame header is the one plain form the wire allows, its window the one the
//    layout announced: so memory is known before the decoder sees a byte;
// 2. a message unfolds to exactly the bytes it announces, into a buffer with room for
//    one byte more: one too many is seen, two too many are never written;
// 3. a frame never ends, so no second one with other numbers can follow.

import { MalformedFrame } from "../../errors.js";
import { PICTURE_PIXELS_MAX, WINDOW_LOG_MIN } from "../../wire/picture.js";
import { RECORD_PLAINTEXT_MAX } from "../../wire/frames.js";

/** RGBA of the largest pointer is no more than RGB of the largest message. */
const OUTPUT_MAX = PICTURE_PIXELS_MAX * 3;
/** Magic, descriptor, window (RFC 8878, 3.1.1.1). */
const HEADER_BYTES = 6;
/** Above this a size is an error code: 2^32 minus a small number. */
const ERRORS_FROM = 2 ** 32 - 128;

/**
 * What the module gives; sizes and pointers are 32-bit numbers, seen as signed.
 * @typedef {{
 *   memory: WebAssembly.Memory,
 *   malloc: (size: number) => number,
 *   free: (at: number) => void,
 *   ZSTD_createDCtx: () => number,
 *   ZSTD_freeDCtx: (context: number) => number,
 *   ZSTD_decompressStream: (context: number, output: number, input: number) => number,
 * }} Exports
 */

/**
 * @param {BufferSource} wasm vendor/zstd.wasm
 * @returns {Promise<Zstd>}
 */
export async function loadZstd(wasm) {
    // The decoder says when its memory has grown; we look at it anew each time.
    const env = { emscripten_notify_memory_growth: () => {} };
    const { instance } = await WebAssembly.instantiate(wasm, { env });
    return new Zstd(/** @type {Exports} */ (/** @type {unknown} */ (instance.exports)));
}

/** The decoder, with at most one stream open. */
export class Zstd {
    /** @param {Exports} exports */
    constructor(exports) {
        this._lib = exports;
        this._context = 0;
        this._windowLog = 0;
        this._isBegun = false;
        this._input = this._allocate(RECORD_PLAINTEXT_MAX);
        this._output = this._allocate(OUTPUT_MAX + 1);
        // ZSTD_inBuffer and ZSTD_outBuffer: pointer, size, position.
        this._from = this._allocate(12);
        this._to = this._allocate(12);
    }

    /**
     * Begin a new stream; the one before is forgotten.
     * @param {number} windowLog base-2 logarithm of its window, as announced
     */
    open(windowLog) {
        this.close();
        this._context = this._lib.ZSTD_createDCtx();
        if (!this._context) throw new MalformedFrame("no memory for the pictures");
        this._windowLog = windowLog;
    }

    /** Give the stream's memory back. */
    close() {
        if (this._context) this._lib.ZSTD_freeDCtx(this._context);
        this._context = 0;
        this._isBegun = false;
    }

    /**
     * Unfold one message.
     *
     * @param {Uint8Array} data
     * @param {number} size bytes that must come out
     * @returns {Uint8Array} a view of the decoder's memory, good until the next call
     * @throws {MalformedFrame} anything but exactly that; the stream is over then
     */
    unfold(data, size) {
        try {
            return this._unfold(data, size);
        } catch (fault) {
            this.close();
            throw fault;
        }
    }

    /**
     * @param {Uint8Array} data
     * @param {number} size
     */
    _unfold(data, size) {
        if (!this._context) throw new MalformedFrame("pixels without a stream");
        if (data.length > RECORD_PLAINTEXT_MAX || size > OUTPUT_MAX) {
            throw new MalformedFrame("more than a message may hold");
        }
        if (!this._isBegun) this._checkHeader(data);
        this._isBegun = true;
        new Uint8Array(this._lib.memory.buffer).set(data, this._input);
        this._describe(this._from, this._input, data.length);
        this._describe(this._to, this._output, size + 1);
        // Each turn reads or writes something, else the decoder itself gives up.
        while (this._position(this._from) < data.length && this._position(this._to) <= size) {
            const left =
                this._lib.ZSTD_decompressStream(this._context, this._to, this._from) >>> 0;
            if (left >= ERRORS_FROM) {
                throw new MalformedFrame(`zstd error ${2 ** 32 - left}`);
            }
            if (left === 0) throw new MalformedFrame("the stream ended");
        }
        const written = this._position(this._to);
        if (written !== size) {
            throw new MalformedFrame(`${size} bytes announced, other than that came`);
        }
        return new Uint8Array(this._lib.memory.buffer, this._output, size);
    }

    /** @param {Uint8Array} data */
    _checkHeader(data) {
        const window = (this._windowLog - WINDOW_LOG_MIN) << 3;
        const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, window];
        if (data.length < HEADER_BYTES || header.some((byte, at) => data[at] !== byte)) {
            throw new MalformedFrame("a stream that does not begin as announced");
        }
    }

    /** @param {number} size */
    _allocate(size) {
        const at = this._lib.malloc(size) >>> 0;
        if (!at) throw new MalformedFrame("no memory for the pictures");
        return at;
    }

    /**
     * @param {number} at a ZSTD_inBuffer or ZSTD_outBuffer
     * @param {number} pointer
     * @param {number} size
     */
    _describe(at, pointer, size) {
        const view = new DataView(this._lib.memory.buffer, at, 12);
        view.setUint32(0, pointer, true);
        view.setUint32(4, size, true);
        view.setUint32(8, 0, true);
    }

    /** @param {number} at */
    _position(at) {
        return new DataView(this._lib.memory.buffer, at, 12).getUint32(8, true);
    }
}
