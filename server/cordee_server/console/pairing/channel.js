// Sealed records between the two ends. The same as
// shared/cordee_shared/pairing/channel.py, where the rules stand;
// shared/vectors/channel.json keeps the two honest.
//
// WebCrypto answers later, and records have an order. So every call waits for the
// one before it, seals and opens alike: promises resolve in the order of the calls,
// and after a close nothing that was under way comes out any more.

import { canonical, readCanonical } from "../canonical.js";
import {
    LocalViolation,
    MalformedFrame,
    RemoteViolation,
    UnexpectedMessage,
} from "../errors.js";
import {
    Channel,
    EPOCH_MAX,
    HEADER_BYTES,
    RECORD_PLAINTEXT_MAX,
    header,
    readHeader,
} from "../wire/frames.js";
import { concat, wipe } from "./bytes.js";
import { hmacKey } from "./pake.js";
import { nextKey, otherRole, sendingKey } from "./schedule.js";
import { Turns } from "./turns.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./schedule.js").Keys} Keys */
/** @typedef {import("./schedule.js").Role} Role */

/** @typedef {{ channel: number, payload: Bytes }} Opened */

/**
 * What the other end said when it closed: its reason, the records it had sealed,
 * and those of ours that it had opened.
 *
 * @typedef {{ reason: string, sent: number, received: number }} Closed
 */

/** Records under one key; `limits.REKEY_RECORDS`. */
export const REKEY_RECORDS = 2 ** 20;
/** No key lives longer, in seconds; `limits.REKEY_S`. */
export const REKEY_S = 600;

const REASON = /^[a-z][a-z_]{0,39}$/;

/** One direction's key, its epoch and its counters. Owned by its channel. */
class Ratchet {
    epoch = 0;
    /** Records under the present key: the next nonce. */
    counter = 0;
    /** Records under all keys. */
    total = 0;
    /** @type {Promise<{ cipher: CryptoKey, chain: CryptoKey }>} */
    #keys;

    /** @param {Bytes} key copied; the caller may wipe its own */
    constructor(key) {
        this.#keys = imported(key.slice());
    }

    /** Replace the key by the one that follows from it. */
    async turn() {
        const { chain } = await this.#keys;
        this.#keys = imported(await nextKey(chain, this.counter));
        this.epoch += 1;
        this.counter = 0;
    }

    /**
     * @param {Bytes} head
     * @param {Bytes} payload
     */
    async seal(head, payload) {
        const { cipher } = await this.#keys;
        const sealed = await crypto.subtle.encrypt(this.#params(head), cipher, payload);
        this.#count();
        return new Uint8Array(sealed);
    }

    /**
     * @param {Bytes} head
     * @param {Bytes} sealed
     */
    async open(head, sealed) {
        const { cipher } = await this.#keys;
        const payload = await crypto.subtle.decrypt(this.#params(head), cipher, sealed);
        this.#count();
        return new Uint8Array(payload);
    }

    /** @param {Bytes} head */
    #params(head) {
        const nonce = new DataView(new ArrayBuffer(12));
        nonce.setBigUint64(4, BigInt(this.counter));
        return { name: "AES-GCM", iv: nonce.buffer, additionalData: head };
    }

    #count() {
        this.counter += 1;
        this.total += 1;
    }
}

/**
 * @param {Bytes} raw wiped: what remains cannot be taken out of the engine
 */
async function imported(raw) {
    const [cipher, chain] = await Promise.all([
        crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
        hmacKey(raw),
    ]);
    wipe(raw);
    return { cipher, chain };
}

/** Both directions of one link, from a fresh set of keys to its end. */
export class SealedChannel {
    /** @type {Ratchet} */
    #out;
    /** @type {Ratchet} */
    #in;
    #since;
    #rekeyRecords;
    /** @type {string | null} */
    #ended = null;
    /** @type {Closed | null} */
    #closed = null;
    #turns = new Turns();

    /**
     * @param {Role} role which end this is
     * @param {Keys} keys of a pairing or of a resume, never used before
     * @param {number} now seconds of a clock that never goes back
     * @param {{ rekeyRecords?: number }} [options] both ends count on the default
     */
    constructor(role, keys, now, { rekeyRecords = REKEY_RECORDS } = {}) {
        this.#out = new Ratchet(sendingKey(keys, role));
        this.#in = new Ratchet(sendingKey(keys, otherRole(role)));
        this.#since = now;
        this.#rekeyRecords = rekeyRecords;
    }

    /** The peer's own `close`; null as long as it has not said it. */
    get closed() {
        return this.#closed;
    }

