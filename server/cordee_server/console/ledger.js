// What this console knows of a session's acts and entries, checked as they come: the
// twin of agent/cordee_agent/ledger.py at the technician's side.
//
// It holds the console's copy of the table, writes the technician's acts, reads the
// customer's (mirrored through the sealed line, and again inside entries), and holds
// back what the customer withdrew before the journal says so.

import { ActReader, ActWriter, readAct, readEntry, verifyFact } from "./acts.js";
import { readCanonical, unb64 } from "./canonical.js";
import { MalformedFrame, Tampered, UnexpectedMessage } from "./errors.js";
import { equal, utf8 } from "./pairing/bytes.js";
import { Session, WITHDRAWALS } from "./session.js";
import { Label, verify } from "./signing.js";

/** @typedef {import("./acts.js").Act} Act */
/** @typedef {import("./acts.js").Entry} Entry */
/** @typedef {import("./canonical.js").JsonObject} JsonObject */
/** @typedef {import("./line.js").Message} Message */
/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./pairing/machine.js").Agreement} Agreement */
/** @typedef {import("./session.js").Kind} Kind */
/** @typedef {import("./session.js").State} State */

/** The lower a state, the less it lets the technician do. */
/** @type {readonly State[]} */
const LEAST = ["ended", "paused"];

/** One session's acts and entries. Owned by its Assist. */
export class Ledger {
    #session;
    #table;
    #writer;
    #reader;
    #relayKey;
    /** Our acts whose entries have not come back, in order. @type {Map<string, Act>} */
    #unconfirmed = new Map();
    /** Acts of the customer's that were read, by name. @type {Set<string>} */
    #heard = new Set();
    /** What the customer withdrew and no entry says yet. @type {Map<string, State>} */
    #held = new Map();
    /** How many acts of each side entries have brought. */
    #journaled = { customer: 0, technician: 0 };
    /** What both sides bind themselves to, hexadecimal. */
    pairing;

    /**
     * @param {object} options
     * @param {string} options.session
     * @param {number} options.first number of the first entry to come
     * @param {CryptoKey} options.key this console's Ed25519 private key
     * @param {Agreement} options.agreement
     * @param {Bytes} options.relayKey
     * @param {number} options.startedMs
     */
    constructor({ session, first, key, agreement, relayKey, startedMs }) {
        const { th, peerPk } = agreement;
        this.#session = session;
        this.#table = new Session("waiting", first);
        this.#writer = new ActWriter({ session, side: "technician", key, th, startedMs });
        this.#reader = new ActReader({ session, side: "customer", publicKey: peerPk, th });
        this.#relayKey = relayKey;
        this.pairing = Array.from(th, (byte) => byte.toString(16).padStart(2, "0")).join("");
    }

    /**
     * Check what the relay vouches for, and start both chains.
     *
     * @param {object} options
     * @param {CryptoKey} options.key
     * @param {Agreement} options.agreement
     * @param {string} options.relayPk base64url
     * @param {Message} options.paired
     * @param {string} options.engagement
     * @param {number} options.startedMs
     * @throws {Tampered} the offer is not the relay's, or is about something else
     */
    static async open({ key, agreement, relayPk, paired, engagement, startedMs }) {
        const relayKey = unb64(relayPk);
        const { text, sig } = paired["offer"];
        const offer = utf8(String(text));
        await verify(relayKey, Label.OFFER, offer, unb64(String(sig)));
        if (readCanonical(offer)["engagement"] !== engagement) {
            throw new Tampered("offer", "is about another engagement");
        }
        const session = String(paired["session"]);
        const first = Number(paired["n"]);
        return new Ledger({ session, first, key, agreement, relayKey, startedMs });
    }

