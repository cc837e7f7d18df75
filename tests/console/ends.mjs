// The other end for tests: golden vectors, dice that repeat, and an agent, which the
// product has in Python only.

import { readFileSync } from "node:fs";

import {
    b64,
    canonical,
    lvCat,
    readCanonical,
    sha256,
    transcript,
    unb64,
} from "../../server/cordee_server/console/canonical.js";
import { PairingFailed } from "../../server/cordee_server/console/errors.js";
import {
    concat,
    random,
    utf8,
} from "../../server/cordee_server/console/pairing/bytes.js";
import {
    NONCE_BYTES,
    Pairing,
} from "../../server/cordee_server/console/pairing/machine.js";
import * as pake from "../../server/cordee_server/console/pairing/pake.js";
import {
    resumedKeys,
    sessionKeys,
} from "../../server/cordee_server/console/pairing/schedule.js";

/** @typedef {import("../../server/cordee_server/console/pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("../../server/cordee_server/console/pairing/bytes.js").Entropy} Entropy */
/** @typedef {import("../../server/cordee_server/console/pairing/machine.js").Message} Message */
/** @typedef {import("../../server/cordee_server/console/pairing/schedule.js").Keys} Keys */
/** @typedef {ConstructorParameters<typeof Pairing>[0]} Options */

export const ORIGIN = "https://aide.example";
export const CODE = { nameplate: "482", secret: "91307" };
export const PK = new Uint8Array(32).fill(7);

/**
 * @param {string} name
 * @returns {any}
 */
export function vectors(name) {
    const path = new URL(`../../shared/vectors/${name}.json`, import.meta.url);
    return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function hex(text) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} data */
export function toHex(data) {
    return Buffer.from(data).toString("hex");
}

/** @param {Keys} keys */
export function keysAsHex({ a2c, c2a, exp, res }) {
    return { a2c: toHex(a2c), c2a: toHex(c2a), exp: toHex(exp), res: toHex(res) };
}

/**
 * Entropy that gives these draws, and insists on their sizes.
 *
 * @param {string[]} draws
 * @returns {Entropy}
 */
export function replay(draws) {
    const left = draws.map(hex);
    return (size) => {
        const drawn = left.shift();
        if (drawn?.length !== size) throw new Error(`no draw of ${size} bytes is due`);
        return drawn;
    };
}

/** @param {number} size */
export function spread(size) {
    return Uint8Array.from({ length: size }, (_, at) => (7 * at + 3) & 0xff);
}

/**
 * @param {Partial<Options>} [changed]
 */
export function consoleEnd(changed = {}) {
    return new Pairing({
        code: CODE,
        direction: "a",
        origin: ORIGIN,
        pk: PK,
        ...changed,
    });
}

/** @returns {Message} */
export function paired() {
    return { t: "paired", rs: b64(spread(16)), np: "482", dir: "a" };
}

/** @returns {Message} */
export function resumed() {
    return { t: "resumed", rs: b64(spread(32).slice(16)) };
}

/** @param {unknown} text */
function bytes(text) {
    return unb64(String(text));
}

/**
 * An agent as the Python one is, without its care: it is only ever honest.
 */
export class Agent {
    /** @type {Keys | null} */
    keys = null;
    th = new Uint8Array();
    /** @type {Bytes} */
    #rs = new Uint8Array();
    /** @type {Bytes} */
    #adB = new Uint8Array();
    /** @type {Bytes} */
    #sid = new Uint8Array();
    #share = new Uint8Array();
    #scalar;
    #nonce;
    #ad;
    #secret;
    #ci;

