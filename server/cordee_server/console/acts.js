// What a side did, signed by it, and the entries that the relay appends: written,
// chained and checked. The same as shared/cordee_shared/journal/act.py and entry.py;
// shared/vectors/journal.json keeps the two honest.

import { canonical, readCanonical, sha256Hex } from "./canonical.js";
import { MalformedFrame, Tampered } from "./errors.js";
import { utf8 } from "./pairing/bytes.js";
import { Turns } from "./pairing/turns.js";
import { readKind, SIDES, TRANSITIONS } from "./session.js";
import { Label, message, verify } from "./signing.js";

/** @typedef {import("./canonical.js").JsonObject} JsonObject */
/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./session.js").Kind} Kind */
/** @typedef {import("./session.js").Side} Side */
/** @typedef {import("./session.js").State} State */

/**
 * One act, as its author wrote it.
 *
 * @typedef {object} Act
 * @property {string} session
 * @property {Side} side
 * @property {number} seq 0, 1, 2 … for each side
 * @property {string} prev SHA-256 of this side's former act
 * @property {string} peer SHA-256 of the last act received from the other side
 * @property {number} seen number of the last entry its author had seen; -1 for none
 * @property {Kind} kind
 * @property {number} elMs milliseconds on its author's clock
 * @property {Readonly<Record<string, any>>} data
 * @property {string} text what was signed
 * @property {string} sig the signature, 128 hexadecimal digits
 * @property {string} hash SHA-256 of the text: the act's name in chains and holds
 */

/**
 * One reading of the relay's clocks.
 *
 * @typedef {object} Moment
 * @property {string} boot names the run of the monotonic clock
 * @property {number} monoUs
 * @property {number} atMs Unix milliseconds: a label
 */

/**
 * One journaled entry.
 *
 * @typedef {object} Entry
 * @property {string} session
 * @property {number} n
 * @property {Moment} moment
 * @property {Side} side
 * @property {Kind} kind
 * @property {State} state the state after this entry
 * @property {boolean} late journaled without effect
 * @property {Readonly<Record<string, any>>} data
 * @property {Act | null} act the person's act, or null for a fact of the relay
 * @property {string} sig
 * @property {string} text what is stored and hashed
 */

/** "No act before this one." */
export const NONE = "0".repeat(64);

const ACT_FIELDS = "data el_ms kind peer prev seen seq session side v";
const ENTRY_FIELDS = "act at_ms boot data kind late mono_us n session side sig state v";
const DIGEST = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const SESSION = /^[0-9a-f]{32}$/;
const ASCII = /^[\x00-\x7f]*$/;