    /** The journal's state, less what the customer withdrew since. @returns {State} */
    get state() {
        const journaled = this.#table.state;
        const held = [...this.#held.values()];
        for (const least of LEAST) {
            if (journaled === least || held.includes(least)) return least;
        }
        return held.length > 0 && journaled === "controlling" ? "reclaimed" : journaled;
    }

    /** Number of the last entry that was followed. */
    get seen() {
        return this.#table.nextEntry - 1;
    }

    /** Our acts that the journal has not confirmed, in the order they were written. */
    get unconfirmed() {
        return [...this.#unconfirmed.values()];
    }

    /**
     * Write the technician's next act.
     *
     * @param {Kind} kind
     * @param {number} atMs
     * @param {JsonObject} data
     */
    async write(kind, atMs, data) {
        const act = await this.#writer.write(kind, atMs, this.seen, this.#reader.last, data);
        this.#unconfirmed.set(act.hash, act);
        return act;
    }

    /**
     * Take an act of the customer's from the sealed line. What it withdraws is withdrawn
     * here and now.
     *
     * @param {string} text
     * @param {string} sig
     * @throws {Tampered | MalformedFrame} not the customer's next act
     */
    async mirrored(text, sig) {
        const act = await readAct(text, sig);
        if (!(await this.#hear(act))) return; // its entry was here first
        const least = WITHDRAWALS[act.kind];
        if (least !== undefined) this.#held.set(act.hash, least);
    }

    /**
     * Take the next entry and move the table's copy.
     *
     * @param {string} text
     * @returns {Promise<Entry>}
     * @throws {Tampered} a signature or a chain does not fit
     * @throws {UnexpectedMessage} not the next entry of this session
     */
    async follow(text) {
        const entry = await readEntry(text);
        const { act, n } = entry;
        if (entry.session !== this.#session || n !== this.#table.nextEntry) {
            throw new UnexpectedMessage(`entry ${n} out of turn`);
        }
        if (act === null) {
            await verifyFact(entry, this.#relayKey);
        } else if (entry.side === "customer") {
            // The mirror's copy was checked; the entry's own is what stands.
            if (!(await this.#hear(act))) await this.#reader.check(act.text, act.sig);
        } else if (this.#unconfirmed.get(act.hash)?.sig !== act.sig) {
            throw new Tampered(`entry ${n}`, "holds an act that we never wrote");
        }
        if (act !== null) this.#count(act, n);
        const { kind, side, moment, late } = entry;
        const after = this.#table.follow(kind, side, moment.monoUs, late);
        if (after !== entry.state) {
            throw new Tampered(`entry ${n}`, `says ${entry.state}, the table ${after}`);
        }
        if (act !== null) {
            this.#unconfirmed.delete(act.hash);
            this.#held.delete(act.hash);
        }
        return entry;
    }

    /**
     * Insist that each side's acts stand in the journal in their order, and once: else
     * a relay could say an old one again.
     *
     * @param {Act} act
     * @param {number} n
     */
    #count(act, n) {
        const side = act.side === "customer" ? "customer" : "technician";
        if (act.seq !== this.#journaled[side]) {
            throw new Tampered(`entry ${n}`, `is not the ${side}'s next act`);
        }
        this.#journaled[side] += 1;
    }

    /**
     * @param {Act} act
     * @returns {Promise<boolean>} whether it was new
     */
    async #hear(act) {
        if (this.#heard.has(act.hash)) return false;
        const read = await this.#reader.read(act.text, act.sig);
        this.#heard.add(read.hash);
        return true;
    }
}

/**
 * Read a fact of the relay's before there is a ledger.
 *
 * @param {string} text
 * @param {string} relayPk base64url
 * @returns {Promise<Entry | null>} null for a person's act: not ours to judge yet
 * @throws {Tampered} the relay did not sign it
 */
export async function readFact(text, relayPk) {
    const entry = await readEntry(text);
    if (entry.act !== null) return null;
    await verifyFact(entry, unb64(relayPk));
    return entry;
}

/**
 * Whether the relay's word for us is about our key, under its own.
 *
 * @param {Message} welcome
 * @param {Bytes} publicKey ours
 * @throws {Tampered | MalformedFrame} it is not
 */
export async function checkAttestation(welcome, publicKey) {
    const { text, sig } = welcome["att"] ?? {};
    if (typeof text !== "string" || typeof sig !== "string") {
        throw new MalformedFrame("the relay brought no attestation");
    }
    const said = utf8(text);
    await verify(unb64(String(welcome["pk"])), Label.ATTESTATION, said, unb64(sig));
    if (!equal(unb64(String(readCanonical(said)["pk"])), publicKey)) {
        throw new Tampered("attestation", "is about another key");
    }
}
