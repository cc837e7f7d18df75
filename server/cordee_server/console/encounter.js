// Two people meet by a code: asked for or typed here, claimed at the relay, then keys
// agreed on from its secret half.
//
// The secret half stays in this object and in what the view draws of it, and is
// forgotten as soon as the keys stand or the code is worth nothing (S-09).

import { drawSecret, spoken } from "./code.js";
import { PairingFailed } from "./errors.js";
import { Ledger, checkAttestation, readFact } from "./ledger.js";
import { log } from "./log.js";

/** @typedef {import("./code.js").Code} Code */
/** @typedef {import("./input/stream.js").Clock} Clock */
/** @typedef {import("./keys.js").SigningKey} SigningKey */
/** @typedef {import("./line.js").SealedLine} SealedLine */
/** @typedef {import("./link.js").Message} Message */
/** @typedef {import("./times.js").Alarms} Alarms */
/** @typedef {import("./state.js").EncounterState} EncounterState */

/**
 * Who this console is, and whom it speaks to.
 *
 * @typedef {object} Party
 * @property {SigningKey} key
 * @property {string} origin the relay's, as this page knows it
 * @property {Message} welcome the relay's key, and its word for ours
 * @property {string} engagement
 */

/** Both ends hold the same keys; the journal's entries up to here are still unread. */
/** @typedef {{ ledger: Ledger, paired: Message, early: string[] }} Met */

/** `limits.PAIRING_S`, and a little for the way. */
const PAIRING_MS = 17_000;

/** From the wish to meet to the keys, over as many runs as the code has. */
export class Encounter {
    #party;
    #line;
    #clock;
    #alarms;
    #over;
    /** @type {"asking" | "inviting" | "pairing" | "over"} */
    #phase = "asking";
    /** @type {"a" | "b"} */
    #direction = "b";
    #session = "";
    /** @type {Code | null} */
    #code = null;
    #codeUntil = 0;
    #codeLifetimeS = 0;
    #runsFailed = 0;
    #runsLeft = 1;
    /** @type {Message | null} */
    #paired = null;
    /** @type {string[]} */
    #early = [];

    /**
     * @param {object} options
     * @param {Party} options.party
     * @param {SealedLine} options.line
     * @param {Clock} options.clock
     * @param {Alarms} options.alarms
     * @param {(reason: string) => void} options.over nobody met, and nobody will
     */
    constructor({ party, line, clock, alarms, over }) {
        this.#party = party;
        this.#line = line;
        this.#clock = clock;
        this.#alarms = alarms;
        this.#over = over;
    }

    get phase() {
        return this.#phase;
    }

    /** @returns {EncounterState} */
    get state() {
        const isShown = this.#code !== null && this.#direction === "b";
        return {
            direction: this.#direction,
            spoken: isShown && this.#code !== null ? spoken(this.#code) : null,
            codeUntil: this.#codeUntil,
            codeLifetimeS: this.#codeLifetimeS,
            runsFailed: this.#runsFailed,
            runsLeft: this.#runsLeft,
        };
    }

    /** Ask the relay for a nameplate; the secret half is drawn here. */
    invite() {
        this.#direction = "b";
        void this.#line.tell({ t: "invite", engagement: this.#party.engagement });
    }

    /** @param {Code} code as the customer said it; only its nameplate is sent */
    claim(code) {
        this.#direction = "a";
        this.#code = code;
        const { engagement } = this.#party;
        void this.#line.tell({ t: "claim", np: code.nameplate, engagement });
    }

