// One file on its way: what the sender and the receiver each know of it. The twin of
// `cordee_shared/wire/transfer.py`, whose rules these are.

import { MalformedFrame } from "../errors.js";
import { FLIGHT_MAX, encode, encodePiece } from "./files.js";
import { Sha256 } from "./sha256.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */

/** A file that leaves. Owned by its end's list of transfers. */
export class Sending {
    /** Offset of the next byte to send. */
    at = 0;
    /** Everything before it was written by the receiver. */
    acked = 0;
    /** The receiver wants it, and the line it said so on still stands. */
    isWanted = false;
    isDone = false;
    #hash = new Sha256();
    /** Edges that the receiver may stand on. @type {{ at: number, hash: Sha256 }[]} */
    #edges = [{ at: 0, hash: new Sha256() }];

    /**
     * @param {number} id
     * @param {number} size
     */
    constructor(id, size) {
        this.id = id;
        this.size = size;
    }

    get inFlight() {
        return this.at - this.acked;
    }

    /** Bytes that may be sent before the next acknowledgement, window aside. */
    get left() {
        if (!this.isWanted) return 0;
        return Math.min(this.size - this.at, FLIGHT_MAX - this.inFlight);
    }

    /**
     * The receiver wants it from `at` on, and has bytes with this hash.
     *
     * @param {number} at
     * @param {string} sha256
     * @returns {boolean} whether both have the same there; if not, it comes to nothing
     */
    accept(at, sha256) {
        const edge = this.#edges.find((each) => each.at === at);
        if (edge === undefined || edge.hash.hex() !== sha256) return false;
        this.#edges = [edge];
        this.at = this.acked = at;
        this.#hash = edge.hash.copy();
        this.isWanted = true;
        this.isDone = false;
        return true;
    }

    /** @param {Bytes} data the next bytes, at most `left` of them */
    piece(data) {
        const record = encodePiece(this.id, this.at, data);
        this.#hash.update(data);
        this.at += data.length;
        this.#edges.push({ at: this.at, hash: this.#hash.copy() });
        return record;
    }

    /**
     * After a cut the disk may still be behind what was accepted then: that is no news.
     *
     * @param {number} at everything before it was written
     * @throws {MalformedFrame} it never got so much
     */
    ack(at) {
        if (at < this.acked) return;
        const index = this.#edges.findIndex((each) => each.at === at);
        if (at > this.at || index < 0) {
            throw new MalformedFrame(`an acknowledgement of ${at} bytes`);
        }
        this.#edges.splice(0, index);
        this.acked = at;
    }

    /** @returns {Bytes | null} the last message once everything was sent, and only once */
    done() {
        if (!this.isWanted || this.isDone || this.at !== this.size) return null;
        this.isDone = true;
        return encode({ t: "done", id: this.id, sha256: this.#hash.hex() });
    }

    /** The line is gone: the receiver has to accept again. */
    cut() {
        this.isWanted = false;
    }
}

/** A file that arrives. Owned by its end's list of transfers. */
export class Receiving {
    /** Everything before it was taken. */
    at = 0;
    /** Everything before it was written. */
    written = 0;
    /** Where it stood when it last said what it wants. */
    #granted = 0;
    #hash = new Sha256();

    /**
     * @param {number} id
     * @param {number} size
     */
    constructor(id, size) {
        this.id = id;
        this.size = size;
    }

    /** The message that says what is wanted: at first, and after a cut. */
    accept() {
        this.#granted = this.at;
        return encode({ t: "accept", id: this.id, at: this.at, sha256: this.#hash.hex() });
    }

    /**
     * Take a piece; the caller writes it, and then says `wrote`.
     *
     * @param {number} at
     * @param {Bytes} data
     * @throws {MalformedFrame} not the next bytes, more than the file has, or more than
     *     may be on the way
     */
    take(at, data) {
        const after = at + data.length;
        const ahead = after - Math.max(this.written, this.#granted);
        if (at !== this.at || after > this.size || ahead > FLIGHT_MAX) {
            throw new MalformedFrame(`a piece at ${at}, at ${this.at} of ${this.size}`);
        }
        this.#hash.update(data);
        this.at = after;
    }

    /** @param {number} size of what was written just now */
    wrote(size) {
        this.written += size;
        return encode({ t: "ack", id: this.id, at: this.written });
    }

    /**
     * @param {string} sha256
     * @returns {boolean} whether what came is the whole file
     * @throws {MalformedFrame} the sender calls it done before it is
     */
    isRight(sha256) {
        if (this.at !== this.size) throw new MalformedFrame(`done at ${this.at} of ${this.size}`);
        return this.#hash.hex() === sha256;
    }
}
