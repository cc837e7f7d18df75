// wire/still.js against the vectors that Python reads too (S-41).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isSizeOf, stillSize } from "../../server/cordee_server/console/wire/still.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/still.json", import.meta.url), "utf8"),
);

/** @param {string} hex */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

for (const { name, coding, hex, width, height } of VECTORS.sizes) {
    test(`S-41: ${name} says its size before it is unfolded`, () => {
        assert.deepEqual(stillSize(coding, bytes(hex)), { width, height });
    });
}

for (const { name, coding, hex } of VECTORS.refused) {
    test(`S-41: ${name} is refused`, () => {
        assert.throws(() => stillSize(coding, bytes(hex)), { name: "MalformedFrame" });
    });
}

test("a file is as large as what it shows, or reduced", () => {
    for (const { size, shown, least, fits } of VECTORS.reduced) {
        const [width, height] = size;
        const [w, h] = shown;
        assert.equal(isSizeOf({ width, height }, { w, h }, least), fits);
    }
});
