// The sentences about what people share: the same in both languages, none of it empty.

import assert from "node:assert/strict";
import { test } from "node:test";

import { TOGETHER } from "../../server/cordee_server/console/text/together.js";
import { shotName } from "../../server/cordee_server/console/views/shot.js";

test("each language has every sentence", () => {
    assert.deepEqual(Object.keys(TOGETHER.fr), Object.keys(TOGETHER.en));
    for (const words of Object.values(TOGETHER)) {
        for (const [name, sentence] of Object.entries(words)) {
            if (typeof sentence !== "function") continue;
            const said = /** @type {(...given: any[]) => string} */ (sentence)("Mme Durand", "x");
            assert.ok(said.length > 0, name);
        }
    }
});

test("a picture's file says when, and nothing of the customer", () => {
    assert.equal(shotName(1_800_000_000_000), "cordee-2027-01-15T08-00-00.png");
});
