// One file on its way to this computer: written piece by piece as it comes. The twin of
// agent/cordee_agent/together/arriving.py.

import { log } from "../log.js";
import { Turns } from "../pairing/turns.js";
import { Receiving } from "../wire/transfer.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./sinks.js").Sink} Sink */

/**
 * What a file that arrives tells the session's files.
 *
 * @typedef {object} Told
 * @property {(ack: Bytes) => void} wrote
 * @property {() => Promise<void>} kept it is whole, checked, in its place
 * @property {(why: "disk" | "damaged") => void} broken
 * @property {() => number} now milliseconds
 */

/** From the technician's click on it to its end. */
export class Arriving {
    #sink;
    #told;
    #turns = new Turns();

    /**
     * @param {Row} row
     * @param {Sink} sink
     * @param {Told} told
     */
    constructor(row, sink, told) {
        this.row = row;
        this.receiving = new Receiving(row.id, row.size);
        this.#sink = sink;
        this.#told = told;
    }

    /**
     * @param {number} at
     * @param {Bytes} data
     * @throws {import("../errors.js").MalformedFrame} not the next piece
     */
    take(at, data) {
        this.receiving.take(at, data);
        void this.#turns.take(async () => {
            if (!(await this.#did(() => this.#sink.write(data)))) return;
            this.#told.wrote(this.receiving.wrote(data.length));
            this.row.move(this.receiving.written, this.#told.now());
        });
    }

    /**
     * @param {string} sha256 of the whole file, as its sender says
     * @throws {import("../errors.js").MalformedFrame} it is not whole yet
     */
    done(sha256) {
        if (!this.receiving.isRight(sha256)) {
            this.#told.broken("damaged");
            return;
        }
        void this.#turns.take(async () => {
            if (await this.#did(() => this.#sink.keep())) await this.#told.kept();
        });
    }

    /** Leave nothing of it. */
    discard() {
        void this.#turns.take(() => this.#sink.discard());
    }

    /**
     * @param {() => Promise<void>} work on the disk
     * @returns {Promise<boolean>} whether it was done and still matters
     */
    async #did(work) {
        if (this.row.isOver) return false;
        try {
            await work();
        } catch (error) {
            log.fault("file", error);
            if (!this.row.isOver) this.#told.broken("disk");
            return false;
        }
        return !this.row.isOver;
    }
}