    /** Whether records may still be sealed and opened. */
    get isOpen() {
        return this.#ended === null;
    }

    /** Records sealed so far, `close` included. */
    get sent() {
        return this.#out.total;
    }

    /** Records opened so far, `close` included. */
    get received() {
        return this.#in.total;
    }

    /**
     * The frame that carries `payload`, which is copied at once; send frames in
     * the order of the calls.
     *
     * @param {number} channel
     * @param {Bytes} payload
     * @param {number} now seconds
     * @returns {Promise<Bytes>}
     * @throws {LocalViolation} ended, too long, or no such channel
     */
    async seal(channel, payload, now) {
        if (channel === Channel.CLOSE)
            throw new LocalViolation("a channel is closed by close()");
        if (payload.length > RECORD_PLAINTEXT_MAX) {
            throw new LocalViolation(`a payload of ${payload.length} bytes`);
        }
        const copy = payload.slice();
        return this.#turns.take(() => this.#seal(channel, copy, now));
    }

    /**
     * The last frame; afterwards nothing is sealed or opened.
     *
     * @param {string} reason a name out of `a-z_`, as journaled
     * @param {number} now seconds
     * @returns {Promise<Bytes>}
     * @throws {LocalViolation} ended already, or no name
     */
    async close(reason, now) {
        if (!REASON.test(reason)) throw new LocalViolation(`${reason} is no reason`);
        return this.#turns.take(async () => {
            const said = { reason, sent: this.sent, received: this.received };
            const frame = await this.#seal(Channel.CLOSE, canonical(said), now);
            this.#ended = "was closed here";
            return frame;
        });
    }

    /**
     * What the next frame carries. After any failure the channel is dead.
     *
     * @param {Bytes} frame
     * @returns {Promise<Opened>}
     * @throws {MalformedFrame} not the next record of the other end
     * @throws {FrameTooLarge} longer than a record may be
     * @throws {UnexpectedMessage} the channel has ended before
     */
    open(frame) {
        return this.#turns.take(async () => {
            if (this.#ended !== null) {
                throw new UnexpectedMessage(
                    `a record after the channel ${this.#ended}`,
                );
            }
            try {
                const opened = await this.#open(frame);
                if (opened.channel === Channel.CLOSE) {
                    this.#closed = this.#readClose(opened.payload);
                    this.#ended = "was closed by the peer";
                }
                return opened;
            } catch (error) {
                if (error instanceof RemoteViolation) this.#ended = "broke";
                throw error;
            }
        });
    }

    /**
     * @param {number} channel
     * @param {Bytes} payload
     * @param {number} now
     */
    async #seal(channel, payload, now) {
        if (this.#ended !== null)
            throw new LocalViolation(`the channel ${this.#ended}`);
        const out = this.#out;
        if (out.counter >= this.#rekeyRecords || now - this.#since >= REKEY_S) {
            if (out.epoch === EPOCH_MAX) {
                this.#ended = "is worn out";
                throw new LocalViolation("the channel is worn out");
            }
            await out.turn();
            this.#since = now;
        }
        const head = header(out.epoch, channel);
        return concat(head, await out.seal(head, payload));
    }

    /** @param {Bytes} frame */
    async #open(frame) {
        const { epoch, channel } = readHeader(frame);
        const into = this.#in;
        if (epoch === into.epoch + 1) {
            // If the sender did not turn here, its key is another and nothing opens.
            await into.turn();
        } else if (epoch !== into.epoch) {
            throw new MalformedFrame(`epoch ${epoch} during epoch ${into.epoch}`);
        } else if (into.counter >= this.#rekeyRecords) {
            throw new MalformedFrame("a key was used longer than it may be");
        }
        const head = frame.slice(0, HEADER_BYTES);
        const payload = await into
            .open(head, frame.subarray(HEADER_BYTES))
            .catch(() => {
                throw new MalformedFrame("not the next record of the peer");
            });
        return { channel, payload };
    }

    /**
     * @param {Bytes} payload
     * @returns {Closed}
     */
    #readClose(payload) {
        const { reason, sent, received } = readCanonical(payload);
        // Strict counters have proven `sent` already; a peer that says otherwise,
        // or opened what we never sealed, is not ours.
        if (
            typeof reason !== "string" ||
            !REASON.test(reason) ||
            sent !== this.received - 1 ||
            !Number.isInteger(received) ||
            received < 0 ||
            received > this.sent
        ) {
            throw new MalformedFrame("not a close");
        }
        return { reason, sent, received };
    }
}
