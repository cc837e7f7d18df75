// What the customer is being asked: one question at a time, and silence means no.

/** @typedef {import("./acts.js").Entry} Entry */
/** @typedef {import("./state.js").SessionState} SessionState */

/** Where control may be asked for. */
export const ASKABLE = new Set(["viewing", "reclaimed"]);
/** Where an extra may be proposed; the same as PLACES in session.js. */
export const PROPOSABLE = new Set(["viewing", "controlling", "reclaimed"]);

/** Refusals that the technician can do something about. @type {Record<string, string>} */
const HELPED = { minor: "not_adult", backup: "no_backup" };

/** @typedef {"waiting" | "accepted" | "refused" | "timeout"} Answered */
/** @typedef {{ id: string, label: string, cents: number, answer: Answered }} Extra */

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
    /** @type {Extra[]} work beyond what was agreed, as the journal tells of it (R06) */
    extras = [];
    #why = "";
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
            extras: this.extras,
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

    /**
     * Why a session ended: with what the technician can help, where the customer said so.
     *
     * @param {Pick<Entry, "data">} entry that ended it
     * @returns {string} an end reason, or `not_adult`, `no_backup` (R08, R31)
     */
    reasonOf({ data }) {
        const reason = String(data["reason"] ?? "link_expired");
        return reason === "consent_denied" ? (HELPED[this.#why] ?? reason) : reason;
    }

    /**
     * @param {string} id hash of the proposing act
     * @param {Answered} answer
     */
    #answered(id, answer) {
        this.extras = this.extras.map((one) => (one.id === id ? { ...one, answer } : one));
    }

    /** @param {Pick<Entry, "kind" | "data" | "late"> & Partial<Pick<Entry, "act">>} entry */
    notice({ kind, data, late, act = null }) {
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
                this.#why = String(data["why"]);
                if (data["scope"] === "control") {
                    this.refused = data["why"] === "timeout" ? "timeout" : "no";
                }
                break;
            case "extra_proposed": {
                const [label, cents] = [String(data["label"]), Number(data["price_cents"])];
                const one = { id: act?.hash ?? "", label, cents };
                this.extras = [...this.extras, { ...one, answer: "waiting" }];
                break;
            }
            case "extra_accepted":
                this.#answered(String(data["extra"]), "accepted");
                break;
            case "extra_refused": {
                const isLate = data["why"] === "timeout";
                this.#answered(String(data["extra"]), isLate ? "timeout" : "refused");
                break;
            }
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
