// One session at the console: meets the agent, follows the journal, obeys the
// customer.
//
// 1. The state is what the journal's entries say, each verified. A withdrawal that the
//    agent mirrors through the sealed line counts at once; a grant only as an entry.
// 2. Every act is mirrored to the agent and told to the relay, and told again after a
//    lost link if its entry never came back.
// 3. Whatever does not verify ends the session: with a reason, never silently.

import { Encounter } from "./encounter.js";
import { Ending } from "./ending.js";
import { CLOCK } from "./input/stream.js";
import { SealedLine, readSaid } from "./line.js";
import { log } from "./log.js";
import { Turns } from "./pairing/turns.js";
import { ASKABLE, PROPOSABLE, Question } from "./question.js";
import { SHARED } from "./session.js";
import { Sight } from "./sight.js";
import { modeOf, phaseOf } from "./standing.js";
import { Alarms, RESUME_MS, Timer } from "./times.js";
import { Channels } from "./together/channels.js";
import { handlers } from "./together/table.js";
import { Channel } from "./wire/frames.js";

/** @typedef {import("./acts.js").Act} Act */
/** @typedef {import("./acts.js").Entry} Entry */
/** @typedef {import("./code.js").Code} Code */
/** @typedef {import("./encounter.js").Met} Met */
/** @typedef {import("./input/stream.js").Clock} Clock */
/** @typedef {import("./ledger.js").Ledger} Ledger */
/** @typedef {import("./line.js").Wire} Wire */
/** @typedef {import("./link.js").Message} Message */
/** @typedef {import("./pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("./sight.js").Shown} Shown */
/** @typedef {import("./stage.js").Wiring} Wiring */
/** @typedef {import("./state.js").SessionState} SessionState */

/** One session, from the wish to meet to the end. Owned by the page's Meeting. */
export class Assist {
    #clock;
    #changed;
    #line;
    #encounter;
    #alarms;
    #timer;
    #question;
    #sight;
    #ending;
    #channels;
    #acts = new Turns();
    /** @type {Ledger | null} null until both ends hold the same keys */
    #ledger = null;
    #session = "";
    #token = "";
    #isPaired = false;
    #isLeft = false;
    #linkIsUp = true;
    #peerIsLost = false;

