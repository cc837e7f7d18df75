// Which language: the one chosen here before, else the browser's first that we have.

import { en } from "./en.js";
import { fr } from "./fr.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./figures.js").Language} Language */

/** @type {Record<Language, Words>} */
export const LANGUAGES = { fr, en };

const STORED = "cordee.language";

/**
 * @param {readonly string[]} wanted `navigator.languages`
 * @param {Pick<Storage, "getItem"> | null} storage
 * @returns {Language}
 */
export function chooseLanguage(wanted, storage) {
    for (const tag of [storage?.getItem(STORED) ?? "", ...wanted]) {
        const language = tag.slice(0, 2).toLowerCase();
        if (language === "fr" || language === "en") return language;
    }
    return "en";
}

/**
 * @param {Language} language
 * @param {Pick<Storage, "setItem"> | null} storage
 */
export function rememberLanguage(language, storage) {
    storage?.setItem(STORED, language);
}

/**
 * The sentence for a refusal, or for an end before anybody met; one that nobody foresaw
 * still gets a sentence.
 *
 * @param {Words} words
 * @param {string} code
 */
export function refusal(words, code) {
    // `bad_input.email` is about one field; a field that nobody foresaw is one of many.
    const [kind = code] = code.split(".");
    const found = words.refusals[code] ?? words.refusals[kind];
    return found ?? words.ends[code]?.("") ?? words.refusals["refused"] ?? code;
}

/**
 * @param {Words} words
 * @param {string} reason an EndReason
 * @param {string} customer
 */
export function ending(words, reason, customer) {
    const sentence = words.ends[reason] ?? words.ends["violation"];
    return sentence?.(customer) ?? reason;
}
