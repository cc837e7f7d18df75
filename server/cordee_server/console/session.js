// THE table at the console: which event leads from which state to which, and who may
// say it. The same as shared/cordee_shared/session/states.py and machine.py, where the
// reasons stand; shared/vectors/session.json keeps the two honest.

import { LocalViolation, UnexpectedMessage } from "./errors.js";

/** @typedef {"customer" | "technician" | "relay"} Side */
/**
 * @typedef {"waiting" | "pairing" | "consenting" | "viewing" | "controlling"
 *     | "reclaimed" | "paused" | "interrupted" | "ended"} State
 */
/**
 * @typedef {"code_claimed" | "keys_confirmed" | "run_failed" | "view_granted"
 *     | "control_granted" | "control_released" | "reclaimed" | "paused" | "continued"
 *     | "link_lost" | "link_restored" | "ended"} Event
 */
/**
 * @typedef {"code_issued" | "bind" | "control_requested" | "consent_refused"
 *     | "extra_proposed" | "extra_accepted" | "extra_refused" | "file_offered"
 *     | "file_accepted" | "file_refused" | "file_kept" | "file_stopped"
 *     | "clipboard_passed" | "machine_shown" | "screenshot_taken" | "tick"
 *     | "checkpoint"} Remark
 */
/** @typedef {Event | Remark} Kind */

/** @type {readonly Side[]} */
export const SIDES = Object.freeze(["customer", "technician", "relay"]);

/** Why a session ended; each has a sentence in `text/`. */
export const END_REASONS = Object.freeze([
    "customer_ended",
    "technician_ended",
    "consent_denied",
    "consent_expired",
    "code_expired",
    "code_refused",
    "code_cancelled",
    "key_mismatch",
    "link_expired",
    "idle",
    "time_limit",
    "relay_stopped",
    "journal_unavailable",
    "screen_lost",
    "reported",
    "violation",
]);

/** @type {Readonly<Record<State, Readonly<Partial<Record<Event, State>>>>>} */
export const TRANSITIONS = Object.freeze({
    waiting: Object.freeze({
        code_claimed: "pairing",
        ended: "ended",
    }),
    pairing: Object.freeze({
        keys_confirmed: "consenting",
        run_failed: "waiting",
        link_lost: "ended",
        ended: "ended",
    }),
    consenting: Object.freeze({
        view_granted: "viewing",
        link_lost: "consenting",
        link_restored: "consenting",
        ended: "ended",
    }),
    viewing: Object.freeze({
        control_granted: "controlling",
        paused: "paused",
        link_lost: "interrupted",
        ended: "ended",
    }),
    controlling: Object.freeze({
        control_released: "viewing",
        reclaimed: "reclaimed",
        paused: "paused",
        link_lost: "interrupted",
        ended: "ended",
    }),
    // Only a fresh yes gives control back; time passing never does.
    reclaimed: Object.freeze({
        control_granted: "controlling",
        paused: "paused",
        link_lost: "interrupted",
        ended: "ended",
    }),
    paused: Object.freeze({
        continued: "viewing",
        link_lost: "paused",
        link_restored: "paused",
        ended: "ended",
    }),
    interrupted: Object.freeze({
        link_restored: "viewing",
        paused: "paused",
        link_lost: "interrupted",
        ended: "ended",
    }),
    ended: Object.freeze({}),
});

/**
 * Who may say what. The relay never speaks for a person.
 *
 * @type {Readonly<Record<Kind, readonly Side[]>>}
 */
export const AUTHORS = Object.freeze({
    code_claimed: ["relay"],
    keys_confirmed: ["relay"],
    run_failed: ["relay"],
    view_granted: ["customer"],
    control_granted: ["customer"],
    control_released: ["technician"],
    reclaimed: ["customer"],
    paused: ["customer"],
    continued: ["customer"],
    link_lost: ["relay"],
    link_restored: ["relay"],
    ended: ["customer", "technician", "relay"],
    code_issued: ["relay"],
    bind: ["customer", "technician"],
    control_requested: ["technician"],
    consent_refused: ["customer"],
    extra_proposed: ["technician"],
    extra_accepted: ["customer"],
    extra_refused: ["customer"],
    file_offered: ["customer", "technician"],
    file_accepted: ["customer", "technician"],
    file_refused: ["customer", "technician"],
    file_kept: ["customer", "technician"],
    file_stopped: ["customer", "technician"],
    clipboard_passed: ["customer"],
    machine_shown: ["customer"],
    screenshot_taken: ["technician"],
    tick: ["customer"],
    checkpoint: ["relay"],
});

/**
 * Where a remark has its place.
 *
 * @type {Readonly<Record<Remark, readonly State[]>>}
 */
