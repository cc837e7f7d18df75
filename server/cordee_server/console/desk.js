// What lies on the technician's desk: tariffs, engagements, and what stands on the relay
// now. Asked for again and again while somebody is signed in, also where nobody looks:
// a customer may be waiting. It keeps nobody signed in (services/technicians.py).

import { log } from "./log.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Engagement} Engagement */
/** @typedef {import("./api.js").Tariff} Tariff */
/** @typedef {import("./api.js").Today} Today */

/** Milliseconds between two looks, at least. */
export const LOOK_MS = 4000;

/**
 * @typedef {object} DeskState
 * @property {Tariff[]} tariffs
 * @property {Engagement[]} engagements
 * @property {boolean} isReady tariffs and engagements have been asked for
 * @property {Today | null} today null: not asked yet, or nobody answers
 * @property {number} todayMs this page's clock when it was said
 */

/** @type {DeskState} */
const EMPTY = { tariffs: [], engagements: [], isReady: false, today: null, todayMs: 0 };

/** Owned by the page. */
export class Desk {
    #api;
    #now;
    #changed;
    #called;
    #state = EMPTY;
    #isLooking = false;

    /**
     * @param {Api} api
     * @param {() => number} now milliseconds that never go back
     * @param {() => void} changed
     * @param {(customers: number) => void} called so many customers more wait than before
     */
    constructor(api, now, changed, called = () => {}) {
        this.#api = api;
        this.#now = now;
        this.#changed = changed;
        this.#called = called;
    }

    /** @returns {DeskState} */
    get state() {
        return this.#state;
    }

    /** Nobody is signed in any more. */
    clear() {
        this.#state = EMPTY;
    }

    /** @param {Engagement} engagement was just agreed */
    add(engagement) {
        const engagements = [engagement, ...this.#state.engagements];
        this.#state = { ...this.#state, engagements };
    }

    /**
     * Ask for tariffs and engagements.
     *
     * @throws {import("./api.js").ApiRefused} they could not be had
     */
    async refresh() {
        const [tariffs, engagements] = await Promise.all([
            this.#api.tariffs(),
            this.#api.engagements(),
        ]);
        this.#state = { ...this.#state, tariffs, engagements, isReady: true };
        await this.look();
    }

    /** Ask what stands now, if it is time; no answer is no news. */
    async look() {
        if (this.#isLooking || !this.#state.isReady) return;
        this.#isLooking = true;
        try {
            const today = await this.#api.today();
            if (!this.#state.isReady) return; // signed out meanwhile
            const before = this.#state.today?.waiting ?? 0;
            this.#state = { ...this.#state, today, todayMs: this.#now() };
            if (today.waiting > before) this.#called(today.waiting - before);
        } catch (error) {
            log.fact("today", { code: error instanceof Error ? error.message : "" });
            this.#state = { ...this.#state, today: null };
        } finally {
            this.#isLooking = false;
        }
        this.#changed();
    }

    /** Whether it is time to look again. */
    get isStale() {
        return this.#state.isReady && this.#now() - this.#state.todayMs >= LOOK_MS;
    }
}
