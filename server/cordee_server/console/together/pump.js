// Files on their way to the customer: read, sealed and sent as the line lets it, one
// after the other. The twin of agent/cordee_agent/together/leaving.py.

import { Courtesy } from "../wire/courtesy.js";
import { Channel } from "../wire/frames.js";
import { Sending } from "../wire/transfer.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./channels.js").Ground} Ground */
/** @typedef {import("./rows.js").Row} Row */

/** A file is read from the disk in blocks of so many bytes. */
const BLOCK = 1024 * 1024;

/** One file that leaves. */
export class Leaving {
    isAccepted = false;
    #file;
    #blockAt = 0;
    #block = new Uint8Array(0);

    /**
     * @param {Row} row
     * @param {Blob} file
     */
    constructor(row, file) {
        this.row = row;
        this.#file = file;
        this.sending = new Sending(row.id, row.size);
    }

    /**
     * @param {number} at
     * @param {number} size
     * @returns {Promise<Bytes>} fewer bytes when the block ends; none when the file is
     *     not what it was
     */
    async read(at, size) {
        const within = at - this.#blockAt;
        if (within < 0 || within >= this.#block.length) {
            try {
                const blob = this.#file.slice(at, at + BLOCK);
                this.#block = new Uint8Array(await blob.arrayBuffer());
            } catch {
                return new Uint8Array(0); // changed or gone since it was chosen
            }
            this.#blockAt = at;
        }
        return this.#block.subarray(at - this.#blockAt, at - this.#blockAt + size);
    }
}

/** Owned by the session's files. */
export class Pump {
    #ground;
    #broken;
    /** @type {Leaving[]} */
    #queue = [];
    #courtesy = new Courtesy();
    #isRunning = false;
    /** @type {unknown} */
    #timer = null;

    /**
     * @param {Ground} ground
     * @param {(leaving: Leaving) => void} broken a file is not what it was
     */
    constructor(ground, broken) {
        this.#ground = ground;
        this.#broken = broken;
    }

    /** @param {Leaving} leaving the customer wants it, from where it stands */
    add(leaving) {
        if (!this.#queue.includes(leaving)) this.#queue.push(leaving);
        if (this.#queue[0] === leaving) this.#courtesy.begin(leaving.sending.at);
        void this.#run();
    }

    /** @param {Leaving} leaving this one is over */
    remove(leaving) {
        const index = this.#queue.indexOf(leaving);
        if (index < 0) return;
        this.#queue.splice(index, 1);
        const [next] = this.#queue;
        if (index === 0 && next !== undefined) this.#courtesy.begin(next.sending.at);
        void this.#run();
    }

    /**
     * @param {Leaving} leaving
     * @param {number} at everything before it is written at the customer's
     */
    acked(leaving, at) {
        if (this.#queue[0] === leaving) this.#courtesy.acked(at, this.#nowS);
        void this.#run();
    }

    stop() {
        this.#queue = [];
        if (this.#timer !== null) this.#ground.clock.cancel(/** @type {any} */ (this.#timer));
        this.#timer = null;
    }

    get #nowS() {
        return this.#ground.clock.now() / 1000;
    }

    async #run() {
        if (this.#isRunning) return;
        this.#isRunning = true;
        try {
            while (await this.#sendOne());
        } finally {
            this.#isRunning = false;
        }
    }

    /** @returns {Promise<boolean>} whether another may go at once */
    async #sendOne() {
        const [leaving] = this.#queue;
        if (leaving === undefined || !leaving.sending.isWanted) return false;
        const { sending } = leaving;
        const done = sending.done();
        if (done !== null) {
            await this.#ground.seal(Channel.FILE, done);
            return true;
        }
        const size = Math.min(this.#courtesy.maySend(this.#nowS), sending.left);
        if (size <= 0) {
            if (sending.left > 0) this.#wait(this.#courtesy.waitS(this.#nowS));
            return false;
        }
        const { at } = sending;
        const data = await leaving.read(at, size);
        if (this.#queue[0] !== leaving || sending.at !== at || !sending.isWanted) {
            return true; // stopped or cut while the disk was read
        }
        if (data.length === 0) {
            this.#broken(leaving);
            return true;
        }
        const record = sending.piece(data);
        this.#courtesy.sent(data.length, this.#nowS);
        await this.#ground.seal(Channel.FILE, record);
        return true;
    }

    /** @param {number} seconds */
    #wait(seconds) {
        if (seconds <= 0 || this.#timer !== null) return;
        this.#timer = this.#ground.clock.later(() => {
            this.#timer = null;
            void this.#run();
        }, seconds * 1000);
    }
}
