// The one-time code, against the golden file and on its own.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    SECRET_DIGITS,
    checkDigit,
    drawSecret,
    readCode,
    secretFrom,
    spoken,
} from "../../server/cordee_server/console/code.js";
import { CodeMistyped } from "../../server/cordee_server/console/errors.js";
import { vectors } from "./ends.mjs";

const VECTORS = vectors("code");

test("golden check digits are computed", () => {
    for (const { digits, digit } of VECTORS.check_digits) {
        assert.equal(checkDigit(digits), digit);
    }
});

test("golden codes are said in groups of three, and read", () => {
    for (const { nameplate, secret, spoken: said } of VECTORS.codes) {
        assert.equal(spoken({ nameplate, secret }), said);
        assert.deepEqual(readCode(said), { nameplate, secret });
    }
});

test("what people put between the digits does not count", () => {
    for (const { text, nameplate, secret } of VECTORS.typed) {
        assert.deepEqual(readCode(text), { nameplate, secret });
    }
});

for (const text of VECTORS.mistyped) {
    test(`S-10 what is no code is found here: ${JSON.stringify(text)}`, () => {
        assert.throws(() => readCode(text), CodeMistyped);
    });
}

test("S-10 every wrong digit and every swap of neighbours is found", () => {
    const { nameplate, secret } = VECTORS.codes[1];
    const digits = spoken({ nameplate, secret }).replaceAll(" ", "");
    for (let at = 0; at < 9; at += 1) {
        for (let digit = 0; digit < 10; digit += 1) {
            const wrong = digits.slice(0, at) + digit + digits.slice(at + 1);
            if (wrong !== digits) assert.throws(() => readCode(wrong), CodeMistyped);
        }
        const pair = digits.slice(at, at + 2);
        const swapped =
            digits.slice(0, at) + [...pair].reverse().join("") + digits.slice(at + 2);
        if (swapped !== digits) assert.throws(() => readCode(swapped), CodeMistyped);
    }
});

test("a draw is written as five digits", () => {
    for (const { draw, secret } of VECTORS.secrets)
        assert.equal(secretFrom(draw), secret);
    for (const draw of [-1, 100_000, 0.5, NaN])
        assert.throws(() => secretFrom(draw), RangeError);
});

test("no secret is likelier than another: what would tip the scales is drawn again", () => {
    const whole = 2 ** 32 - (2 ** 32 % 10 ** SECRET_DIGITS);
    const draws = [2 ** 32 - 1, whole, whole - 1];
    assert.equal(
        drawSecret(() => Number(draws.shift())),
        "99999",
    );
    assert.equal(draws.length, 0);
    assert.equal(
        drawSecret(() => 0),
        "00000",
    );
    assert.equal(
        drawSecret(() => 100_007),
        "00007",
    );
});

test("a drawn secret has five digits, and the next one is another", () => {
    const drawn = Array.from({ length: 200 }, () => drawSecret());
    assert(drawn.every((secret) => /^[0-9]{5}$/.test(secret)));
    assert(new Set(drawn).size > 150);
});
