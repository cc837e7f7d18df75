// What a technician may state, and what a form becomes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { KINDS, dayOf, offered, stated } from "../../server/cordee_server/console/stating.js";
import { DOSSIER } from "../../server/cordee_server/console/text/dossier.js";
import { inOrder } from "../../server/cordee_server/console/views/papers.js";

/** @typedef {import("../../server/cordee_server/console/api.js").Whole} Whole */

/**
 * @param {object} [account]
 * @param {object} [more]
 */
function whole(account, more = {}) {
    const made = { units: 2, seconds: 1801, flags: [], is_parked: false, ...account };
    const given = { facts: [], is_warned_of: false, account: account ? made : null, ...more };
    return /** @type {Whole} */ (/** @type {unknown} */ (given));
}

/** @param {Record<string, string>} given */
function form(given) {
    return { get: (/** @type {string} */ name) => given[name] ?? null };
}

test("R14 R43: reserves and a withdrawal can be noted at any time", () => {
    for (const at of [whole(), whole({}), whole({ units: 0, seconds: 0 })]) {
        assert.ok(offered(at).includes("reserves"));
        assert.ok(offered(at).includes("withdrawn"));
    }
});

test("B05: a no-show is offered only where nothing was served", () => {
    assert.ok(offered(whole()).includes("no_show"));
    assert.ok(offered(whole({ units: 0, seconds: 0 })).includes("no_show"));
    assert.ok(!offered(whole({})).includes("no_show"));
});

test("B01: what waits is released, what is short may be asked the minimum for", () => {
    assert.ok(!offered(whole({})).includes("released"));
    assert.ok(offered(whole({ is_parked: true })).includes("released"));
    const short = whole({ units: 0, flags: ["below_min_service"] });
    assert.ok(offered(short).includes("minimum_due"));
    assert.ok(!offered(short).includes("corrected"));
    assert.ok(offered(whole({})).includes("corrected"));
});

test("R11: a late payer is marked, and the mark is taken away again", () => {
    assert.ok(offered(whole({})).includes("arrears"));
    const warned = offered(whole({}, { is_warned_of: true }));
    assert.ok(warned.includes("arrears_lifted") && !warned.includes("arrears"));
});

test("R14: a form says all that its kind says, and nothing is ticked by itself", () => {
    const said = stated("withdrawn", form({ wording: " Je renonce. ", channel: "phone" }));
    assert.deepEqual(said, {
        channel: "phone",
        wording: "Je renonce.",
        concluded: "",
        stated: "",
        consumer: false,
        informed: false,
    });
    assert.deepEqual(stated("corrected", form({ less_units: "2", reason: "Geste" })), {
        less_units: 2,
        reason: "Geste",
    });
    assert.deepEqual(stated("corrected", form({ less_units: "x" })), { less_units: 0, reason: "" });
    assert.equal(stated("follow_up_of", form({ written: "on" }))["written"], true);
    assert.deepEqual(stated("unheard", form({})), {});
});

test("a day is the one on this wall", () => {
    assert.equal(dayOf(new Date(2026, 10, 3, 23, 59).getTime()), "2026-11-03");
});

test("every kind and every field has its words, in both languages", () => {
    for (const words of Object.values(DOSSIER)) {
        for (const [kind, fields] of Object.entries(KINDS)) {
            assert.ok(words.kinds[kind], kind);
            for (const name of Object.keys(fields)) assert.ok(words.fields[name], name);
        }
    }
});

test("the two languages say the same things", () => {
    const keys = (/** @type {object} */ words) =>
        Object.entries(words).flatMap(([key, value]) =>
            typeof value === "object" ? Object.keys(value).map((one) => `${key}.${one}`) : [key],
        );
    assert.deepEqual(keys(DOSSIER.fr), keys(DOSSIER.en));
    const french = JSON.stringify(DOSSIER.fr);
    assert.ok(!/\b(?:flash|java)\b/i.test(french));
});

test("B08: what waits for the post stands first", () => {
    const paper = (/** @type {string} */ record, /** @type {string} */ way) =>
        /** @type {import("../../server/cordee_server/console/api.js").Paper} */ (
            /** @type {unknown} */ ({ record, way })
        );
    const found = inOrder([paper("a", "sent"), paper("b", "for_post"), paper("c", "posted")]);
    assert.deepEqual(found.map((one) => one.record), ["b", "a", "c"]);
});
