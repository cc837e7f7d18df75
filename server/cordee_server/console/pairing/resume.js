// Taking up a lost link again, at the console's end. The same as
// shared/cordee_shared/pairing/resume.py, where it is drawn and the rules stand,
// without the agent's half; shared/vectors/pairing.json keeps the two honest.

import { b64, lvCat, sha256 } from "../canonical.js";
import { MalformedFrame, PairingFailed } from "../errors.js";
import { concat, equal, random, utf8, wipe } from "./bytes.js";
import { NONCE_BYTES, sized } from "./machine.js";
import {
    BASE_POINT,
    CONFIRMATION_BYTES,
    FIELD_BYTES,
    confirmation,
    confirms,
    hmacKey,
    scalarMult,
} from "./pake.js";
import { resumedKeys } from "./schedule.js";
import { Turns } from "./turns.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./bytes.js").Entropy} Entropy */
/** @typedef {import("./machine.js").Agreement} Agreement */
/** @typedef {import("./machine.js").Message} Message */

/** One try to resume. Give it every message as it arrives, send what it returns. */
export class Resume {
    #turns = new Turns();
    /** @type {string | null} */
    #awaited = "resumed";
    #before;
    #nonce;
    #scalar;
    /** @type {Bytes} */
    #share = new Uint8Array();
    /** @type {Bytes} */
    #rs = new Uint8Array();
    /** @type {Agreement | null} */
    #agreement = null;

    /**
     * @param {Agreement} agreement of the pairing, or of the last resume
     * @param {Entropy} [entropy]
     */
    constructor(agreement, entropy = random) {
        this.#before = agreement;
        this.#nonce = entropy(NONCE_BYTES);
        this.#scalar = entropy(FIELD_BYTES);
    }

    /** The pairing's agreement with new keys; null until the agent has confirmed. */
    get agreement() {
        return this.#agreement;
    }

    /**
     * Take one message and return the one to send, if any.
     *
     * @param {Message} message
     * @returns {Promise<Message | null>}
     * @throws {PairingFailed} this try is over; another may start
     */
    receive(message) {
        return this.#turns.take(async () => {
            try {
                if (this.#awaited === null || message.t !== this.#awaited) {
                    throw new PairingFailed(`${message.t} out of turn`);
                }
                if (message.t === "resumed") return await this.#onResumed(message);
                return await this.#onR2(message);
            } catch (error) {
                this.#drop();
                if (error instanceof MalformedFrame)
                    throw new PairingFailed(error.message);
                throw error;
            }
        });
    }

    /** @param {Message} h0 */
    async #onResumed(h0) {
        this.#rs = sized(h0["rs"], NONCE_BYTES);
        this.#share = await scalarMult(this.#scalar, BASE_POINT);
        this.#awaited = "r2";
        return { t: "r1", y: b64(this.#share), n: b64(this.#nonce) };
    }

    /** @param {Message} r2 */
    async #onR2(r2) {
        const ya = sized(r2["y"], FIELD_BYTES);
        const na = sized(r2["n"], NONCE_BYTES);
        const tag = sized(r2["tag"], CONFIRMATION_BYTES);
        if (equal(na, this.#nonce)) throw new PairingFailed("our own nonce came back");
        const { th, keys: old, spare } = this.#before;
        const sid = concat(this.#rs, this.#nonce, na);
        const said = lvCat(
            th,
            this.#rs,
            lvCat(ya, na),
            lvCat(this.#share, this.#nonce),
        );
        const rh = await sha256(said);
        const k = await scalarMult(this.#scalar, ya);
        try {
            for (const res of spare === null ? [old.res] : [old.res, spare]) {
                const { keys, mac } = await resumedKeys(res, k, sid, rh, old.exp);
                const key = await hmacKey(mac);
                wipe(mac);
                if (!(await confirms(key, utf8("agent"), lvCat(ya, na), tag))) continue;
                const mine = lvCat(this.#share, this.#nonce);
                const ours = await confirmation(key, utf8("console"), mine);
                const agreement = { ...this.#before, keys, spare: res };
                this.#drop();
                this.#agreement = agreement;
                return { t: "r3", tag: b64(ours) };
            }
        } finally {
            wipe(k);
        }
        throw new PairingFailed("the agent is not the one of this session");
    }

    #drop() {
        wipe(this.#scalar);
        this.#agreement = null;
        this.#awaited = null;
    }
}
