// What the customer is being asked: one question at a time, and silence means no.

/** @typedef {import("./acts.js").Entry} Entry */
/** @typedef {import("./state.js").SessionState} SessionState */

/** The question under way, as the journal tells of it. Owned by one session. */
export class Question {
    /** @type {SessionState["asking"]} */
    asking = null;
    /** @type {SessionState["controlRefused"]} */
    refused = null;
    /** Milliseconds at which no answer means no. */
    until = 0;
    /** Seconds that the customer may think; from the relay's `paired`. */
    lengthS = 0;
    #now;

    /** @param {() => number} now milliseconds that never go back */
    constructor(now) {
        this.#now = now;
    }

    get state() {
        return {
            asking: this.asking,
            questionUntil: this.until,
            consentS: this.lengthS,
            controlRefused: this.refused,
        };
    }

    /** @param {"view" | "control"} scope */
    ask(scope) {
        this.asking = scope;
        this.refused = null;
        this.until = this.#now() + this.lengthS * 1000;
    }

    /** The question has lost its sense. */
    withdraw() {
        this.asking = null;
    }

    /** @param {Pick<Entry, "kind" | "data" | "late">} entry */
    notice({ kind, data, late }) {
        if (late) {
            if (kind === "control_requested") this.asking = null;
            return;
        }
        switch (kind) {
            case "keys_confirmed":
                this.ask("view");
                break;
            case "control_requested":
                this.ask("control");
                break;
            case "consent_refused":
                this.asking = null;
                if (data["scope"] === "control") {
                    this.refused = data["why"] === "timeout" ? "timeout" : "no";
                }
                break;
            case "link_lost":
                // Whether to be seen stays asked until its own deadline; control does not.
                if (this.asking === "control") this.asking = null;
                break;
            case "view_granted":
            case "control_granted":
            case "control_released":
            case "reclaimed":
            case "paused":
            case "continued":
                this.asking = null;
                this.refused = null;
                break;
        }
    }
}
