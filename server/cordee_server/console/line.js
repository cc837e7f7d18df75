// The sealed line to the agent: pairing, resume, and the records in between. Owns the
// keys of one session at the console's end.
//
// Sealing takes a moment and order is everything: whatever goes to the relay goes
// through one queue here, text and records alike.

import { MalformedFrame, PairingFailed } from "./errors.js";
import { utf8 } from "./pairing/bytes.js";
import { SealedChannel } from "./pairing/channel.js";
import { Pairing } from "./pairing/machine.js";
import { Resume } from "./pairing/resume.js";
import { Turns } from "./pairing/turns.js";
import { Channel } from "./wire/frames.js";

/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./pairing/channel.js").Opened} Opened */
/** @typedef {import("./pairing/machine.js").Agreement} Agreement */
/** @typedef {import("./code.js").Code} Code */
/** @typedef {import("./canonical.js").Json} Json */
/** @typedef {{ t: string, [field: string]: any }} Message */

/** What a line needs of a Link. */
/** @typedef {{ send: (message: Message) => boolean, sendRecord: (frame: Bytes) => boolean }} Wire */

/** One session's keys and counters. Owned by its Assist. */
export class SealedLine {
    #wire;
    #nowS;
    #out = new Turns();
    /** @type {Pairing | null} */
    #pairing = null;
    /** @type {Resume | null} */
    #resume = null;
    /** @type {Agreement | null} */
    #agreement = null;
    /** @type {SealedChannel | null} */
    #channel = null;
    /** @type {number | null} */
    #heardS = null;

    /**
     * @param {Wire} wire
     * @param {() => number} nowS seconds that never go back
     */
    constructor(wire, nowS) {
        this.#wire = wire;
        this.#nowS = nowS;
    }

    /** Whether the agent can be heard and spoken to. */
    get isOpen() {
        return this.#channel?.isOpen ?? false;
    }

    /** Seconds since the agent was last heard; 0 before it ever was. */
    get quietS() {
        return this.#heardS === null ? 0 : this.#nowS() - this.#heardS;
    }

    /** Whether somebody may have had a guess at the code in this run (S-11). */
    get runSpent() {
        return this.#pairing?.runSpent ?? false;
    }

    /**
     * Start a run with the relay's `paired`.
     *
     * @param {{ code: Code, direction: "a" | "b", origin: string, pk: Bytes, att: Json }} own
     * @param {Message} paired
     * @throws {PairingFailed} the relay speaks of another code
     */
    async pair(own, paired) {
        this.drop();
        this.#pairing = new Pairing(own);
        await this.#carryPairing(paired);
    }

    /**
     * Carry a pairing or a resume on.
     *
     * @param {Message} message
     * @returns {Promise<Agreement | null>} once both ends hold the same keys
     * @throws {PairingFailed} a pairing came to nothing; a resume may be tried again
     */
    async carry(message) {
        if (message.t === "h2" || message.t === "h4") return this.#carryPairing(message);
        return this.#carryResume(message);
    }

    /**
     * Seal and send a record; nothing happens while the line is shut.
     *
     * @param {number} channel
     * @param {Bytes} payload
     */
    seal(channel, payload) {
        const sealed = this.#channel;
        return this.#out.take(async () => {
            // Keys that were replaced while this waited seal nothing any more.
            if (sealed === null || sealed !== this.#channel || !sealed.isOpen) return;
            this.#wire.sendRecord(await sealed.seal(channel, payload, this.#nowS()));
        });
    }

    /**
     * Say something on the control channel: an act mirrored, a sign of life.
     *
     * @param {object} said
     */
    say(said) {
        return this.seal(Channel.CONTROL, utf8(JSON.stringify(said)));
    }

    /**
     * Send a message to the relay, behind what is being sealed.
     *
     * @param {Message} message
     */
    tell(message) {
        return this.#out.take(async () => {
            this.#wire.send(message);
        });
    }

    /**
     * Say the last word: without it the agent takes the line for lost (S-16).
     *
     * @param {string} reason
     */
    close(reason) {
        const sealed = this.#channel;
        return this.#out.take(async () => {
            if (sealed === null || sealed !== this.#channel || !sealed.isOpen) return;
            this.#wire.sendRecord(await sealed.close(reason, this.#nowS()));
        });
    }

    /**
     * @param {Bytes} frame
     * @returns {Promise<Opened | null>} null while the line is shut: it was on its way
     *     when the link or the session ended
     */
    async open(frame) {
        const sealed = this.#channel;
        if (sealed === null || !sealed.isOpen) return null;
        this.#heardS = this.#nowS();
        return sealed.open(frame);
    }

    /** Shut the line; only a resume opens it again. */
    drop() {
        this.#channel = null;
        this.#pairing = null;
        this.#resume = null;
    }

    /** @param {Message} message */
    async #carryPairing(message) {
        const pairing = this.#pairing;
        if (pairing === null) return null; // a run that is over already
        const reply = await pairing.receive(message);
        if (reply !== null) await this.tell(reply);
        return this.#take(pairing.agreement);
    }

    /** @param {Message} message */
    async #carryResume(message) {
        if (message.t === "resumed" && this.#agreement !== null) {
            this.#channel = null;
            this.#resume = new Resume(this.#agreement);
        }
        const resume = this.#resume;
        if (resume === null) return null;
        try {
            const reply = await resume.receive(message);
            if (reply !== null) await this.tell(reply);
        } catch (error) {
            this.#resume = null;
            if (error instanceof PairingFailed) return null; // another try may follow
            throw error;
        }
        if (resume.agreement !== null) this.#resume = null;
        return this.#take(resume.agreement);
    }

    /** @param {Agreement | null} agreement */
    #take(agreement) {
        if (agreement === null) return null;
        this.#agreement = agreement;
        this.#channel = new SealedChannel("console", agreement.keys, this.#nowS());
        return agreement;
    }
}

/**
 * What the agent says on the control channel: `act` mirrors an act, `ping` asks for a
 * `pong`.
 *
 * @param {Bytes} payload
 * @returns {{ t: string, act: string, sig: string }}
 * @throws {MalformedFrame} it is none of the things that can be said
 */
export function readSaid(payload) {
    let said;
    try {
        said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    } catch {
        throw new MalformedFrame("not JSON");
    }
    if (said?.t !== "act" && said?.t !== "ping" && said?.t !== "pong") {
        throw new MalformedFrame("nothing that can be said");
    }
    return { t: said.t, act: String(said.act ?? ""), sig: String(said.sig ?? "") };
}
