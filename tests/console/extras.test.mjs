// A price as people type it becomes cents, or nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cents } from "../../server/cordee_server/console/views/extras.js";

test("R06: a price is read as it is typed, in either language", () => {
    for (const [text, value] of /** @type {[string, number][]} */ ([
        ["39,90", 3990],
        ["39.9", 3990],
        ["40", 4000],
        [" 0,05 € ", 5],
        ["99999,99", 9999999],
    ])) {
        assert.equal(cents(text), value, text);
    }
});

test("R06: what is no price is none", () => {
    for (const text of ["", "abc", "-5", "1,234", "1e3", "100000", "0", "0,00", "12,"]) {
        assert.equal(cents(text), 0, text);
    }
});
