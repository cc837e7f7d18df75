// What machine this is, as the customer agreed to show it: held here until it is put
// away, and stored nowhere but in the notes, if the technician puts it there.

/** @typedef {"none" | "waiting" | "yes" | "no"} Answer */

/** Owned by the session's talk. */
export class Glance {
    #tell;
    #number;
    #isOpen = false;
    /** @type {{ n: number, answer: Answer }} */
    #asked = { n: 0, answer: "none" };
    /** @type {readonly string[]} */
    #lines = [];

    /**
     * @param {(talk: object) => void} tell
     * @param {() => number} number the technician's next question's
     */
    constructor(tell, number) {
        this.#tell = tell;
        this.#number = number;
    }

    get state() {
        return {
            asked: this.#asked.answer,
            lines: this.#lines,
            mayAsk: this.#isOpen && this.#asked.answer !== "waiting",
        };
    }

    ask() {
        if (!this.state.mayAsk) return;
        this.#asked = { n: this.#number(), answer: "waiting" };
        this.#tell({ t: "machine_ask", n: this.#asked.n });
    }

    /** @param {import("../wire/talk.js").Machine} machine no lines: a no */
    onMachine({ n, lines }) {
        if (n !== this.#asked.n || this.#asked.answer !== "waiting") return;
        this.#asked = { n, answer: lines.length > 0 ? "yes" : "no" };
        if (lines.length > 0) this.#lines = lines;
    }

    /** @param {boolean} isOpen a question dies with the link */
    settle(isOpen) {
        this.#isOpen = isOpen;
        if (!isOpen && this.#asked.answer === "waiting") this.#asked.answer = "none";
    }

    stop() {
        this.settle(false);
        this.#asked = { n: 0, answer: "none" };
        this.#lines = [];
    }
}
