// The link to the relay and the one session on it, from the page's point of view.

import { log } from "./log.js";

/** @typedef {import("./api.js").Engagement} Engagement */
/** @typedef {import("./assist.js").Assist} Assist */
/** @typedef {import("./assist.js").SessionState} SessionState */
/** @typedef {import("./code.js").Code} Code */
/** @typedef {import("./input/hands.js").KeyName} KeyName */
/** @typedef {import("./link.js").Link} Link */
/** @typedef {import("./link.js").Listener} Listener */
/** @typedef {import("./link.js").Message} Message */
/** @typedef {import("./relay.js").RelayKey} RelayKey */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Wiring} Wiring */
/** @typedef {"invite" | "claim"} Way */

/**
 * What a session is made with.
 *
 * @typedef {object} Meant
 * @property {Link} link
 * @property {Message} welcome
 * @property {Engagement} engagement
 * @property {(wiring: Wiring) => Stage} stage
 * @property {() => void} changed
 */

/**
 * @typedef {object} MeetingParts
 * @property {(listener: Listener) => Link} makeLink
 * @property {(meant: Meant) => Assist} makeAssist
 * @property {(wiring: Wiring) => Stage} makeStage
 * @property {RelayKey} relayKey
 */

/**
 * What a meeting tells the page.
 *
 * @typedef {object} Told
 * @property {() => void} changed
 * @property {(way: Way, code: string) => void} refused nobody met; `code` says why
 * @property {() => void} unwelcome the relay may have forgotten who we are
 */

/** The customer's screen is seen. @type {ReadonlySet<string>} */
const SEEN = new Set(["viewing", "controlling", "reclaimed"]);

/** Owned by the page. */
export class Meeting {
    #parts;
    #told;
    /** @type {Link} */
    #link;
    /** @type {Message | null} */
    #welcome = null;
    /** @type {{ known: string, now: string } | null} */
    #changedKey = null;
    /** @type {Assist | null} */
    #assist = null;
    /** @type {Stage | null} */
    #stage = null;
    #looking;
    #isLost = false;

    /**
     * @param {MeetingParts} parts
     * @param {Told} told
     * @param {import("./looking.js").Looking} looking
     */
    constructor(parts, told, looking) {
        this.#parts = parts;
        this.#looking = looking;
        this.#told = told;
        this.#link = parts.makeLink({
            up: (welcome) => this.#onUp(welcome),
            message: (message) => this.#onMessage(message),
            record: (frame) => this.#assist?.receiveRecord(frame),
            down: (opened) => this.#onDown(opened),
        });
    }

    /** What the relay said of itself, and whether it is the one known here. */
    get relay() {
        return {
            isLost: this.#isLost,
            organisation: String(this.#welcome?.["organisation"] ?? ""),
            changed: this.#changedKey,
        };
    }

    /** Whether somebody may be met now. */
    get mayMeet() {
        return this.#link.isUp && this.#changedKey === null;
    }

    /** What the two people share, while there is a session. */
    get together() {
        const shared = this.#assist?.together;
        if (shared === undefined) return null;
        const place = (/** @type {number} */ x, /** @type {number} */ y) =>
            this.#stage?.place(x, y) ?? null;
        return { ...shared, place, keepPicture: () => this.#keepPicture() };
    }

    /** @returns {SessionState | null} */
    get session() {
        return this.#assist?.state ?? null;
    }

    connect() {
        this.#link.connect();
    }

    /** Leave the relay, whatever is under way. */
    close() {
        this.leave();
        this.#link.close();
        this.#welcome = null;
        this.#isLost = false; // left, not lost
    }

    /** The network came back, or the page was looked at again. */
    hurry() {
        this.#link.hurry();
    }

    /**
     * @param {Engagement} engagement
     * @returns {Assist | null} null when nobody may be met now
     */
    begin(engagement) {
        if (this.#welcome === null || !this.mayMeet) return null;
        this.leave();
        this.#assist = this.#parts.makeAssist({
            link: this.#link,
            welcome: this.#welcome,
            engagement,
            stage: (wiring) => {
                this.#stage = this.#parts.makeStage(wiring);
                this.#looking.use(this.#stage);
                return this.#stage;
            },
            changed: () => this.#settle(),
        });
        return this.#assist;
    }

    /** Forget the session; its code, if it still waits, is taken back. */
    leave() {
        this.#assist?.leave();
        this.#assist = null;
        this.#stage?.close();
        this.#stage = null;
        this.#looking.drop();
        this.#link.watch(false);
    }

    askControl() {
        this.#assist?.askControl();
    }

    releaseControl() {
        this.#assist?.releaseControl();
    }

    /** @type {(label: string, cents: number) => void} work beyond what was agreed */
    proposeExtra(label, cents) {
        this.#assist?.proposeExtra(label, cents);
    }

    /** @param {string} [interruption] why the technician breaks off */
    end(interruption) {
        this.#assist?.end(interruption);
    }

    /** @param {KeyName} name */
    press(name) {
        this.#stage?.press(name);
    }

    /** @param {string} text for the customer's computer */
    typeText(text) {
        this.#stage?.type(text);
    }

    keyboard() {
        this.#stage?.focus();
    }

    /**
     * @param {HTMLElement} box
     * @param {HTMLTextAreaElement} field
     * @returns {() => void} undoes it
     */
    mount(box, field) {
        return this.#stage?.mount(box, field) ?? (() => {});
    }

    acceptRelay() {
        if (this.#welcome !== null) this.#parts.relayKey.accept(String(this.#welcome["pk"]));
        this.#changedKey = null;
    }

    /**
     * Keep a picture of what is seen: journaled and announced first.
     *
     * @returns {Promise<Blob | null>} null when nothing may be seen now
     */
    async #keepPicture() {
        const [assist, stage] = [this.#assist, this.#stage];
        if (assist === null || stage === null || !SEEN.has(assist.state.mode)) return null;
        await assist.together.talk.announcePicture();
        return stage.picture();
    }

    /** @param {Message} welcome */
    async #onUp(welcome) {
        this.#welcome = welcome;
        this.#isLost = false;
        this.#changedKey = await this.#parts.relayKey.check(String(welcome["pk"]));
        this.#assist?.linkUp();
        this.#settle();
    }

    /** @param {Message} message */
    async #onMessage(message) {
        if (message.t === "refused") this.#onRefused(message);
        else await this.#assist?.receive(message);
        this.#settle();
    }

    /** @param {Message} message */
    #onRefused(message) {
        const code = String(message["code"]);
        const about = String(message["about"]);
        log.fact("refused", { code, about });
        if (code === "not_signed_in") {
            this.#told.unwelcome();
        } else if (about === "invite" || about === "claim") {
            this.leave();
            this.#told.refused(about, code);
        } else {
            this.#assist?.refused(about);
        }
    }

    /** @param {boolean} opened */
    #onDown(opened) {
        this.#isLost = true;
        this.#assist?.linkDown();
        this.#settle();
        if (!opened) this.#told.unwelcome();
    }

    /** Bring what surrounds the session in line with it. */
    #settle() {
        const session = this.session;
        if (session !== null) {
            this.#link.watch(session.isPaired && session.phase !== "ended");
            if (session.phase === "ended" && !session.isPaired) {
                const way = session.direction === "b" ? "invite" : "claim";
                this.leave();
                this.#told.refused(way, session.end?.reason ?? "run_failed");
            }
        }
        this.#told.changed();
    }
}
