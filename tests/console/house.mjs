// A relay and an agent for tests of the console: real keys, real acts, real entries, no
// socket. Nothing happens by itself but what the protocol answers at once; the rest is
// the test's to say.

import { ActReader, ActWriter } from "../../server/cordee_server/console/acts.js";
import { b64, canonical } from "../../server/cordee_server/console/canonical.js";
import { PairingFailed } from "../../server/cordee_server/console/errors.js";
import { newKey } from "../../server/cordee_server/console/keys.js";
import { random, utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { SealedChannel } from "../../server/cordee_server/console/pairing/channel.js";
import { Turns } from "../../server/cordee_server/console/pairing/turns.js";
import { Session } from "../../server/cordee_server/console/session.js";
import { Label, message as signed } from "../../server/cordee_server/console/signing.js";
import { Channel } from "../../server/cordee_server/console/wire/frames.js";
import { Agent, AgentResume, CODE, ORIGIN, toHex } from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/acts.js").Act} Act */
/** @typedef {import("../../server/cordee_server/console/keys.js").SigningKey} SigningKey */
/** @typedef {import("../../server/cordee_server/console/link.js").Message} Message */
/** @typedef {import("../../server/cordee_server/console/pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("../../server/cordee_server/console/session.js").Kind} Kind */
/** @typedef {import("../../server/cordee_server/console/session.js").State} State */
/** @typedef {import("../../server/cordee_server/console/canonical.js").JsonObject} JsonObject */

/** Who hears what the house says to the console. */
/** @typedef {{ receive: (message: Message) => Promise<void>,
 *     receiveRecord: (frame: Bytes) => Promise<void> }} Hearer */

export const SESSION = "00112233445566778899aabbccddeeff";
export const ENGAGEMENT = "e-0011223344556677";
export const CONSENT_S = 120;

/** @returns {Promise<SigningKey>} */
export async function signingKey() {
    const key = await newKey();
    if (key === null) throw new Error("no Ed25519 here");
    return key;
}

/**
 * @param {SigningKey} key
 * @param {string} label
 * @param {Bytes} data
 */
async function signature(key, label, data) {
    const text = await signed(label, new Uint8Array(), data);
    return new Uint8Array(await crypto.subtle.sign("Ed25519", key.privateKey, text));
}

/** The relay, and behind it Mme Durand's agent. */
export class House {
    /** What the console told the relay, in order. @type {Message[]} */
    told = [];
    /** What the agent opened, in order. @type {{ channel: number, text: string }[]} */
    opened = [];
    /** Entries in the order they were made. @type {string[]} */
    entries = [];
    /** Journal the console's acts as they come. */
    journals = true;
    /** Whether the console's link stands. */
    isUp = true;
    secret = CODE.secret;
    runs = 3;
    /** @type {Hearer | null} */
    console = null;
    #relay;
    #agentKey;
    #dir = /** @type {"a" | "b"} */ ("a");
    #monoUs = 1_000_000;
    #table = new Session();
    /** @type {Agent | null} */
    #agent = null;
    /** @type {AgentResume | null} */
    #resume = null;
    /** @type {SealedChannel | null} */
    #channel = null;
    /** @type {ActWriter | null} */
    #writer = null;
    /** @type {ActReader | null} */
    #reader = null;
    #work = new Turns();
    #toConsole = new Turns();
    #consolePk = new Uint8Array();

    /**
     * @param {SigningKey} relay
     * @param {SigningKey} agentKey
     */
    constructor(relay, agentKey) {
        this.#relay = relay;
        this.#agentKey = agentKey;
    }

    static async open() {
        return new House(await signingKey(), await signingKey());
    }

    get relayPk() {
        return this.#relay.pk;
    }

    /** @returns {State} */
    get state() {
        return this.#table.state;
    }

    /** The link, as the console has it. */
    get wire() {
        return {
            send: (/** @type {Message} */ message) => {
                if (!this.isUp) return false;
                this.told.push(message);
                void this.#work.take(() => this.#hear(message));
                return true;
            },
            sendRecord: (/** @type {Bytes} */ frame) => {
                if (!this.isUp) return false;
                void this.#work.take(() => this.#open(frame));
                return true;
            },
        };
    }

    /** @param {Bytes} publicKey the console's */
    async welcome(publicKey) {
        this.#consolePk = publicKey;
        const said = { v: 1, organisation: "Aide & Cie", technician: "Claire", expires: 2 };
        const att = await this.#statement(Label.ATTESTATION, { ...said, pk: b64(publicKey) });
        return { t: "welcome", v: 1, pk: this.relayPk, organisation: "Aide & Cie", att };
    }

    // --- what the relay does ------------------------------------------------------------

    /**
     * Say something to the console, in order.
     *
     * @param {Message} message
     */
    say(message) {
        return this.#toConsole.take(async () => this.console?.receive(message));
    }

    /**
     * @param {Kind} kind
     * @param {JsonObject} data
     * @returns {Promise<string>} a fact of the relay's, made but not told
     */
    async fact(kind, data = {}) {
        const state = this.#table.follow(kind, "relay", this.#tick());
        const fields = { ...this.#fields(kind, "relay", state, false), data, act: "" };
        const sig = await signature(this.#relay, Label.FACT, canonical(fields));
        return this.#keep({ ...fields, sig: toHex(sig) });
    }

    /**
     * @param {Act} act
     * @param {boolean} [late]
     * @returns {Promise<string>} the entry of a person's act, made but not told
     */
    async entry(act, late = false) {
        const state = this.#table.follow(act.kind, act.side, this.#tick(), late);
        const fields = this.#fields(act.kind, act.side, state, late);
        return this.#keep({ ...fields, data: act.data, act: act.text, sig: act.sig });
    }

    /** @param {string} entry */
    tell(entry) {
        return this.say({ t: "entry", entry });
    }

    /**
     * Journal a fact and tell it.
     *
     * @param {Kind} kind
     * @param {JsonObject} [data]
     */
    async notes(kind, data = {}) {
        await this.tell(await this.fact(kind, data));
    }

    /** Time passes for the relay. @param {number} seconds */
    waits(seconds) {
        this.#monoUs += seconds * 1e6;
    }

    /** The console's end is ready to be answered. @param {"a" | "b"} dir */
    async meets(dir) {
        this.#dir = dir;
        this.#agent = new Agent({ secret: this.secret, dir, ad: { pk: this.#agentKey.pk } });
        const agreed = { engagement: ENGAGEMENT, purpose: "imprimante", v: 1 };
        const paired = {
            t: "paired",
            session: SESSION,
            rs: b64(random(16)),
            np: CODE.nameplate,
            dir,
            n: this.#table.nextEntry,
            offer: await this.#statement(Label.OFFER, agreed),
            att: {},
            token: "token-1",
            consent_s: CONSENT_S,
        };
        await this.#agent.receive(paired);
        const claimed = await this.fact("code_claimed");
        await this.say(paired);
        await this.tell(claimed);
    }

    /** Both links stand again: let the two ends prove themselves. @param {string} token */
    async resumes(token = "token-2") {
        if (this.#agent === null || this.#agent.keys === null) throw new Error("not paired");
        this.#channel = null;
        this.#resume = new AgentResume(this.#agent.keys, this.#agent.th);
        const resumed = { t: "resumed", session: SESSION, rs: b64(random(16)), token };
        await this.#resume.receive(resumed);
        await this.say(resumed);
    }

    // --- what the customer does ----------------------------------------------------------

    /**
     * @param {Kind} kind
     * @param {JsonObject} [data]
     */
    async act(kind, data = {}) {
        if (this.#writer === null || this.#reader === null) throw new Error("not paired");
        const seen = this.#table.nextEntry - 1;
        return this.#writer.write(kind, this.#monoUs / 1000, seen, this.#reader.last, data);
    }

    /** @param {Act} act */
    mirror({ text, sig }) {
        return this.seal(Channel.CONTROL, utf8(JSON.stringify({ t: "act", act: text, sig })));
    }

    /**
     * Do something: mirrored, journaled, told.
     *
     * @param {Kind} kind
     * @param {JsonObject} [data]
     */
    async does(kind, data = {}) {
        const act = await this.act(kind, data);
        await this.mirror(act);
        await this.tell(await this.entry(act));
        return act;
    }

    /**
     * @param {number} channel
     * @param {Bytes} payload
     */
    seal(channel, payload) {
        const sealed = this.#channel?.seal(channel, payload, 0);
        return this.#toConsole.take(async () => {
            if (sealed !== undefined) await this.console?.receiveRecord(await sealed);
        });
    }

    /** The agent's last word on the line. @param {string} reason */
    async closes(reason) {
        const frame = await this.#channel?.close(reason, 0);
        if (frame !== undefined) await this.console?.receiveRecord(frame);
    }

    // --- inside ------------------------------------------------------------------------

    /** @param {Message} message */
    async #hear(message) {
        switch (message.t) {
            case "invite": {
                this.#dir = "b";
                const code = { session: SESSION, np: CODE.nameplate, runs: this.runs };
                await this.say({ t: "code", ...code, lifetime_s: 900 });
                break;
            }
            case "h1":
            case "h3":
                await this.#pair(message);
                break;
            case "act":
                await this.#journal(message);
                break;
            case "r1":
            case "r3":
                await this.#takeUp(message);
                break;
        }
    }

    /** @param {Message} message */
    async #pair(message) {
        const agent = this.#agent;
        if (agent === null) throw new Error("nobody was met");
        let answer;
        try {
            answer = await agent.receive(message);
        } catch (error) {
            if (!(error instanceof PairingFailed)) throw error;
            await this.failsRun();
            return;
        }
        if (agent.keys !== null) {
            const { th, keys } = agent;
            const common = { session: SESSION, th };
            const key = this.#agentKey.privateKey;
            this.#channel = new SealedChannel("agent", keys, 0);
            this.#writer = new ActWriter({ ...common, side: "customer", key, startedMs: 0 });
            const publicKey = this.#consolePk;
            this.#reader = new ActReader({ ...common, side: "technician", publicKey });
        }
        if (answer !== null) await this.say(answer);
        if (agent.keys !== null) await this.does("bind", { pairing: toHex(agent.th) });
    }

    /** A run came to nothing: as the relay's claims have it. */
    async failsRun() {
        this.runs -= 1;
        if (this.#dir === "a" || this.runs === 0) {
            await this.notes("ended", { reason: "code_refused" });
            return;
        }
        await this.notes("run_failed", { left: this.runs });
        await this.say({ t: "run_failed", left: this.runs });
    }

    /** @param {Message} message */
    async #journal(message) {
        const act = await this.#reader?.read(message["act"], message["sig"]);
        if (act === undefined || !this.journals) return;
        await this.tell(await this.entry(act));
        if (act.kind === "bind") await this.notes("keys_confirmed");
    }

    /** @param {Message} message */
    async #takeUp(message) {
        const resume = this.#resume;
        if (resume === null) throw new Error("nothing is taken up");
        const answer = await resume.receive(message);
        if (resume.keys !== null) {
            this.#channel = new SealedChannel("agent", resume.keys, 0);
            await this.notes("link_restored");
        }
        if (answer !== null) await this.say(answer);
    }

    /** @param {Bytes} frame */
    async #open(frame) {
        const opened = await this.#channel?.open(frame);
        if (opened === undefined) return;
        const text = new TextDecoder().decode(opened.payload);
        this.opened.push({ channel: opened.channel, text });
    }

    #tick() {
        this.#monoUs += 1000;
        return this.#monoUs;
    }

    /**
     * @param {Kind} kind
     * @param {string} side
     * @param {State} state
     * @param {boolean} late
     */
    #fields(kind, side, state, late) {
        const n = this.#table.nextEntry - 1;
        const moment = { boot: "boot-1", mono_us: this.#monoUs, at_ms: 1_741_942_800_000 };
        return { v: 1, session: SESSION, n, ...moment, side, kind, state, late };
    }

    /** @param {JsonObject} value */
    #keep(value) {
        const text = new TextDecoder().decode(canonical(value));
        this.entries.push(text);
        return text;
    }

    /**
     * @param {string} label
     * @param {JsonObject} value
     */
    async #statement(label, value) {
        const text = canonical(value);
        const sig = b64(await signature(this.#relay, label, text));
        return { text: new TextDecoder().decode(text), sig };
    }
}

export { CODE, ORIGIN };
