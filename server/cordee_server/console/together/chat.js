// Words between the two people, at the technician's side. The same rules as
// agent/cordee_agent/together/chat.py: nothing said is lost with a link, nothing is
// logged or stored, and the end forgets all of it.

import { MalformedFrame } from "../errors.js";
import { SAID_KEPT, words } from "../wire/talk.js";

/** @typedef {"said" | "arrived" | "seen"} Fate */
/**
 * @typedef {object} Line
 * @property {boolean} isMine
 * @property {number} id its author's number
 * @property {string} text
 * @property {number} atMs Unix milliseconds of this computer's clock
 * @property {Fate} fate
 */

/** Owned by the session's talk. */
export class Chat {
    #tell;
    #wall;
    #isOpen = false;
    #mine = { said: 0, got: 0, seen: 0 };
    #theirs = { said: 0, seen: 0 };
    /** @type {{ isMine: boolean, id: number, text: string, atMs: number }[]} */
    #kept = [];

    /**
     * @param {(talk: object) => void} tell
     * @param {() => number} wall Unix milliseconds
     */
    constructor(tell, wall) {
        this.#tell = tell;
        this.#wall = wall;
    }

    /** @returns {{ lines: Line[], unread: number }} */
    get state() {
        const lines = this.#kept.map((line) => ({ ...line, fate: this.#fate(line) }));
        return { lines, unread: this.#theirs.said - this.#theirs.seen };
    }

    /**
     * @param {string} typed
     * @returns {boolean} whether anything was left of it to be said
     */
    say(typed) {
        const text = words(typed);
        if (text === "") return false;
        this.#mine.said += 1;
        this.#keep(true, this.#mine.said, text);
        this.#say(this.#mine.said, text);
        return true;
    }

    /** What came is before the technician's eyes. */
    read() {
        if (this.#theirs.seen === this.#theirs.said) return;
        this.#theirs.seen = this.#theirs.said;
        if (this.#isOpen) this.#tell({ t: "seen", id: this.#theirs.seen });
    }

    /**
     * @param {import("../wire/talk.js").Say} say
     * @throws {MalformedFrame} numbers were left out
     */
    onSay({ id, text }) {
        if (id > this.#theirs.said + 1) throw new MalformedFrame(`words ${id} too soon`);
        if (id === this.#theirs.said + 1) {
            this.#theirs.said = id;
            this.#keep(false, id, text);
        }
        this.#tell({ t: "got", id: this.#theirs.said });
    }

    /**
     * @param {import("../wire/talk.js").Receipt} receipt
     * @throws {MalformedFrame} about words that were never said
     */
    onReceipt({ t, id }) {
        if (id > this.#mine.said) throw new MalformedFrame(`words ${id} were never said`);
        this.#mine.got = Math.max(this.#mine.got, id);
        if (t === "seen") this.#mine.seen = Math.max(this.#mine.seen, id);
    }

    /** @param {boolean} isOpen */
    settle(isOpen) {
        const opened = isOpen && !this.#isOpen;
        this.#isOpen = isOpen;
        if (!opened) return;
        for (const { isMine, id, text } of this.#kept) {
            if (isMine && id > this.#mine.got) this.#say(id, text);
        }
        if (this.#theirs.said > 0) this.#tell({ t: "got", id: this.#theirs.said });
        if (this.#theirs.seen > 0) this.#tell({ t: "seen", id: this.#theirs.seen });
    }

    stop() {
        this.#isOpen = false;
        this.#kept = [];
        this.#mine = { said: 0, got: 0, seen: 0 };
        this.#theirs = { said: 0, seen: 0 };
    }

    /**
     * @param {number} id
     * @param {string} text
     */
    #say(id, text) {
        if (this.#isOpen) this.#tell({ t: "say", id, text });
    }

    /**
     * @param {boolean} isMine
     * @param {number} id
     * @param {string} text
     */
    #keep(isMine, id, text) {
        this.#kept = [...this.#kept, { isMine, id, text, atMs: this.#wall() }].slice(-SAID_KEPT);
    }

    /**
     * @param {{ isMine: boolean, id: number }} line
     * @returns {Fate}
     */
    #fate({ isMine, id }) {
        if (!isMine || id <= this.#mine.seen) return "seen";
        return id <= this.#mine.got ? "arrived" : "said";
    }
}
