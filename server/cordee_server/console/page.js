// What the page knows and does, without a line of markup: who is signed in, whom to
// help, and the one session under way. The views draw `state` and call its methods.
//
// Owned by main.js, which draws after every change.

import { ApiRefused } from "./api.js";
import { Calls } from "./calls.js";
import { readCode } from "./code.js";
import { Desk } from "./desk.js";
import { Refused } from "./errors.js";
import { Leaving } from "./leaving.js";
import { log } from "./log.js";
import { Looking } from "./looking.js";
import { Meeting } from "./meeting.js";
import { LANGUAGES, rememberLanguage } from "./text/choose.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Me} Me */
/** @typedef {import("./api.js").Engagement} Engagement */
/** @typedef {import("./meeting.js").MeetingParts} MeetingParts */
/** @typedef {import("./text/figures.js").Language} Language */
/** @typedef {import("./text/words.js").Words} Words */

/** @typedef {"loading" | "login" | "today" | "meet" | "assist" | "ended"} ViewName */
/** @typedef {"login" | "engage" | "invite" | "claim"} About */
/** @typedef {import("./input/hands.js").KeyName} KeyName */

/** @typedef {import("./showing.js").PageState} PageState */

/**
 * What the page is made with; tests bring their own.
 *
 * @typedef {object} PageParts
 * @property {Api} api
 * @property {{ getItem?: (name: string) => string | null,
 *     setItem: (name: string, value: string) => void } | null} storage
 * @property {{ now: () => number, wall: () => number }} clock
 * @property {() => void} changed
 * @property {import("./calls.js").CallParts} calls
 * @property {(role: string) => boolean} [elsewhere] goes, where this role has its own page
 * @property {{ toggle: () => void, isFull: boolean, isLocked: boolean }} screen
 */

/** @typedef {PageParts & MeetingParts} Parts */
/** @typedef {Page} Actions */

/** The page's state and everything a view may ask for. */
export class Page {
    #parts;
    #meeting;
    #view = /** @type {ViewName} */ ("loading");
    #me = /** @type {Me | null} */ (null);
    #engagement = /** @type {Engagement | null} */ (null);
    #busy = /** @type {About | null} */ (null);
    #refusal = /** @type {PageState["refusal"]} */ (null);
    #desk;
    #calls;
    #isInviting = false;
    #leaving = new Leaving(() => this.#parts.changed());
    /** @type {Language} */
    #language;

