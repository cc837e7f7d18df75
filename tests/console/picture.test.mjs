// wire/picture.js against the vectors that Python reads too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
    decode,
    encodeAck,
    encodeTakes,
} from "../../server/cordee_server/console/wire/picture.js";
import { RECORD_PLAINTEXT_MAX } from "../../server/cordee_server/console/wire/frames.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/picture.json", import.meta.url), "utf8"),
);

/** @param {string} hex */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

/** @param {unknown} message @returns {unknown} with its payload as hexadecimal text */
const plain = (message) =>
    JSON.parse(
        JSON.stringify(message, (_, value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
        ),
    );

/** The layout of the vectors. */
function screen() {
    const layout = decode(bytes(VECTORS.screen), null);
    assert.equal(layout.kind, "layout");
    return /** @type {import("../../server/cordee_server/console/wire/picture.js").Layout} */ (
        layout
    );
}

for (const { name, hex, message } of VECTORS.messages) {
    test(`${name} is read`, () => {
        assert.deepEqual(plain(decode(bytes(hex), screen())), message);
    });
}

for (const { name, hex, error } of VECTORS.refused) {
    test(`${name} is refused`, () => {
        assert.throws(() => decode(bytes(hex), screen()), { name: error });
    });
}

test("a message is read wherever it lies in its buffer", () => {
    const [first] = VECTORS.messages;
    const around = bytes(`ffff${first.hex}ff`);
    const inside = around.subarray(2, around.length - 1);
    assert.deepEqual(plain(decode(inside, null)), first.message);
});

test("no picture comes before its layout", () => {
    for (const hex of VECTORS.beforeLayout) {
        assert.throws(() => decode(bytes(hex), null), { name: "UnexpectedMessage" });
    }
});

test("nothing longer than a record is read", () => {
    const long = new Uint8Array(RECORD_PLAINTEXT_MAX + 1);
    assert.throws(() => decode(long, null), { name: "FrameTooLarge" });
});

test("an acknowledgement has exactly these bytes", () => {
    for (const { hex, epoch, seq } of VECTORS.acks) {
        assert.equal(Buffer.from(encodeAck(epoch, seq)).toString("hex"), hex);
    }
});

test("what this browser takes has exactly these bytes", () => {
    for (const { hex, codings } of VECTORS.takes) {
        assert.equal(Buffer.from(encodeTakes(codings)).toString("hex"), hex);
    }
});
