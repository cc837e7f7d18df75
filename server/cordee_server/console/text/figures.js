// Times and amounts as people of each language write them.

/** @typedef {"fr" | "en"} Language */

/**
 * A running time: `3:07`, or `1:03:07` above the hour.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const s = String(whole % 60).padStart(2, "0");
    const m = Math.floor(whole / 60) % 60;
    const h = Math.floor(whole / 3600);
    return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/**
 * What is left of a countdown: `1 min 48`, `9 s`; alike in both languages.
 *
 * @param {number} seconds
 */
export function spokenTime(seconds) {
    const whole = Math.max(0, Math.ceil(seconds));
    const h = Math.floor(whole / 3600);
    const m = Math.floor(whole / 60) % 60;
    const s = whole % 60;
    if (h > 0) return `${h}\u00a0h\u00a0${String(m).padStart(2, "0")}`;
    if (m > 0) return `${m}\u00a0min\u00a0${String(s).padStart(2, "0")}`;
    return `${s}\u00a0s`;
}

/**
 * A round length of time: `30 min`, `1 h`, `1 h 30`.
 *
 * @param {number} seconds
 */
export function span(seconds) {
    const m = Math.round(seconds / 60);
    if (m < 60) return `${m}\u00a0min`;
    const rest = m % 60;
    const hours = `${Math.floor(m / 60)}\u00a0h`;
    return rest === 0 ? hours : `${hours}\u00a0${String(rest).padStart(2, "0")}`;
}

/**
 * @param {number} cents
 * @param {string} currency ISO 4217
 * @param {Language} language
 */
export function money(cents, currency, language) {
    const format = new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
        style: "currency",
        currency,
    });
    return format.format(cents / 100);
}

/**
 * @param {number} ms Unix milliseconds
 * @param {Language} language
 */
export function timeOfDay(ms, language) {
    const format = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
        hour: "2-digit",
        minute: "2-digit",
    });
    return format.format(ms);
}

/**
 * @param {number} ms Unix milliseconds
 * @param {Language} language
 */
export function day(ms, language) {
    const format = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
        weekday: "long",
        day: "numeric",
        month: "long",
    });
    return format.format(ms);
}

/**
 * How long an answer takes: `0,06 s`.
 *
 * @param {number} ms
 * @param {Language} language
 */
export function trip(ms, language) {
    return `${decimal(ms / 1000, 2, language)}\u00a0s`;
}

/**
 * What a line carries: `1,0 Mbit/s`; above 20, only that it is more.
 *
 * @param {number} kbit kilobits a second
 * @param {Language} language
 */
export function rate(kbit, language) {
    if (kbit >= 20_000) return `${language === "fr" ? "plus de" : "over"} 20\u00a0Mbit/s`;
    return `${decimal(kbit / 1000, 1, language)}\u00a0Mbit/s`;
}

/**
 * @param {number} value
 * @param {number} digits behind the point
 * @param {Language} language
 */
function decimal(value, digits, language) {
    return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    }).format(value);
}