    /**
     * @param {Parts} parts
     * @param {Language} language
     */
    constructor(parts, language) {
        this.#parts = parts;
        this.#language = language;
        const { api, clock, changed } = parts;
        this.looking = new Looking(() => changed(), parts.storage);
        this.#calls = new Calls(parts.calls, () => changed());
        this.#desk = new Desk(api, () => clock.now(), () => changed(), (customers) =>
            this.#call((words) => words.customers_waiting(customers)),
        );
        const told = {
            changed: () => this.#afterSession(),
            /** @type {(way: "invite" | "claim", code: string) => void} */
            refused: (way, code) => {
                this.#busy = null;
                this.#refuse(way, new ApiRefused(code));
                this.#show("meet");
            },
            unwelcome: () => void this.#checkSignedIn(),
        };
        this.#meeting = new Meeting(parts, told, this.looking);
    }

    /** @returns {PageState} */
    get state() {
        const meeting = this.#meeting;
        return {
            language: this.#language,
            words: LANGUAGES[this.#language],
            view: this.#view,
            me: this.#me,
            ...this.#desk.state,
            engagement: this.#engagement,
            busy: this.#busy,
            refusal: this.#refusal,
            relay: meeting.relay,
            mayMeet: meeting.mayMeet,
            session: meeting.session,
            isEnding: this.#leaving.isAsked,
            interruption: this.#leaving.cause,
            look: this.looking.state,
            isFull: this.#parts.screen.isFull,
            isLocked: this.#parts.screen.isLocked,
            notices: this.#calls.notices,
            nowMs: this.#parts.clock.now(),
            wallMs: this.#parts.clock.wall(),
        };
    }

    /** Whether leaving the page would end a session, or lose a code. */
    get isLive() {
        const session = this.#meeting.session;
        return session !== null && session.phase !== "ended";
    }

    /** Find out who is signed in. */
    async start() {
        try {
            this.#me = await this.#parts.api.me();
        } catch (error) {
            this.#show("login");
            this.#refuse("login", error);
            return;
        }
        if (this.#me === null) this.#show("login");
        else await this.#enter();
    }

    /** The network came back, or the page was looked at again. */
    hurry() {
        this.#meeting.hurry();
        this.#calls.seen();
    }

    /** What stands before the page's name in its title, if anything does. */
    get calling() {
        return this.#calls.title;
    }

    /** Look what stands on the relay, now and then. */
    tend() {
        if (this.#me !== null && this.#desk.isStale) void this.#desk.look();
    }

    // --- what a view may ask for ------------------------------------------------------

    /** @param {Language} language */
    speak = (language) => {
        this.#language = language;
        rememberLanguage(language, this.#parts.storage);
        this.#parts.changed();
    };

    /**
     * @param {string} name
     * @param {string} password
     * @param {string} totp
     */
    signIn = (name, password, totp) =>
        this.#do("login", async () => {
            await this.#parts.api.login(name, password, totp);
            this.#me = await this.#parts.api.me();
            if (this.#me === null) throw new ApiRefused("not_signed_in");
            await this.#enter();
        });

    signOut = async () => {
        this.#forget();
        this.#show("login");
        await this.#parts.api.logout().catch((error) => log.fault("logout", error));
    };

    /** @param {{ customer: string, purpose: string, tariff: string, details?: object }} agreed */
    engage = (agreed) =>
        this.#do("engage", async () => {
            const engagement = await this.#parts.api.engage(agreed);
            this.#desk.add(engagement);
            this.open(engagement);
        });

    /** @param {Engagement} engagement */
    open = (engagement) => {
        this.#engagement = engagement;
        this.#refusal = null;
        this.#show("meet");
    };

    invite = () => {
        this.#begin("invite")?.invite();
        this.#parts.changed();
    };

    /**
     * @param {string} text as typed
     * @returns {boolean} whether it was a code; only its nameplate was sent
     */
    claim = (text) => {
        let code;
        try {
            code = readCode(text);
        } catch (error) {
            const digits = text.replace(/\D/g, "").length;
            this.#refuse("claim", digits === 9 ? error : new ApiRefused("code_length"));
            return false;
        }
        const assist = this.#begin("claim");
        assist?.claim(code);
        this.#parts.changed();
        return assist !== null;
    };

    cancelCode = () => {
        this.#meeting.leave();
        this.#busy = null;
        this.#show("meet");
    };

    leave = () => {
        this.#meeting.leave();
        this.#engagement = null;
        this.#refusal = null;
        this.#busy = null;
        this.#show("today");
        void this.#refresh();
    };

    again = () => {
        this.#meeting.leave();
        this.#refusal = null;
        this.#show("meet");
    };

    askControl = () => this.#meeting.askControl();
    releaseControl = () => this.#meeting.releaseControl();
    /** @type {(label: string, cents: number) => void} */
    proposeExtra = (label, cents) => this.#meeting.proposeExtra(label, cents);

    askEnd = () => this.#leaving.ask();
    keepGoing = () => this.#leaving.withdraw();

    /** @param {string} cause */
    interrupt = (cause) => this.#leaving.breakOff(cause);

    end = () => {
        const cause = this.#leaving.take();
        if (cause !== null) this.#meeting.end(cause);
    };

    get together() {
        return this.#meeting.together;
    }

    /** @type {(name: KeyName) => void} */
    press = (name) => this.#meeting.press(name);
    /** @type {(text: string) => void} */
    typeText = (text) => this.#meeting.typeText(text);
    keyboard = () => this.#meeting.keyboard();
    askNotices = () => this.#calls.ask();
    fullScreen = () => this.#parts.screen.toggle();

    /**
     * Put the session's picture and keyboard into the page.
     *
     * @param {HTMLElement} box
     * @param {HTMLTextAreaElement} field
     * @returns {() => void} undoes it
     */
    mount = (box, field) => this.#meeting.mount(box, field);

    acceptRelay = () => {
        this.#meeting.acceptRelay();
        this.#parts.changed();
    };

    // --- the session --------------------------------------------------------------------

    /** @param {"invite" | "claim"} way */
    #begin(way) {
        const assist = this.#engagement === null ? null : this.#meeting.begin(this.#engagement);
        this.#refusal = null;
        this.#busy = assist === null ? null : way;
        return assist;
    }

    /** Show what the session has come to. */
    #afterSession() {
        const session = this.#meeting.session;
        if (this.#isInviting && session?.isPaired) {
            const customer = this.#engagement?.customer ?? "";
            this.#call((words) => words.customer_came(customer));
        }
        this.#isInviting = session !== null && !session.isPaired && session.direction === "b";
        if (session !== null) {
            if (session.phase !== "asking") this.#busy = null;
            if (session.phase === "live") this.#view = "assist";
            if (session.phase === "ended") {
                this.#leaving.withdraw();
                this.#view = "ended";
            }
        }
        this.#parts.changed();
    }

    async #checkSignedIn() {
        try {
            if ((await this.#parts.api.me()) === null) this.#signedOut();
        } catch (error) {
            log.fact("me", { code: codeOf(error) }); // no answer: the link tries again
        }
    }

    #signedOut() {
        if (this.#me === null) return;
        this.#forget();
        this.#refuse("login", new ApiRefused("signed_out"));
        this.#show("login");
    }

    // --- the relay's resources ------------------------------------------------------------

    async #enter() {
        if (this.#parts.elsewhere?.(this.#me?.role ?? "")) return;
        this.#refusal = null;
        this.#show("today");
        this.#meeting.connect();
        await this.#refresh();
    }

    async #refresh() {
        try {
            await this.#desk.refresh();
        } catch (error) {
            if (codeOf(error) === "not_signed_in") this.#signedOut();
            else this.#refuse("engage", error);
        }
        this.#parts.changed();
    }

    /**
     * @param {About} about
     * @param {() => Promise<void>} work
     */
    async #do(about, work) {
        this.#busy = about;
        this.#refusal = null;
        this.#parts.changed();
        try {
            await work();
        } catch (error) {
            if (about !== "login" && codeOf(error) === "not_signed_in") this.#signedOut();
            else this.#refuse(about, error);
        } finally {
            this.#busy = null;
            this.#parts.changed();
        }
    }

    /**
     * @param {About} about
     * @param {unknown} error
     */
    #refuse(about, error) {
        const waitS = error instanceof ApiRefused ? error.waitS : 0;
        this.#refusal = { about, code: codeOf(error), waitS };
        this.#parts.changed();
    }

    /** @param {(words: Words) => string} sentence of what somebody should look at */
    #call(sentence) {
        const words = LANGUAGES[this.#language];
        this.#calls.call(sentence(words), words.product);
    }

    #forget() {
        this.#meeting.close();
        this.#me = null;
        this.#engagement = null;
        this.#desk.clear();
        this.#refusal = null;
    }

    /** @param {ViewName} view */
    #show(view) {
        this.#view = view;
        this.#parts.changed();
    }
}

/** @param {unknown} error */
function codeOf(error) {
    if (error instanceof ApiRefused || error instanceof Refused) return error.code;
    log.fault("page", error);
    return "refused";
}
