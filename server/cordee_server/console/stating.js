// What a technician may state of an engagement, and how a filled-in form becomes it. The
// same kinds and names as FORMS in shared/cordee_shared/billing/facts.py, which judges.

/** @typedef {import("./api.js").Whole} Whole */

/**
 * How each field of a kind is asked for.
 *
 * @typedef {"text" | "line" | "day" | "number" | "yes" | "channel" | "cause" | "engagement"} Way
 */

/** @type {Readonly<Record<string, Readonly<Record<string, Way>>>>} */
export const KINDS = Object.freeze({
    reserves: { text: "text" },
    withdrawn: {
        channel: "channel",
        wording: "text",
        concluded: "day",
        stated: "day",
        consumer: "yes",
        informed: "yes",
    },
    contact_attempt: { channel: "channel" },
    no_show: { note: "text" },
    force_majeure: { note: "text" },
    performed: { note: "line" },
    follow_up_of: {
        engagement: "engagement",
        performed: "day",
        notified: "day",
        written: "yes",
        same_fault: "yes",
        same_machine: "yes",
        same_site: "yes",
        reserves: "yes",
        cause: "cause",
    },
    released: { reason: "line" },
    minimum_due: { reason: "line" },
    corrected: { less_units: "number", reason: "line" },
    arrears: { note: "line" },
    arrears_lifted: { reason: "line" },
});

export const CHANNELS = ["phone", "email", "post"];
export const CAUSES = ["", "virus", "misuse", "third_party"];
/** Fields that are ticked unless somebody unticks them: the customer's side of a doubt. */
export const TICKED = new Set(["consumer"]);

/**
 * What makes sense now, in the order offered.
 *
 * @param {Whole} whole
 * @returns {string[]}
 */
export function offered(whole) {
    const { account } = whole;
    const units = account?.units ?? 0;
    const isShort = account?.flags.includes("below_min_service") ?? false;
    return Object.keys(KINDS).filter((kind) => {
        if (kind === "released") return account?.is_parked ?? false;
        if (kind === "corrected") return units > 0;
        if (kind === "minimum_due") return units === 0 && isShort;
        if (kind === "arrears") return !whole.is_warned_of;
        if (kind === "arrears_lifted") return whole.is_warned_of;
        if (kind === "no_show") return account === null || account.seconds === 0;
        return true;
    });
}

/**
 * Read a form; what was left empty is said empty, and the relay says what is missing.
 *
 * @param {string} kind
 * @param {Pick<FormData, "get">} form
 * @returns {Record<string, string | number | boolean>}
 */
export function stated(kind, form) {
    return Object.fromEntries(
        Object.entries(KINDS[kind] ?? {}).map(([name, way]) => {
            const given = form.get(name);
            if (way === "yes") return [name, given !== null];
            if (way === "number") return [name, Math.trunc(Number(given ?? 0)) || 0];
            return [name, String(given ?? "").trim()];
        }),
    );
}

/**
 * A day on the wall of this computer: `2026-11-23`.
 *
 * @param {number} ms Unix milliseconds
 */
export function dayOf(ms) {
    const at = new Date(ms);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
