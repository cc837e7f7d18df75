// Before an end: a plain one, or a break-off that says why.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Leaving } from "../../server/cordee_server/console/leaving.js";
import { en } from "../../server/cordee_server/console/text/en.js";
import { fr } from "../../server/cordee_server/console/text/fr.js";

test("R35: nobody breaks off without naming the cause", () => {
    let drawn = 0;
    const leaving = new Leaving(() => (drawn += 1));
    leaving.ask();
    leaving.breakOff("");
    assert.equal(leaving.take(), null);
    assert.equal(leaving.isAsked, true);
    leaving.breakOff("missing_licence");
    assert.equal(leaving.take(), "missing_licence");
    assert.equal(leaving.isAsked, false);
    assert.equal(drawn, 3);
});

test("R35: a plain end has no cause, whatever was looked at before", () => {
    const leaving = new Leaving(() => undefined);
    leaving.breakOff("unsafe");
    assert.equal(leaving.cause, null);
    leaving.ask();
    leaving.breakOff("unsafe");
    leaving.withdraw();
    assert.equal(leaving.isAsked, false);
    leaving.ask();
    assert.equal(leaving.take(), "");
});

test("R35: the causes to choose from are those that the bill knows", () => {
    const known = ["undisclosed_modification", "missing_licence", "unsafe", "other", "own_fault"];
    assert.deepEqual(Object.keys(fr.interruptions), known);
    assert.deepEqual(Object.keys(en.interruptions), known);
});