    /**
     * @param {object} options
     * @param {Wire} options.link
     * @param {Message} options.welcome
     * @param {import("./api.js").Engagement} options.engagement
     * @param {import("./keys.js").SigningKey} options.key
     * @param {string} options.origin the relay's, as this page knows it
     * @param {(wiring: Wiring) => Shown} options.stage
     * @param {() => void} options.changed
     * @param {Clock} [options.clock]
     */
    constructor({ link, welcome, engagement, key, origin, stage, changed, clock = CLOCK }) {
        const now = () => clock.now();
        this.#clock = clock;
        this.#changed = changed;
        this.#alarms = new Alarms(clock);
        this.#timer = new Timer(now);
        this.#question = new Question(now);
        this.#ending = new Ending(this.#timer, this.#alarms, changed);
        this.#line = new SealedLine(link, () => now() / 1000);
        this.#sight = new Sight(stage, this.#line, changed, (fault) => this.#fail(fault));
        this.together = handlers({
            seal: (channel, payload) => this.#line.seal(channel, payload),
            act: (kind, data) => this.#act(kind, data),
            ...{ changed, clock },
        });
        this.#channels = new Channels(Object.values(this.together));
        this.#encounter = new Encounter({
            party: { key, origin, welcome, engagement: engagement.id },
            line: this.#line,
            clock,
            alarms: this.#alarms,
            over: (reason) => this.#over(reason, "relay"),
        });
    }

    /** @returns {SessionState} */
    get state() {
        const mode = this.#mode;
        return {
            ...this.#encounter.state,
            phase: this.#phase,
            isPaired: this.#isPaired,
            mode,
            ...this.#question.state,
            mayAsk: ASKABLE.has(mode) && this.#question.asking === null && this.#line.isOpen,
            linkIsUp: this.#linkIsUp,
            peerIsLost: this.#peerIsLost,
            spent: this.#timer.spent,
            modeSeconds: this.#timer.modeSeconds(mode),
            ...this.#sight.state,
            ...this.#ending.state,
        };
    }

    /** Ask for a code to dictate. */
    invite() {
        this.#encounter.invite();
    }

    /** @param {Code} code as the customer said it */
    claim(code) {
        this.#encounter.claim(code);
    }

    askControl() {
        if (!this.state.mayAsk) return;
        this.#question.ask("control");
        void this.#act("control_requested", {});
        this.#settle();
    }

    releaseControl() {
        if (this.#mode !== "controlling") return;
        this.#sight.deafen();
        void this.#act("control_released", {});
    }

    /** @type {(label: string, cents: number) => void} */
    proposeExtra(label, cents) {
        if (!PROPOSABLE.has(this.#mode)) return;
        void this.#act("extra_proposed", { label, price_cents: cents });
    }

    /** @param {string} [interruption] why the technician breaks off (R35) */
    end(interruption = "") {
        if (this.#ledger !== null) {
            this.#finish("technician_ended", interruption === "" ? {} : { interruption });
        } else {
            this.#encounter.leave();
            this.#over("code_cancelled", "technician");
        }
        this.#settle();
    }

    /** The page turns away for good. */
    leave() {
        if (this.#ledger === null) this.#encounter.leave();
        this.#isLeft = true;
        this.#alarms.disarmAll();
    }

    // --- what arrives ----------------------------------------------------------------------

    /** @param {Message} message of the relay's */
    async receive(message) {
        if (this.#isLeft) return;
        try {
            if (this.#ledger !== null) await this.#take(message);
            else await this.#meet(await this.#encounter.take(message));
        } catch (error) {
            this.#fail(error);
        }
        this.#settle();
    }

    /** @param {Bytes} frame a sealed record of the agent's */
    async receiveRecord(frame) {
        if (this.#isLeft || this.#isOver) return;
        try {
            const opened = await this.#line.open(frame);
            if (opened !== null) await this.#hear(opened.channel, opened.payload);
        } catch (error) {
            this.#fail(error);
            this.#settle();
        }
    }

    /** @param {string} about what the relay refused */
    refused(about) {
        if (about === "resume") this.#over("link_expired", "relay");
        else if (about === "session") this.#over("journal_unavailable", "relay");
    }

    /** This console's link is gone. */
    linkDown() {
        this.#linkIsUp = false;
        if (this.#ledger === null) this.#encounter.linkDown();
        this.#line.drop();
        if (!this.#isOver && this.#isPaired) {
            this.#sight.cut();
            this.#alarms.arm("resume", RESUME_MS, () => this.#over("link_expired", "relay"));
        } else {
            this.#over("pairing_lost", "relay"); // unconfirmed keys are not taken up again
        }
        this.#settle();
    }

    /** A new link stands: ask for the session back, or tell the end that was not told. */
    linkUp() {
        const ledger = this.#ledger;
        if (ledger === null || !this.#isPaired || this.#isLeft) return;
        if (this.#isOver && ledger.unconfirmed.length === 0) return;
        const { seen } = ledger;
        void this.#line.tell({ t: "resume", session: this.#session, token: this.#token, seen });
    }

    /** @param {Met | null} met both ends hold the same keys */
    async #meet(met) {
        if (met === null) return;
        const { ledger, paired, early } = met;
        this.#ledger = ledger;
        this.#session = String(paired["session"]);
        this.#token = String(paired["token"]);
        this.#question.lengthS = Number(paired["consent_s"]);
        for (const entry of early) await this.#follow(entry);
        await this.#act("bind", { pairing: ledger.pairing });
    }

    /** @param {Message} message once there are keys */
    async #take(message) {
        switch (message.t) {
            case "entry":
                await this.#follow(String(message["entry"]));
                break;
            case "resumed":
                this.#token = String(message["token"]);
                await this.#line.carry(message);
                break;
            case "r2":
                if ((await this.#line.carry(message)) !== null) this.#comeBack();
                break;
            case "bill":
                this.#ending.takeBill(message);
                break;
        }
    }

    /** The line is open again: say once more what the relay may have missed. */
    #comeBack() {
        this.#linkIsUp = true;
        this.#alarms.disarm("resume");
        for (const act of this.#ledger?.unconfirmed ?? []) void this.#say(act);
    }

    // --- the journal ---------------------------------------------------------------------------

    /** @param {string} text */
    async #follow(text) {
        const ledger = this.#ledger;
        if (ledger === null) return;
        const entry = await ledger.follow(text);
        this.#timer.at(entry.state, entry.moment.monoUs);
        if (entry.state === "ended") {
            this.#over(this.#question.reasonOf(entry), entry.side);
            return;
        }
        this.#question.notice(entry);
        if (!entry.late) this.#notice(entry);
    }

    /** @param {Entry} entry */
    #notice({ kind, side, data }) {
        if (kind === "bind" && side === "customer") {
            if (data["pairing"] !== this.#ledger?.pairing) this.#finish("key_mismatch");
        } else if (kind === "keys_confirmed") {
            this.#isPaired = true;
            this.#sight.prepare();
        } else if (kind === "link_lost" && data["side"] === "customer") {
            this.#losePeer();
        } else if (kind === "link_restored") {
            this.#peerIsLost = false;
        }
    }

    /** The agent's keys are gone with its link; a resume brings new ones. */
    #losePeer() {
        this.#peerIsLost = true;
        this.#line.drop();
        this.#sight.cut();
    }

    /**
     * Write an act, and say it.
     *
     * @param {import("./session.js").Kind} kind
     * @param {import("./canonical.js").JsonObject} data
     */
    #act(kind, data) {
        return this.#acts.take(async () => {
            const ledger = this.#ledger;
            if (ledger === null) return;
            await this.#say(await ledger.write(kind, this.#clock.now(), data));
        });
    }

    /** @param {Act} act mirrored first: after an end the relay carries nothing */
    async #say({ kind, text, sig, data }) {
        if (!this.#linkIsUp) return; // said once the session is taken up again
        const mirror = this.#line.say({ t: "act", act: text, sig });
        const close = kind === "ended" ? this.#line.close(String(data["reason"])) : null;
        await Promise.all([mirror, close, this.#line.tell({ t: "act", act: text, sig })]);
    }

    /**
     * @param {number} channel
     * @param {Bytes} payload
     */
    async #hear(channel, payload) {
        switch (channel) {
            case Channel.CONTROL:
                await this.#hearSaid(readSaid(payload));
                break;
            case Channel.SCREEN:
                this.#sight.receive(payload, this.#mode);
                break;
            case Channel.CLOSE:
                this.#line.drop(); // the entry says the rest
                break;
            default:
                await this.#channels.take(channel, payload, this.#ledger?.state ?? "waiting");
        }
    }

    /** @param {{ t: string, act: string, sig: string }} said */
    async #hearSaid({ t, act, sig }) {
        if (t === "ping") {
            await this.#line.say({ t: "pong" });
        } else if (t === "act" && this.#ledger !== null) {
            await this.#ledger.mirrored(act, sig);
            this.#settle();
        }
    }

    // --- what counts ---------------------------------------------------------------------------

    get #isOver() {
        return this.#ending.end !== null;
    }

    get #mode() {
        const isOpen = this.#line.isOpen;
        return modeOf(this.#ledger?.state ?? null, { isOver: this.#isOver, isOpen });
    }

    get #phase() {
        const before = this.#encounter.phase;
        const here = { isOver: this.#isOver, isPaired: this.#isPaired, before };
        return phaseOf(this.#ledger?.state ?? null, here);
    }

    /** Bring hands and picture in line with what counts now. */
    #settle() {
        const mode = this.#mode;
        this.#sight.settle(mode);
        this.#channels.settle(SHARED.has(/** @type {any} */ (mode)) && this.#line.isOpen);
        this.#changed();
    }

    // --- the end -------------------------------------------------------------------------------

    /** @param {unknown} error what did not verify, or a bug */
    #fail(error) {
        log.fault("session", error);
        if (this.#ledger !== null) this.#finish("violation");
        else this.#encounter.giveUp("violation");
    }

    /**
     * End from this side: everything stops now, then it is told.
     *
     * @param {string} reason
     * @param {object} [more]
     */
    #finish(reason, more = {}) {
        if (this.#isOver) return;
        void this.#act("ended", { reason, ...more });
        this.#over(reason, "technician");
    }

    /**
     * @param {string} reason
     * @param {string} by
     */
    #over(reason, by) {
        if (!this.#ending.take(reason, by, this.#isPaired)) return;
        this.#question.withdraw();
        this.#channels.stop();
        this.#settle();
    }
}
