// The exact bytes, against the golden file that Python reads too.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import {
    b64,
    canonical,
    lvCat,
    readCanonical,
    sha256Hex,
    transcript,
    unb64,
} from "../../server/cordee_server/console/canonical.js";
import { MalformedFrame } from "../../server/cordee_server/console/errors.js";
import { utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { hex, toHex, vectors } from "./ends.mjs";

const VECTORS = vectors("canonical");
const DECODER = new TextDecoder();

for (const { value, text } of VECTORS.canonical) {
    test(`the golden value has its one encoding: ${text.slice(0, 40)}`, () => {
        assert.equal(DECODER.decode(canonical(value)), text);
        assert.deepEqual(readCanonical(utf8(text)), value);
    });
}

for (const text of VECTORS.refused) {
    const shown = JSON.stringify(text).slice(0, 40);
    test(`a text that is no canonical object is refused: ${shown}`, () => {
        assert.throws(() => readCanonical(utf8(text)), MalformedFrame);
    });
}

test("bytes that are no UTF-8 and endless nesting are refused", () => {
    assert.throws(() => readCanonical(Uint8Array.of(0x7b, 0xff, 0x7d)), MalformedFrame);
    const deep = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
    assert.throws(() => readCanonical(utf8(deep)), MalformedFrame);
});

test("what JSON has no exact word for is a bug", () => {
    /** @type {any[]} */
    const none = [
        0.5,
        NaN,
        Infinity,
        2 ** 53,
        undefined,
        1n,
        new Date(),
        { a: new Map() },
    ];
    for (const value of none) assert.throws(() => canonical(value));
    assert.throws(() => canonical({ é: 1 }), RangeError);
});

test("minus zero is zero", () => {
    assert.equal(DECODER.decode(canonical({ a: -0 })), '{"a":0}');
});

test("the golden concatenation is made", async () => {
    const { sizes, parts_sha256: parts, sha256 } = VECTORS.lv_cat;
    /** @type {number[]} */
    const rest = sizes.slice(2);
    const made = [
        new Uint8Array(),
        utf8("1234"),
        ...rest.map((size) => new Uint8Array(size)),
    ];
    assert.equal(createHash("sha256").update(Buffer.concat(made)).digest("hex"), parts);
    assert.equal(await sha256Hex(lvCat(...made)), sha256);
});

test("a transcript names the agent first", () => {
    const [ya, adA, yb, adB] = [utf8("Ya"), utf8("ADa"), utf8("Yb"), utf8("ADb")];
    assert.equal(
        DECODER.decode(transcript(ya, adA, yb, adB)),
        "\x02Ya\x03ADa\x02Yb\x03ADb",
    );
});

test("golden base64url is written and read", () => {
    for (const { hex: data, text } of VECTORS.b64) {
        assert.equal(b64(hex(data)), text);
        assert.equal(toHex(unb64(text)), data);
    }
});

for (const text of VECTORS.b64_refused) {
    test(`base64url of another form is refused: ${JSON.stringify(text)}`, () => {
        assert.throws(() => unb64(text), MalformedFrame);
    });
}
