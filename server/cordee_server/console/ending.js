// How a session ended, and what it comes to once the relay has said so.

/** @typedef {import("./line.js").Message} Message */
/** @typedef {import("./state.js").Bill} Bill */
/** @typedef {import("./state.js").End} End */
/** @typedef {import("./times.js").Alarms} Alarms */
/** @typedef {import("./times.js").Timer} Timer */

/** How long the end page waits for the account. */
const BILL_MS = 5_000;

/** The end, once. Owned by one session. */
export class Ending {
    /** @type {End | null} */
    end = null;
    /** @type {Bill | null} */
    bill = null;
    billIsPending = false;
    #timer;
    #alarms;
    #changed;

    /**
     * @param {Timer} timer
     * @param {Alarms} alarms
     * @param {() => void} changed
     */
    constructor(timer, alarms, changed) {
        this.#timer = timer;
        this.#alarms = alarms;
        this.#changed = changed;
    }

    get state() {
        const { end, bill, billIsPending } = this;
        return { end, bill, billIsPending };
    }

    /**
     * @param {string} reason
     * @param {string} by whose end it was
     * @param {boolean} isBilled whether an account will follow
     * @returns {boolean} whether it was not over already
     */
    take(reason, by, isBilled) {
        if (this.end !== null) return false;
        const { viewing = 0, controlling = 0 } = this.#timer.spent;
        const seconds = this.#timer.seenFor;
        this.end = { reason, by, seconds, helped: controlling, seen: viewing > 0 };
        this.#alarms.disarmAll();
        if (isBilled) {
            this.billIsPending = true;
            this.#alarms.arm("bill", BILL_MS, () => {
                this.billIsPending = false;
                this.#changed();
            });
        }
        return true;
    }

    /** @param {Message} bill */
    takeBill(bill) {
        this.#alarms.disarm("bill");
        this.billIsPending = false;
        this.bill = {
            seconds: Number(bill["seconds"]),
            units: Number(bill["units"]),
            amountCents: Number(bill["amount_cents"]),
            currency: String(bill["currency"]),
            record: String(bill["record"]),
        };
    }
}