export const PLACES = Object.freeze({
    code_issued: ["waiting"],
    bind: ["pairing"],
    control_requested: ["viewing", "reclaimed"],
    consent_refused: ["consenting", "viewing", "reclaimed"],
    extra_proposed: ["viewing", "controlling", "reclaimed"],
    extra_accepted: ["viewing", "controlling", "reclaimed", "paused"],
    extra_refused: ["viewing", "controlling", "reclaimed", "paused"],
    file_offered: ["viewing", "controlling", "reclaimed", "paused"],
    file_accepted: ["viewing", "controlling", "reclaimed", "paused"],
    file_refused: ["viewing", "controlling", "reclaimed", "paused"],
    file_kept: ["viewing", "controlling", "reclaimed", "paused"],
    file_stopped: ["viewing", "controlling", "reclaimed", "paused"],
    clipboard_passed: ["viewing", "controlling", "reclaimed", "paused"],
    machine_shown: ["viewing", "controlling", "reclaimed", "paused"],
    screenshot_taken: ["viewing", "controlling", "reclaimed"],
    tick: ["consenting", "viewing", "controlling", "reclaimed", "paused"],
    checkpoint: ["viewing", "controlling"],
});

/** Pictures may cross. @type {ReadonlySet<State>} */
export const VISIBLE = new Set(["viewing", "controlling", "reclaimed"]);
/** Input may reach the injector. @type {ReadonlySet<State>} */
export const DRIVEN = new Set(["controlling"]);
/** The two ends hold keys, so sealed records may cross. @type {ReadonlySet<State>} */
export const SEALED = new Set([
    "pairing",
    "consenting",
    "viewing",
    "controlling",
    "reclaimed",
    "paused",
]);
/**
 * The two people may share words, a clipboard, files: from the customer's first yes on.
 *
 * @type {ReadonlySet<State>}
 */
export const SHARED = new Set(["viewing", "controlling", "reclaimed", "paused"]);
/** They take effect only when the relay's entry comes. @type {ReadonlySet<Event>} */
export const GRANTS = new Set(["view_granted", "control_granted", "continued"]);
/**
 * The customer's withdrawals and what each leaves at most. The agent obeys them before
 * it tells anybody, and the console as soon as it hears of one.
 *
 * @type {Readonly<Partial<Record<Kind, State>>>}
 */
export const WITHDRAWALS = Object.freeze({
    reclaimed: "reclaimed",
    paused: "paused",
    ended: "ended",
});

/**
 * @param {unknown} name
 * @returns {Kind}
 * @throws {UnexpectedMessage} no event or remark is called so
 */
export function readKind(name) {
    if (typeof name === "string" && Object.hasOwn(AUTHORS, name)) {
        return /** @type {Kind} */ (name);
    }
    throw new UnexpectedMessage("no event or remark is called so");
}

/**
 * Whether the table has a place for `kind` in `state`.
 *
 * @param {Kind} kind
 * @param {State} state
 */
export function isAllowed(kind, state) {
    if (Object.hasOwn(PLACES, kind)) {
        return PLACES[/** @type {Remark} */ (kind)].includes(state);
    }
    return Object.hasOwn(TRANSITIONS[state], kind);
}

/**
 * Where a session stands and how long it stood where: moved by the journal's entries
 * alone, in their order.
 */
export class Session {
    /** @type {State} */
    #state;
    #nextEntry;
    /** @type {number | null} */
    #atUs = null;
    /** @type {Map<State, number>} */
    #spentUs = new Map();

    /**
     * @param {State} [state] that held before the first entry
     * @param {number} [first] the number of the first entry that this copy will see
     */
    constructor(state = "waiting", first = 0) {
        this.#state = state;
        this.#nextEntry = first;
    }

    get state() {
        return this.#state;
    }

    /** Number of the entry that comes next. */
    get nextEntry() {
        return this.#nextEntry;
    }

    /** Monotonic microseconds of the last entry; null before the first. */
    get atUs() {
        return this.#atUs;
    }

    /**
     * Microseconds spent in each state, the present one up to the last entry.
     *
     * @returns {Partial<Record<State, number>>}
     */
    get spentUs() {
        return Object.fromEntries(this.#spentUs);
    }

    /**
     * Take the next journaled entry and return the state after it.
     *
     * @param {Kind} kind
     * @param {Side} by
     * @param {number} atUs the relay's monotonic clock
     * @param {boolean} [late] journaled without effect: it crossed another
     * @returns {State}
     * @throws {LocalViolation} the table has no place for it here, it has one and is
     *     called late, or time went backwards; nothing changed
     */
    follow(kind, by, atUs, late = false) {
        if (this.#atUs !== null && atUs < this.#atUs) {
            throw new LocalViolation("the relay's monotonic clock went backwards");
        }
        const after = late ? this.#afterLate(kind) : this.#after(kind, by);
        const spent = this.#atUs === null ? 0 : atUs - this.#atUs;
        this.#spentUs.set(this.#state, (this.#spentUs.get(this.#state) ?? 0) + spent);
        this.#atUs = atUs;
        this.#nextEntry += 1;
        this.#state = after;
        return after;
    }

    /** @param {Kind} kind */
    #afterLate(kind) {
        // Only what has no place any more is late: else a relay could undo a
        // withdrawal by calling it so.
        if (isAllowed(kind, this.#state)) {
            throw new LocalViolation(`${kind} called late while ${this.#state}`);
        }
        return this.#state;
    }

    /**
     * @param {Kind} kind
     * @param {Side} by
     */
    #after(kind, by) {
        if (!AUTHORS[kind].includes(by) || !isAllowed(kind, this.#state)) {
            throw new LocalViolation(`${kind} by ${by} while ${this.#state}`);
        }
        return TRANSITIONS[this.#state][/** @type {Event} */ (kind)] ?? this.#state;
    }
}
