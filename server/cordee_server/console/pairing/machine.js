// The four messages of a pairing, at the console's end. The same as
// shared/cordee_shared/pairing/machine.py, where they are drawn and the rules
// stand, without the agent's half; shared/vectors/pairing.json keeps the two honest.

import {
    b64,
    canonical,
    lvCat,
    readCanonical,
    sha256,
    transcript,
    unb64,
} from "../canonical.js";
import { LocalViolation, MalformedFrame, PairingFailed } from "../errors.js";
import { concat, equal, random, utf8, wipe } from "./bytes.js";
import {
    CONFIRMATION_BYTES,
    FIELD_BYTES,
    SUITE,
    confirmation,
    confirmationKey,
    confirms,
    generator,
    intermediateKey,
    scalarMult,
} from "./pake.js";
import { sessionKeys } from "./schedule.js";
import { Turns } from "./turns.js";

/** @typedef {import("../canonical.js").Json} Json */
/** @typedef {import("../code.js").Code} Code */
/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./bytes.js").Entropy} Entropy */
/** @typedef {import("./schedule.js").Keys} Keys */

/** @typedef {{ t: string, [field: string]: unknown }} Message */

/**
 * The public bytes of a pairing: anyone may compute `th` from them again.
 *
 * @typedef {{ rs: Bytes, ya: Bytes, adA: Bytes, yb: Bytes, adB: Bytes }} Evidence
 */

/**
 * What the two ends agreed on. `spare` is the resume key before the last resume,
 * see resume.js.
 *
 * @typedef {{ role: "console", th: Bytes, keys: Keys, peerPk: Bytes,
 *     peerAd: Record<string, any>, evidence: Evidence, spare: Bytes | null }} Agreement
 */

/** Version of the associated data. */
export const VERSION = 1;
/** Of the relay's bytes and of each end's nonce. */
export const NONCE_BYTES = 16;
/** An Ed25519 public key. */
export const PUBLIC_KEY_BYTES = 32;
/** One message; `limits.PAIRING_MAX`. */
export const PAIRING_MAX = 4 * 1024;

const TEXT_MAX = 200;

/**
 * One run of the exchange. Give it every pairing message as it arrives, send what
 * it returns.
 */
export class Pairing {
    #turns = new Turns();
    #runSpent = false;
    /** @type {string | null} */
    #awaited = "paired";
    /** @type {Code | null} */
    #code;
    #direction;
    #ci;
    #entropy;
    #nonce;
    #ad;
    /** @type {Bytes} */
    #rs = new Uint8Array();
    /** @type {{ agreement: Agreement, theirs: (tag: Bytes) => Promise<boolean> } | null} */
    #pending = null;
    /** @type {Agreement | null} */
    #agreement = null;

