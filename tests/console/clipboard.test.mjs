// wire/clipboard.js against the vectors that Python reads too (S-40).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
    CLIPBOARD_MAX,
    readText,
    writeText,
} from "../../server/cordee_server/console/wire/clipboard.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/clipboard.json", import.meta.url), "utf8"),
);

test("S-40: both languages pass the same number of bytes", () => {
    assert.equal(CLIPBOARD_MAX, VECTORS.most);
});

VECTORS.written.forEach((/** @type {any} */ one, /** @type {number} */ at) => {
    test(`S-40: text ${at} is plain and short, or refused`, () => {
        const text = one.text.repeat(one.times);
        if (one.refused) {
            assert.throws(() => writeText(text), { name: "TextRefused" });
            return;
        }
        const payload = writeText(text);
        assert.equal(payload.length, one.bytes);
        if (one.payload) assert.equal(Buffer.from(payload).toString("hex"), one.payload);
        assert.deepEqual(writeText(readText(payload)), payload);
    });
});

VECTORS.read.forEach((/** @type {any} */ one, /** @type {number} */ at) => {
    test(`S-40: payload ${at} is read as in Python, or refused`, () => {
        const payload = new Uint8Array(
            Buffer.from(one.payload.repeat(one.times), "hex"),
        );
        if (one.error) {
            assert.throws(() => readText(payload), { name: one.error });
            return;
        }
        const text = readText(payload);
        if ("text" in one) assert.equal(text, one.text);
        else assert.equal(text.length, one.length);
    });
});
