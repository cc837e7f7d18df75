// Every sentence exists in every language, and every reason has its sentence.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { END_REASONS } from "../../server/cordee_server/console/session.js";
import {
    LANGUAGES,
    chooseLanguage,
    ending,
    refusal,
    rememberLanguage,
} from "../../server/cordee_server/console/text/choose.js";
import { en } from "../../server/cordee_server/console/text/en.js";
import {
    clock,
    day,
    money,
    span,
    spokenTime,
    timeOfDay,
} from "../../server/cordee_server/console/text/figures.js";
import { fr } from "../../server/cordee_server/console/text/fr.js";

/**
 * Every sentence of a language by its path, made with the same arguments.
 *
 * @param {object} words
 * @param {string} [before]
 * @returns {Map<string, { kind: string, takes: number, said: string }>}
 */
function sentences(words, before = "") {
    const found = new Map();
    for (const [name, value] of Object.entries(words)) {
        const path = before + name;
        if (typeof value === "object") {
            for (const [inner, one] of sentences(value, `${path}.`)) found.set(inner, one);
        } else {
            const said = typeof value === "function" ? value("Mme Durand", 2, 1800, 3600) : value;
            const takes = typeof value === "function" ? value.length : 0;
            found.set(path, { kind: typeof value, takes, said: String(said) });
        }
    }
    return found;
}

test("French and English have the same sentences, made with the same facts", () => {
    const form = (/** @type {object} */ words) =>
        [...sentences(words)]
            .map(([path, { kind }]) => `${path} ${kind}`)
            .sort();
    assert.deepEqual(form(fr), form(en));
    const said = sentences(en);
    for (const [path, { takes }] of sentences(fr)) {
        // A language may leave out a fact that it has no use for, never add one.
        assert.ok(takes <= 4 && Math.abs(takes - Number(said.get(path)?.takes)) <= 1, path);
    }
});

test("no sentence is kept that nothing says", () => {
    const console = new URL("../../server/cordee_server/console/", import.meta.url);
    const code = readdirSync(console, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".js") && !/^vendor|^text.(fr|en)/.test(name))
        .map((name) => readFileSync(new URL(name, console), "utf8"))
        .join("\n");
    // A name may be taken out of `words` first: `const { labels } = words.details`.
    const isSaid = (/** @type {string} */ name) => {
        const direct = new RegExp(`\\b(words|LANGUAGES\\[\\w+\\])\\.${name}\\b`);
        return direct.test(code);
    };
    assert.deepEqual(Object.keys(fr).filter((name) => !isSaid(name)), []);
});

test("no sentence is empty, and none is the other language's by mistake", () => {
    const english = sentences(en);
    const alike = new Set([
        "product",
        "key_names.alt_tab",
        "key_names.alt_f4",
        "key_names.close_tab",
        "key_names.full",
        "clock",
        "span",
        "ended_units",
        "code_title",
    ]);
    for (const [path, { said }] of sentences(fr)) {
        assert.ok(said.trim().length > 0, path);
        assert.ok(alike.has(path) || said !== english.get(path)?.said, path);
    }
});

