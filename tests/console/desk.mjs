// A customer's agent for the console's files: the same transfers, no relay.

import { decode, encode } from "../../server/cordee_server/console/wire/files.js";
import { Files } from "../../server/cordee_server/console/together/files.js";
import { Receiving, Sending } from "../../server/cordee_server/console/wire/transfer.js";

/** @typedef {import("../../server/cordee_server/console/wire/files.js").Said} Said */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const PIECE = 8 * 1024;

/** @param {number} size */
export const content = (size) => Uint8Array.from({ length: size }, (_, at) => 7 * at + (at >> 8));

/** @param {Uint8Array[]} pieces */
export const joined = (pieces) => new Uint8Array(Buffer.concat(pieces));

/** The console's files, and a customer who sends and takes them. */
export class Desk {
    nowMs = 0;
    isOpen = true;
    /** @type {{ kind: string, data: any }[]} */
    acts = [];
    /** Everything said, in order; acts by their kind. @type {(Said | string)[]} */
    said = [];
    /** @type {Bytes[]} */
    way = [];
    /** @type {Map<number, { sending: Sending, body: Bytes }>} */
    ours = new Map();
    /** @type {Map<number, { receiving: Receiving, pieces: Bytes[] }>} */
    theirs = new Map();
    takes = true;
    /** What the technician's disk does. */
    disk = {
        opens: true,
        isFull: false,
        kept: false,
        discarded: 0,
        pieces: /** @type {Bytes[]} */ ([]),
    };
    /** @type {{ then: () => void, ms: number }[]} */
    timers = [];

    constructor() {
        this.files = new Files(
            {
                seal: async (_channel, payload) => {
                    await Promise.resolve();
                    if (this.isOpen) this.way.push(payload);
                },
                act: async (kind, data) => {
                    await Promise.resolve();
                    if (!this.isOpen) throw new Error("nobody can be told");
                    this.acts.push({ kind, data });
                    this.said.push(kind);
                },
                changed: () => {},
                clock: {
                    now: () => this.nowMs,
                    later: (then, ms) => this.timers.push({ then, ms }),
                    cancel: () => {},
                },
            },
            async () => this.#sink(),
        );
        this.files.settle(true);
    }

    #sink() {
        const { disk } = this;
        if (!disk.opens) return null;
        return {
            write: async (/** @type {Bytes} */ data) => {
                if (disk.isFull) throw new Error("no space left on device");
                disk.pieces.push(new Uint8Array(data));
            },
            keep: async () => {
                disk.kept = true;
            },
            discard: async () => {
                disk.discarded += 1;
            },
        };
    }

    cut() {
        this.isOpen = false;
        this.way = [];
        this.files.settle(false);
        for (const { sending, body } of this.ours.values()) {
            const size = Math.min(PIECE, sending.left);
            if (size > 0) sending.piece(body.slice(sending.at, sending.at + size)); // lost
            sending.cut();
        }
    }

    mend() {
        this.isOpen = true;
        this.files.settle(true);
        for (const { receiving } of this.theirs.values()) this.files.take(receiving.accept());
    }

    /** @type {(id: number, name: string, body: Bytes) => void} the customer offers */
    offer(id, name, body) {
        this.ours.set(id, { sending: new Sending(id, body.length), body });
        this.say({ t: "offer", id, name, size: body.length });
    }

    /** @param {Said} said */
    say(said) {
        this.files.take(encode(said));
    }

    /** @param {Bytes} payload */
    #hear(payload) {
        const said = decode(payload);
        if (said.t === "piece") {
            const taken = this.theirs.get(said.id);
            if (taken === undefined) throw new Error("a piece of nothing");
            taken.receiving.take(said.at, said.data);
            taken.pieces.push(new Uint8Array(said.data));
            this.nowMs += 1;
            this.files.take(taken.receiving.wrote(said.data.length));
            return;
        }
        this.said.push(said);
        if (said.t === "offer" && this.takes && !this.theirs.has(said.id)) {
            const receiving = new Receiving(said.id, said.size);
            this.theirs.set(said.id, { receiving, pieces: [] });
            this.files.take(receiving.accept());
        } else if (said.t === "done") {
            if (this.theirs.get(said.id)?.receiving.isRight(said.sha256)) {
                this.say({ t: "kept", id: said.id });
            }
        } else if (said.t === "accept") {
            this.ours.get(said.id)?.sending.accept(said.at, said.sha256);
        } else if (said.t === "ack") {
            this.ours.get(said.id)?.sending.ack(said.at);
        }
    }

    /**
     * Let both work until `fact` holds.
     *
     * @param {() => unknown} fact
     */
    async until(fact) {
        for (let turn = 0; !fact(); turn++) {
            if (turn > 200_000) throw new Error("it never came to that");
            const next = this.way.shift();
            if (next !== undefined) this.#hear(next);
            else for (const { sending, body } of this.ours.values()) this.#feed(sending, body);
            await new Promise((resolve) => setImmediate(resolve));
        }
    }

    /**
     * @param {Sending} sending
     * @param {Bytes} body
     */
    #feed(sending, body) {
        const size = Math.min(PIECE, sending.left);
        if (size > 0) {
            this.files.take(sending.piece(body.slice(sending.at, sending.at + size)));
            return;
        }
        const done = sending.done();
        if (done !== null) this.files.take(done);
    }

    /** @param {number} id */
    row(id) {
        const row = this.files.state.rows.find((each) => each.id === id);
        if (row === undefined) throw new Error(`no file ${id}`);
        return row;
    }
}
