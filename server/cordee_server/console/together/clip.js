// A copied text passes, each way by a click of its owner and a yes of the other (S-40).
// The same rules as agent/cordee_agent/together/clip.py; what comes is shown here and
// reaches this computer's clipboard by the technician's click alone.

import { writeText, readText } from "../wire/clipboard.js";
import { Channel } from "../wire/frames.js";

/** @typedef {import("./channels.js").Ground} Ground */
/** @typedef {"none" | "waiting" | "yes" | "no"} Answer */

/** Takes the clipboard channel. Owned by the session's channels. */
export class Clip {
    channel = Channel.CLIPBOARD;
    #ground;
    #tell;
    #number;
    #isOpen = false;
    /** @type {{ n: number, answer: Answer }} */
    #asked = { n: 0, answer: "none" };
    /** @type {{ n: number, answer: Answer }} */
    #offered = { n: 0, answer: "none" };
    /** What the customer sent, until it is taken or put away. */
    #text = "";

    /**
     * @param {Ground} ground
     * @param {(talk: object) => void} tell says something on the chat channel
     * @param {() => number} number the technician's next question's
     */
    constructor(ground, tell, number) {
        this.#ground = ground;
        this.#tell = tell;
        this.#number = number;
    }

    get state() {
        return {
            asked: this.#asked.answer,
            offered: this.#offered.answer,
            text: this.#text,
            mayAsk: this.#isOpen && this.#asked.answer !== "waiting",
            mayOffer: this.#isOpen && this.#offered.answer !== "waiting",
        };
    }

    /** Ask for the text that the customer copied. */
    ask() {
        if (!this.state.mayAsk) return;
        this.#asked = { n: this.#number(), answer: "waiting" };
        this.#tell({ t: "clip_ask", n: this.#asked.n });
        this.#ground.changed();
    }

    /**
     * Offer a text to the customer.
     *
     * @param {string} text
     * @throws {import("../errors.js").TextRefused} it cannot pass
     */
    offer(text) {
        const payload = writeText(text);
        if (!this.state.mayOffer) return;
        this.#offered = { n: this.#number(), answer: "waiting" };
        this.#tell({ t: "clip_offer", n: this.#offered.n });
        void this.#ground.seal(this.channel, new Uint8Array(payload));
        this.#ground.changed();
    }

    /** What came was taken, or is not wanted. */
    putAway() {
        this.#text = "";
        this.#ground.changed();
    }

    /** @param {import("../pairing/bytes.js").Bytes} payload */
    take(payload) {
        this.#text = readText(payload);
        this.#ground.changed();
    }

    /** @param {import("../wire/talk.js").ClipAnswer} answer */
    onAnswer({ n, yes }) {
        const answer = yes ? "yes" : "no";
        if (n === this.#asked.n && this.#asked.answer === "waiting") {
            this.#asked = { n, answer };
        }
        if (n === this.#offered.n && this.#offered.answer === "waiting") {
            this.#offered = { n, answer };
        }
    }

    /** @param {boolean} isOpen a question dies with the link */
    settle(isOpen) {
        this.#isOpen = isOpen;
        if (isOpen) return;
        for (const one of [this.#asked, this.#offered]) {
            if (one.answer === "waiting") one.answer = "none";
        }
    }

    stop() {
        this.settle(false);
        this.#asked = { n: 0, answer: "none" };
        this.#offered = { n: 0, answer: "none" };
        this.#text = "";
    }
}