test("French has its non-breaking space before double punctuation, and curly apostrophes", () => {
    for (const [path, { said }] of sentences(fr)) {
        assert.doesNotMatch(said, /[^\u00a0\u202f0-9][:;!?](\s|$)/, path);
        assert.doesNotMatch(said, /'/, path);
    }
});

test("every reason of an end has a sentence for the technician", () => {
    for (const words of Object.values(LANGUAGES)) {
        // Two more, for refusals that the technician can help with (R08, R31).
        const reasons = [...END_REASONS, "not_adult", "no_backup"];
        assert.deepEqual(Object.keys(words.ends).sort(), reasons.sort());
        for (const reason of reasons) {
            assert.ok(ending(words, reason, "Mme Durand").length > 10, reason);
        }
    }
});

test("a reason or a refusal that nobody foresaw still gets a sentence", () => {
    assert.equal(ending(fr, "unheard_of", "Mme Durand"), fr.ends["violation"]?.(""));
    assert.equal(refusal(fr, "unheard_of"), fr.refusals["refused"]);
});

test("an end before anybody met has the same sentence as a refusal", () => {
    assert.equal(refusal(en, "code_expired"), en.ends["code_expired"]?.(""));
});

test("every refusal that Python's errors have a name for has a sentence", () => {
    const path = new URL("../../shared/cordee_shared/errors.py", import.meta.url);
    const names = [...readFileSync(path, "utf8").matchAll(/^ {4}code(?:: \S+)? = "(\w+)"/gm)];
    assert.ok(names.length > 8);
    for (const [, name = ""] of names) {
        for (const words of Object.values(LANGUAGES)) assert.ok(words.refusals[name], name);
    }
});

test("the language is the one chosen before, else the browser's first that we have", () => {
    const chosen = { getItem: () => "en" };
    const nothing = { getItem: () => null };
    assert.equal(chooseLanguage(["fr-FR"], chosen), "en");
    assert.equal(chooseLanguage(["de", "fr-CA", "en"], nothing), "fr");
    assert.equal(chooseLanguage(["de"], nothing), "en");
    assert.equal(chooseLanguage(["FR"], null), "fr");
});

test("a chosen language is remembered where the browser remembers", () => {
    /** @type {string[]} */
    const kept = [];
    rememberLanguage("fr", { setItem: (name, value) => void kept.push(name, value) });
    rememberLanguage("fr", null);
    assert.deepEqual(kept, ["cordee.language", "fr"]);
});

test("running times count seconds, minutes and hours", () => {
    assert.deepEqual([0, 9.9, 60, 187, 3600, 3787, -1].map(clock), [
        "0:00",
        "0:09",
        "1:00",
        "3:07",
        "1:00:00",
        "1:03:07",
        "0:00",
    ]);
});

test("countdowns end at zero and never before", () => {
    assert.deepEqual([108, 60, 9, 0.2, 0, -5, 3700].map((s) => spokenTime(s).replaceAll("\u00a0", " ")), [
        "1 min 48",
        "1 min 00",
        "9 s",
        "1 s",
        "0 s",
        "0 s",
        "1 h 01",
    ]);
});

test("units of billed time read as people say them", () => {
    assert.deepEqual([900, 1800, 3600, 5400].map((s) => span(s).replaceAll("\u00a0", " ")), [
        "15 min",
        "30 min",
        "1 h",
        "1 h 30",
    ]);
});

test("amounts and days are written as each language does", () => {
    assert.equal(money(2500, "EUR", "fr").replace(/\s/g, " "), "25,00 €");
    assert.equal(money(2500, "EUR", "en"), "€25.00");
    const noon = new Date(2026, 10, 23, 12, 5).getTime();
    assert.equal(day(noon, "fr"), "lundi 23 novembre");
    assert.equal(day(noon, "en"), "Monday 23 November");
    assert.equal(timeOfDay(noon, "fr"), "12:05");
});

test("a tariff says its unit, and its minimum where that is more", () => {
    const plain = (/** @type {string} */ text) => text.replaceAll("\u00a0", " ");
    assert.equal(plain(fr.tariff_rule("25 €", 1800, 1800)), "25 € par tranche de 30 min commencée");
    assert.equal(
        plain(fr.tariff_rule("60 €", 3600, 7200)),
        "60 € par heure commencée, minimum 2 h",
    );
    assert.equal(plain(en.tariff_rule("€60", 3600, 7200)), "€60 for each hour begun, at least 2 h");
});

test("R01 R11: a wrong engagement field has its own sentence, an unknown one the general", () => {
    const fields = ["customer", "purpose", "tariff", "siren", "email", "phone", "post", "slot"];
    for (const words of Object.values(LANGUAGES)) {
        const said = [...fields, "vouched", "despite"].map((one) =>
            refusal(words, `bad_input.${one}`),
        );
        assert.equal(new Set(said).size, said.length);
        assert.ok(!said.includes(words.refusals["bad_input"] ?? ""));
        assert.equal(refusal(words, "bad_input.nothing"), words.refusals["bad_input"]);
    }
});

test("R29: what the customer needs is said as it is, and nothing old is asked for", () => {
    for (const words of Object.values(LANGUAGES)) {
        assert.match(words.invite_needs, /Linux.*X11.*1\u00a0Mbit\/s/);
        assert.doesNotMatch(JSON.stringify(words), /\b(?:flash|java|internet explorer)\b/i);
    }
});
