// wire/filename.js against the vectors that Python reads too (S-39).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { numbered, safeName } from "../../server/cordee_server/console/wire/filename.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/filename.json", import.meta.url), "utf8"),
);

for (const { tries, announced, name, refused } of VECTORS.names) {
    test(`S-39: ${tries} never leaves the folder`, () => {
        if (refused) {
            assert.throws(() => safeName(announced), { name: "NameRefused" });
        } else {
            assert.equal(safeName(announced), name);
            assert.equal(safeName(name), name);
        }
    });
}

test("S-39: a taken name has a next one", () => {
    for (const { name, number, next } of VECTORS.numbered) {
        assert.equal(numbered(name, number), next);
    }
});
