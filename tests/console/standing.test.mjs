// The page and the band follow the journal, and go down before it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { TRANSITIONS, VISIBLE } from "../../server/cordee_server/console/session.js";
import { modeOf, phaseOf } from "../../server/cordee_server/console/standing.js";

/** @typedef {import("../../server/cordee_server/console/session.js").State} State */

const STATES = /** @type {State[]} */ (Object.keys(TRANSITIONS));

test("a shut line makes whatever could be seen an interruption", () => {
    for (const state of STATES) {
        const mode = modeOf(state, { isOver: false, isOpen: false });
        assert.equal(mode === "interrupted", VISIBLE.has(state) || state === "interrupted");
    }
});

test("before the first yes the band waits, and an end is an end", () => {
    for (const state of [null, .../** @type {State[]} */ (["waiting", "pairing", "consenting"])]) {
        assert.equal(modeOf(state, { isOver: false, isOpen: true }), "waiting");
        assert.equal(modeOf(state, { isOver: true, isOpen: true }), "ended");
    }
});

test("the page is the encounter's until both ends have confirmed their keys", () => {
    const here = { isOver: false, isPaired: false };
    assert.equal(phaseOf(null, { ...here, before: "inviting" }), "inviting");
    assert.equal(phaseOf(null, { ...here, before: "over" }), "pairing");
    assert.equal(phaseOf("consenting", { ...here, before: "over" }), "pairing");
    const paired = { isOver: false, isPaired: true, before: /** @type {"over"} */ ("over") };
    assert.equal(phaseOf("consenting", paired), "consenting");
    assert.equal(phaseOf("paused", paired), "live");
    assert.equal(phaseOf("paused", { ...paired, isOver: true }), "ended");
});