    /** Turn away: a code that waits is taken back, a run under way is spoilt. */
    leave() {
        if (this.#phase === "over") return;
        if (this.#direction === "b") void this.#line.tell({ t: "cancel" });
        else if (this.#phase === "pairing") void this.#line.tell({ t: "run_failed" });
        this.#forget();
    }

    /**
     * Something is not as it should be: stop, and say why.
     *
     * @param {string} reason
     */
    giveUp(reason) {
        const wasOver = this.#phase === "over";
        this.leave();
        if (!wasOver) this.#over(reason);
    }

    /** The link is gone, and the code with it. */
    linkDown() {
        this.#end(this.#phase === "pairing" ? "pairing_lost" : "code_lost");
    }

    /**
     * @param {Message} message of the relay's
     * @returns {Promise<Met | null>} once both ends hold the same keys
     */
    async take(message) {
        if (this.#phase === "over") return null;
        try {
            switch (message.t) {
                case "code":
                    this.#onCode(message);
                    return null;
                case "paired":
                    await this.#onPaired(message);
                    return null;
                case "h2":
                case "h4":
                    return await this.#carry(message);
                case "run_failed":
                    this.#onRunFailed(Number(message["left"]));
                    return null;
                case "entry":
                    await this.#onEntry(String(message["entry"]));
                    return null;
            }
        } catch (error) {
            if (!(error instanceof PairingFailed)) throw error;
            this.#failRun();
        }
        return null;
    }

    /** @param {Message} given a nameplate for a code of ours */
    #onCode(given) {
        this.#session = String(given["session"]);
        this.#code = { nameplate: String(given["np"]), secret: drawSecret() };
        this.#codeLifetimeS = Number(given["lifetime_s"]);
        this.#codeUntil = this.#clock.now() + this.#codeLifetimeS * 1000;
        this.#runsLeft = Number(given["runs"]);
        this.#phase = "inviting";
    }

    /** @param {Message} paired */
    async #onPaired(paired) {
        const code = this.#code;
        if (code === null || this.#phase === "pairing") throw new PairingFailed("out of turn");
        this.#session = String(paired["session"]);
        this.#paired = paired;
        this.#early = [];
        this.#phase = "pairing";
        this.#alarms.arm("pairing", PAIRING_MS, () => this.#failRun());
        const { key, origin, welcome } = this.#party;
        const att = welcome["att"] ?? null;
        const direction = this.#direction;
        await this.#line.pair({ code, direction, origin, pk: key.publicKey, att }, paired);
    }

    /**
     * @param {Message} message
     * @returns {Promise<Met | null>}
     */
    async #carry(message) {
        const agreement = await this.#line.carry(message);
        const paired = this.#paired;
        if (agreement === null || paired === null) return null;
        const { key, welcome, engagement } = this.#party;
        const early = this.#early;
        this.#forget();
        await checkAttestation(welcome, key.publicKey);
        const ledger = await Ledger.open({
            key: key.privateKey,
            agreement,
            relayPk: String(welcome["pk"]),
            paired,
            engagement,
            startedMs: this.#clock.now(),
        });
        return { ledger, paired, early };
    }

    /** This end found that the two do not hold the same code, or nobody goes on. */
    #failRun() {
        log.fact("run_failed", { spent: this.#line.runSpent });
        void this.#line.tell({ t: "run_failed" });
        const isSpent = this.#line.runSpent;
        this.#line.drop();
        this.#alarms.disarm("pairing");
        // The owner of a code counts its runs, whatever the relay says (S-11). The
        // relay's own `run_failed` or end comes next.
        if (isSpent && this.#direction === "b") this.#spend(this.#runsLeft - 1);
    }

    /** @param {number} left as the relay counts */
    #onRunFailed(left) {
        this.#line.drop();
        this.#alarms.disarm("pairing");
        if (this.#direction === "a") {
            this.#end("run_failed");
            return;
        }
        this.#runsFailed += 1;
        this.#phase = "inviting";
        this.#spend(Math.min(left, this.#runsLeft));
    }

    /** @param {number} left */
    #spend(left) {
        this.#runsLeft = left;
        if (left > 0) return;
        void this.#line.tell({ t: "cancel" });
        this.#end("code_refused");
    }

    /** @param {string} text before there are keys only the relay speaks */
    async #onEntry(text) {
        const fact = await readFact(text, String(this.#party.welcome["pk"]));
        // Others are of a code that we took back.
        if (fact === null || fact.session !== this.#session) return;
        if (fact.state === "ended") {
            this.#end(fact.kind === "ended" ? String(fact.data["reason"]) : "pairing_lost");
        } else if (this.#phase === "pairing" && fact.n >= Number(this.#paired?.["n"])) {
            this.#early.push(text);
        }
    }

    /** @param {string} reason */
    #end(reason) {
        if (this.#phase === "over") return;
        this.#forget();
        this.#over(reason);
    }

    #forget() {
        this.#phase = "over";
        this.#code = null;
        this.#paired = null;
        this.#alarms.disarm("pairing");
    }
}