/** @param {string} text */
function fromHex(text) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} data */
function toHex(data) {
    return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- acts --------------------------------------------------------------------------------

/**
 * @param {string} text
 * @param {string} fields in order, between spaces
 * @param {string} what
 * @returns {Record<string, any>}
 */
function readFields(text, fields, what) {
    if (!ASCII.test(text)) throw new MalformedFrame(`${what} is ASCII`);
    const value = readCanonical(utf8(text));
    if (Object.keys(value).join(" ") !== fields || value["v"] !== 1) {
        throw new MalformedFrame(`not ${what} of version 1`);
    }
    return value;
}

/**
 * @param {boolean} holds
 * @param {string} why
 */
function insist(holds, why) {
    if (!holds) throw new MalformedFrame(why);
}

/** @param {unknown} value */
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @param {RegExp} form
 */
function has(value, form) {
    return typeof value === "string" && form.test(value);
}

/**
 * Decode an act; its signature is not checked yet.
 *
 * @param {string} text
 * @param {string} sig
 * @returns {Promise<Act>}
 * @throws {MalformedFrame} not canonical, or a field is missing, unknown or wrong
 * @throws {UnexpectedMessage} no event or remark has this name
 */
export async function readAct(text, sig) {
    const value = readFields(text, ACT_FIELDS, "an act");
    for (const name of ["seq", "seen", "el_ms"]) {
        const least = name === "seen" ? -1 : 0;
        insist(typeof value[name] === "number" && value[name] >= least, `${name} is no count`);
    }
    insist(has(value["prev"], DIGEST) && has(value["peer"], DIGEST), "prev or peer is no hash");
    insist(isObject(value["data"]), "data is no object");
    insist(["customer", "technician"].includes(value["side"]), "not a person's side");
    insist(has(value["session"], SESSION), "not a session id");
    insist(has(sig, SIGNATURE), "sig is no signature");
    insist(typeof value["kind"] === "string", "kind is no text");
    return Object.freeze({
        session: value["session"],
        side: value["side"],
        seq: value["seq"],
        prev: value["prev"],
        peer: value["peer"],
        seen: value["seen"],
        kind: readKind(value["kind"]),
        elMs: value["el_ms"],
        data: value["data"],
        text,
        sig,
        hash: await sha256Hex(utf8(text)),
    });
}

/** Writes and chains one side's acts. Owned by that side's session. */
export class ActWriter {
    #session;
    #side;
    #key;
    #th;
    #startedMs;
    #seq = 0;
    #prev = NONE;
    #turns = new Turns();

    /**
     * @param {object} options
     * @param {string} options.session
     * @param {Side} options.side
     * @param {CryptoKey} options.key the side's Ed25519 private key
     * @param {Bytes} options.th the pairing's transcript hash
     * @param {number} options.startedMs where this end's monotonic clock stood
     */
    constructor({ session, side, key, th, startedMs }) {
        this.#session = session;
        this.#side = side;
        this.#key = key;
        this.#th = th;
        this.#startedMs = startedMs;
    }

    /**
     * Write, sign and chain the next act. Several at once are written one by one, in
     * the order of the calls.
     *
     * @param {Kind} kind
     * @param {number} atMs
     * @param {number} seen number of the last entry seen
     * @param {string} peer hash of the last act received from the other side
     * @param {JsonObject} data
     * @returns {Promise<Act>}
     */
    write(kind, atMs, seen, peer, data) {
        return this.#turns.take(async () => {
            const raw = canonical({
                v: 1,
                session: this.#session,
                side: this.#side,
                seq: this.#seq,
                prev: this.#prev,
                peer,
                seen,
                kind,
                el_ms: Math.max(0, Math.floor(atMs - this.#startedMs)),
                data,
            });
            const signed = await message(Label.EVENT, this.#th, raw);
            const signature = await crypto.subtle.sign("Ed25519", this.#key, signed);
            const text = new TextDecoder().decode(raw);
            const act = await readAct(text, toHex(new Uint8Array(signature)));
            this.#seq += 1;
            this.#prev = act.hash;
            return act;
        });
    }
}

/** Checks one side's acts as they arrive: key, chain, order. */
export class ActReader {
    #session;
    #side;
    #publicKey;
    #th;
    #seq = 0;
    #last = NONE;
    #elMs = 0;
    #turns = new Turns();

    /**
     * @param {object} options
     * @param {string} options.session
     * @param {Side} options.side
     * @param {Bytes} options.publicKey the side's Ed25519 key, 32 bytes
     * @param {Bytes} options.th the pairing's transcript hash
     */
    constructor({ session, side, publicKey, th }) {
        this.#session = session;
        this.#side = side;
        this.#publicKey = publicKey;
        this.#th = th;
    }

    /** Hash of the last act that was accepted, or `NONE`. */
    get last() {
        return this.#last;
    }

    /**
     * Check one signature of this side's, wherever its act stands in the chain.
     *
     * @param {string} text
     * @param {string} sig
     * @throws {Tampered} it does not fit
     */
    async check(text, sig) {
        const raw = utf8(text);
        await verify(this.#publicKey, Label.EVENT, raw, fromHex(sig), this.#th);
    }

    /**
     * Decode and check the next act.
     *
     * @param {string} text
     * @param {string} sig
     * @returns {Promise<Act>}
     * @throws {MalformedFrame} it is no act
     * @throws {Tampered} wrong session, side or signature, or not the next in its
     *     chain; nothing changed
     */
    read(text, sig) {
        return this.#turns.take(async () => {
            const act = await readAct(text, sig);
            const where = `act ${act.seq} of the ${this.#side}`;
            await this.check(text, act.sig);
            if (act.session !== this.#session || act.side !== this.#side) {
                throw new Tampered(where, "belongs to another session or side");
            }
            if (act.seq !== this.#seq || act.prev !== this.#last) {
                throw new Tampered(where, "is not the next in its chain");
            }
            if (act.elMs < this.#elMs) throw new Tampered(where, "its clock went backwards");
            this.#seq += 1;
            this.#last = act.hash;
            this.#elMs = act.elMs;
            return act;
        });
    }
}

// --- entries -----------------------------------------------------------------------------

/**
 * Decode an entry; signatures are not checked yet.
 *
 * @param {string} text
 * @returns {Promise<Entry>}
 * @throws {MalformedFrame} not canonical, or a field is missing, unknown or wrong
 * @throws {UnexpectedMessage} no event or remark has this name
 */
export async function readEntry(text) {
    const value = readFields(text, ENTRY_FIELDS, "an entry");
    for (const name of ["n", "mono_us", "at_ms"]) {
        insist(typeof value[name] === "number" && value[name] >= 0, `${name} is no count`);
    }
    insist(typeof value["boot"] === "string", "boot is no text");
    insist(has(value["sig"], SIGNATURE), "sig is no signature");
    insist(has(value["session"], SESSION), "not a session id");
    insist(SIDES.includes(value["side"]), "no such side");
    insist(Object.hasOwn(TRANSITIONS, value["state"]), "no such state");
    insist(typeof value["late"] === "boolean" && isObject(value["data"]), "late or data");
    insist(typeof value["kind"] === "string" && has(value["act"], ASCII), "kind or act");
    const kind = readKind(value["kind"]);
    return Object.freeze({
        session: value["session"],
        n: value["n"],
        moment: { boot: value["boot"], monoUs: value["mono_us"], atMs: value["at_ms"] },
        side: value["side"],
        kind,
        state: value["state"],
        late: value["late"],
        data: value["data"],
        act: await actOf(value),
        sig: value["sig"],
        text,
    });
}

/** @param {Record<string, any>} value */
async function actOf(value) {
    if (value["act"] === "") {
        insist(value["side"] === "relay", "only the relay's entries have no act");
        return null;
    }
    const act = await readAct(value["act"], value["sig"]);
    insist(
        act.session === value["session"] &&
            act.side === value["side"] &&
            act.kind === value["kind"] &&
            same(act.data, value["data"]),
        "the entry says other than its act",
    );
    return act;
}

/**
 * @param {JsonObject} a
 * @param {JsonObject} b
 */
function same(a, b) {
    const decoder = new TextDecoder();
    return decoder.decode(canonical(a)) === decoder.decode(canonical(b));
}

/**
 * Check that the relay signed a fact.
 *
 * @param {Entry} entry
 * @param {Bytes} relayKey 32 bytes
 * @throws {Tampered} it did not
 */
export async function verifyFact(entry, relayKey) {
    const { sig, ...fields } = readCanonical(utf8(entry.text));
    const where = `entry ${entry.n} of ${entry.session}`;
    if (entry.act !== null) throw new Tampered(where, "is no fact");
    await verify(relayKey, Label.FACT, canonical(fields), fromHex(sig));
}