    /**
     * @param {{ secret?: string, origin?: string, ad?: object, dir?: "a" | "b" }} [changed]
     */
    constructor({ secret = CODE.secret, origin = ORIGIN, ad = {}, dir = "a" } = {}) {
        this.#secret = utf8(secret);
        this.#ci = lvCat(utf8("ra1"), utf8(origin), utf8(CODE.nameplate), utf8(dir));
        this.#scalar = random(pake.FIELD_BYTES);
        this.#nonce = random(NONCE_BYTES);
        this.#ad = canonical({
            v: 1,
            suite: pake.SUITE,
            role: "agent",
            n: b64(this.#nonce),
            pk: b64(PK),
            ver: "0.1.0",
            caps: {},
            ...ad,
        });
    }

    /**
     * @param {Message} message
     * @returns {Promise<Message | null>}
     */
    async receive(message) {
        if (message.t === "paired") {
            this.#rs = bytes(message["rs"]);
            return null;
        }
        if (message.t === "h1") {
            this.#adB = bytes(message["ad"]);
            const nonce = bytes(readCanonical(this.#adB)["n"]);
            this.#sid = concat(this.#rs, nonce, this.#nonce);
            const base = await pake.generator(
                this.#secret,
                this.#ci,
                this.#sid,
                random,
            );
            this.#share = await pake.scalarMult(this.#scalar, base);
            return { t: "h2", ad: b64(this.#ad), y: b64(this.#share) };
        }
        const yb = bytes(message["y"]);
        const said = transcript(this.#share, this.#ad, yb, this.#adB);
        const k = await pake.scalarMult(this.#scalar, yb);
        const isk = await pake.intermediateKey(this.#sid, k, said);
        const mac = await pake.confirmationKey(this.#sid, isk);
        if (!(await pake.confirms(mac, yb, this.#adB, bytes(message["tag"])))) {
            throw new PairingFailed("the console holds another code");
        }
        this.th = await sha256(said);
        this.keys = await sessionKeys(isk, this.#sid, this.th);
        return {
            t: "h4",
            tag: b64(await pake.confirmation(mac, this.#share, this.#ad)),
        };
    }
}

/** An agent that resumes, in the same way. */
export class AgentResume {
    /** @type {Keys | null} */
    keys = null;
    #before;
    #th;
    /** @type {Bytes} */
    #rs = new Uint8Array();
    /** @type {{ keys: Keys, key: CryptoKey, said: Bytes } | null} */
    #pending = null;

    /**
     * @param {Keys} keys
     * @param {Bytes} th
     */
    constructor(keys, th) {
        this.#before = keys;
        this.#th = th;
    }

    /**
     * @param {Message} message
     * @returns {Promise<Message | null>}
     */
    async receive(message) {
        if (message.t === "resumed") {
            this.#rs = bytes(message["rs"]);
            return null;
        }
        if (message.t === "r1") {
            const [yb, nb] = [bytes(message["y"]), bytes(message["n"])];
            const [scalar, na] = [random(pake.FIELD_BYTES), random(NONCE_BYTES)];
            const ya = await pake.scalarMult(scalar, pake.BASE_POINT);
            const [mine, said] = [lvCat(ya, na), lvCat(yb, nb)];
            const rh = await sha256(lvCat(this.#th, this.#rs, mine, said));
            const { res, exp } = this.#before;
            const k = await pake.scalarMult(scalar, yb);
            const made = await resumedKeys(res, k, concat(this.#rs, nb, na), rh, exp);
            const key = await pake.hmacKey(made.mac);
            this.#pending = { keys: made.keys, key, said };
            const tag = await pake.confirmation(key, utf8("agent"), mine);
            return { t: "r2", y: b64(ya), n: b64(na), tag: b64(tag) };
        }
        const pending = this.#pending;
        const tag = bytes(message["tag"]);
        if (
            !pending ||
            !(await pake.confirms(pending.key, utf8("console"), pending.said, tag))
        ) {
            throw new PairingFailed("the console is not the one of this session");
        }
        this.keys = pending.keys;
        return null;
    }
}

/**
 * Run an exchange to its end and return what went over the wire after h0. A relay
 * that meddles tells the agent the true h0, and the console another.
 *
 * @param {{ receive(message: Message): Promise<Message | null> }} agent
 * @param {{ receive(message: Message): Promise<Message | null> }} console
 * @param {Message} h0
 * @param {(message: Message) => Message} [meddle]
 */
export async function talk(agent, console, h0, meddle = (message) => message) {
    await agent.receive(h0);
    let message = await console.receive(meddle(h0));
    const said = [];
    let [turn, other] = [agent, console];
    while (message !== null) {
        said.push(message);
        message = await turn.receive(meddle(message));
        [turn, other] = [other, turn];
    }
    return said;
}

/**
 * A relay that changes one field of one kind of message.
 *
 * @param {string} t
 * @param {string} field
 * @param {unknown} to
 * @returns {(message: Message) => Message}
 */
export function alter(t, field, to) {
    return (message) => (message.t === t ? { ...message, [field]: to } : message);
}

/**
 * The text cut, lengthened, emptied, and changed at some characters.
 *
 * @param {string} text
 */
export function changedText(text) {
    const out = ["", text.slice(0, -1), `${text}A`, text.slice(1), `=${text}`];
    for (
        let at = 0;
        at < text.length;
        at += Math.max(1, Math.floor(text.length / 20))
    ) {
        const other = text[at] === "A" ? "B" : "A";
        out.push(text.slice(0, at) + other + text.slice(at + 1));
    }
    return out.filter((other) => other !== text);
}

/**
 * What an end that has to be done holds.
 *
 * @template T
 * @param {{ readonly agreement: T | null }} end
 * @returns {T}
 */
export function held(end) {
    if (end.agreement === null) throw new Error("nothing was agreed");
    return end.agreement;
}

/**
 * Pair two ends and return what each holds.
 */
export async function agreed() {
    const [agent, console] = [new Agent(), consoleEnd()];
    await talk(agent, console, paired());
    if (agent.keys === null) throw new Error("not paired");
    return { agent: agent.keys, th: agent.th, console: held(console) };
}