    /**
     * @param {object} options
     * @param {Code} options.code what was drawn or typed here
     * @param {"a" | "b"} options.direction who shows the code
     * @param {string} options.origin the relay's, as this page knows it and never as
     *     the relay says it; a relay that poses as another one fails here (S-08)
     * @param {Bytes} options.pk this page's Ed25519 public key
     * @param {Json} [options.att] the relay's attestation of the technician
     * @param {{ [name: string]: Json }} [options.caps] what this end can do, by name
     * @param {Entropy} [options.entropy]
     */
    constructor({
        code,
        direction,
        origin,
        pk,
        att = null,
        caps = {},
        entropy = random,
    }) {
        if (pk.length !== PUBLIC_KEY_BYTES) {
            throw new LocalViolation("an Ed25519 public key has 32 bytes");
        }
        this.#code = code;
        this.#direction = direction;
        this.#ci = lvCat(
            utf8("ra1"),
            utf8(origin),
            utf8(code.nameplate),
            utf8(direction),
        );
        this.#entropy = entropy;
        this.#nonce = entropy(NONCE_BYTES);
        this.#ad = canonical({
            v: VERSION,
            suite: SUITE,
            role: "console",
            n: b64(this.#nonce),
            pk: b64(pk),
            att,
            caps,
        });
        if (b64(this.#ad).length > PAIRING_MAX - 100) {
            throw new LocalViolation(`associated data of ${this.#ad.length} bytes`);
        }
    }

    /** Whether somebody may have had a guess at the code in this run (S-11). */
    get runSpent() {
        return this.#runSpent;
    }

    /** The result; null until the agent has shown that it holds the same key. */
    get agreement() {
        return this.#agreement;
    }

    /**
     * Take one message and return the one to send, if any.
     *
     * @param {Message} message
     * @returns {Promise<Message | null>}
     * @throws {PairingFailed} the run is over; look at `runSpent`
     */
    receive(message) {
        return this.#turns.take(async () => {
            try {
                if (this.#awaited === null || message.t !== this.#awaited) {
                    throw new PairingFailed(`${message.t} out of turn`);
                }
                if (message.t === "paired") return this.#onPaired(message);
                if (message.t === "h2") return await this.#onH2(message);
                return await this.#onH4(message);
            } catch (error) {
                this.#drop();
                if (error instanceof MalformedFrame)
                    throw new PairingFailed(error.message);
                throw error;
            }
        });
    }

    /** @param {Message} h0 */
    #onPaired(h0) {
        if (h0["np"] !== this.#held().nameplate || h0["dir"] !== this.#direction) {
            throw new PairingFailed("the relay speaks of another code");
        }
        this.#rs = sized(h0["rs"], NONCE_BYTES);
        this.#awaited = "h2";
        return { t: "h1", ad: b64(this.#ad) };
    }

    /** @param {Message} h2 */
    async #onH2(h2) {
        fits(h2);
        const adA = unb64(text(h2["ad"]));
        const peer = readAgentAd(adA);
        const peerNonce = sized(peer["n"], NONCE_BYTES);
        if (equal(peerNonce, this.#nonce))
            throw new PairingFailed("our own nonce came back");
        const ya = sized(h2["y"], FIELD_BYTES);
        const sid = concat(this.#rs, this.#nonce, peerNonce);
        const prs = utf8(this.#held().secret);
        const base = await generator(prs, this.#ci, sid, this.#entropy);
        const scalar = this.#entropy(FIELD_BYTES);
        const yb = await scalarMult(scalar, base);
        const k = await scalarMult(scalar, ya);
        wipe(scalar, prs, base);

        const said = transcript(ya, adA, yb, this.#ad);
        const th = await sha256(said);
        const isk = await intermediateKey(sid, k, said);
        const mac = await confirmationKey(sid, isk);
        const keys = await sessionKeys(isk, sid, th);
        wipe(k, isk);
        const evidence = { rs: this.#rs, ya, adA, yb, adB: this.#ad };
        const peerPk = unb64(peer["pk"]);
        this.#pending = {
            agreement: {
                role: "console",
                th,
                keys,
                peerPk,
                peerAd: peer,
                evidence,
                spare: null,
            },
            theirs: (tag) => confirms(mac, ya, adA, tag),
        };
        const tag = await confirmation(mac, yb, this.#ad);
        this.#runSpent = true;
        this.#awaited = "h4";
        return { t: "h3", y: b64(yb), tag: b64(tag) };
    }

    /** @param {Message} h4 */
    async #onH4(h4) {
        fits(h4);
        const pending = this.#pending;
        const tag = sized(h4["tag"], CONFIRMATION_BYTES);
        if (pending === null || !(await pending.theirs(tag))) {
            throw new PairingFailed("the agent holds another code");
        }
        this.#drop();
        this.#agreement = pending.agreement;
        return null;
    }

    #held() {
        if (this.#code === null) throw new LocalViolation("the run is over");
        return this.#code;
    }

    /** Forget what a finished run has no use for, its result too. */
    #drop() {
        this.#code = null;
        this.#pending = null;
        this.#agreement = null;
        this.#awaited = null;
    }
}

/**
 * @param {Bytes} data
 * @returns {Record<string, any>}
 */
function readAgentAd(data) {
    const ad = readCanonical(data);
    if (ad["v"] !== VERSION || ad["suite"] !== SUITE) {
        throw new PairingFailed("another version of the protocol");
    }
    if (ad["role"] !== "agent") throw new PairingFailed("the peer has our own role");
    const caps = ad["caps"];
    if (caps === null || typeof caps !== "object" || Array.isArray(caps)) {
        throw new PairingFailed("associated data lack a field");
    }
    sized(ad["n"], NONCE_BYTES);
    sized(ad["pk"], PUBLIC_KEY_BYTES);
    if (typeof ad["ver"] !== "string" || ad["ver"].length > TEXT_MAX) {
        throw new PairingFailed("not the associated data of an agent");
    }
    return ad;
}

/** @param {unknown} value */
function text(value) {
    if (typeof value !== "string") throw new PairingFailed("a field is missing");
    return value;
}

/**
 * Decode base64url of exactly `size` bytes.
 *
 * @param {unknown} value
 * @param {number} size
 */
export function sized(value, size) {
    const data = unb64(text(value));
    if (data.length !== size) {
        throw new PairingFailed(`${data.length} bytes where ${size} belong`);
    }
    return data;
}

/** @param {Message} message */
function fits(message) {
    if (JSON.stringify(message).length > PAIRING_MAX) {
        throw new PairingFailed("a pairing message above 4 KiB");
    }
}
