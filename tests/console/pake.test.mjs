// CPace against the draft's own vectors, and against itself on random inputs.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import {
    lvCat,
    prependLen,
    transcript,
} from "../../server/cordee_server/console/canonical.js";
import { PairingFailed } from "../../server/cordee_server/console/errors.js";
import {
    concat,
    random,
    utf8,
} from "../../server/cordee_server/console/pairing/bytes.js";
import * as pake from "../../server/cordee_server/console/pairing/pake.js";
import { hex, toHex, vectors } from "./ends.mjs";

const VECTORS = vectors("cpace");
const GENERATOR = VECTORS.calculate_generator;
const EXCHANGE = VECTORS.exchange;
const SAID = /** @type {const} */ (["Ya", "ADa", "Yb", "ADb"]);

/**
 * @param {Record<string, string>} from
 * @returns {[Uint8Array, Uint8Array, Uint8Array, Uint8Array]}
 */
function four(from) {
    const [ya, adA, yb, adB] = SAID.map((name) => hex(String(from[name])));
    assert(ya && adA && yb && adB);
    return [ya, adA, yb, adB];
}

test("S-01 the draft's string helpers are ours", () => {
    for (const given of VECTORS.string_utils.prepend_len) {
        if ("in" in given) {
            assert.equal(toHex(prependLen(hex(given.in))), given.out);
        } else {
            const data = new Uint8Array(given.in_range_len).fill(1);
            assert.equal(toHex(prependLen(data)), given.out_prefix + toHex(data));
        }
    }
    const given = VECTORS.string_utils.lv_cat;
    assert.equal(toHex(lvCat(...given.in.map(hex))), given.out);
    for (const said of VECTORS.string_utils.transcript_ir) {
        assert.equal(toHex(transcript(...four(said))), said.out);
    }
});

test("S-01 the generator is the draft's step by step", async () => {
    const [prs, ci, sid] = [hex(GENERATOR.PRS), hex(GENERATOR.CI), hex(GENERATOR.sid)];
    const string = pake.generatorString(prs, ci, sid);
    assert.equal(toHex(string), GENERATOR.generator_string);
    const digest = createHash("sha512").update(string).digest().subarray(0, 32);
    assert.equal(toHex(digest), GENERATOR.hash_generator_string);
    assert.equal(toHex(pake.mapToCurve(digest, random)), GENERATOR.g);
    const cleared = hex(GENERATOR.decoded_field_element);
    assert.equal(toHex(pake.mapToCurve(cleared, random)), GENERATOR.g);
    assert.equal(toHex(await pake.generator(prs, ci, sid, random)), GENERATOR.g);
});

test("S-01 shares, K and ISK are the draft's, for both roles", async () => {
    const [g, ya, yb] = [hex(GENERATOR.g), hex(EXCHANGE.ya), hex(EXCHANGE.yb)];
    assert.equal(toHex(await pake.scalarMult(ya, g)), EXCHANGE.Ya);
    assert.equal(toHex(await pake.scalarMult(yb, g)), EXCHANGE.Yb);
    const k = await pake.scalarMult(ya, hex(EXCHANGE.Yb));
    assert.equal(toHex(k), EXCHANGE.K);
    assert.equal(toHex(await pake.scalarMult(yb, hex(EXCHANGE.Ya))), EXCHANGE.K);
    const said = transcript(...four(EXCHANGE));
    assert.equal(toHex(said), EXCHANGE.transcript_ir);
    const isk = await pake.intermediateKey(hex(GENERATOR.sid), k, said);
    assert.equal(toHex(isk), EXCHANGE.ISK_ir);
});

for (const given of VECTORS.scalar_mult_vfy_low_order.vectors) {
    const says = given.must_abort ? "aborts" : "does not abort";
    test(`S-02 the point ${given.id} ${says}`, async () => {
        const scalar = hex(VECTORS.scalar_mult_vfy_low_order.s);
        if (given.must_abort) {
            await assert.rejects(pake.scalarMult(scalar, hex(given.u)), PairingFailed);
        } else {
            assert.equal(
                toHex(await pake.scalarMult(scalar, hex(given.u))),
                given.expected_q,
            );
        }
    });
}

test("a share has 32 bytes", async () => {
    for (const size of [0, 31, 33]) {
        const share = new Uint8Array(size).fill(9);
        await assert.rejects(pake.scalarMult(random(32), share), PairingFailed);
    }
});

test("S-04 blinding changes the way and not the point", () => {
    for (let n = 0; n < 50; n += 1) {
        const element = random(32);
        const once = pake.mapToCurve(element, random);
        assert.deepEqual(pake.mapToCurve(element, random), once);
        for (const byte of [0x00, 0xff]) {
            const edge = pake.mapToCurve(element, (size) =>
                new Uint8Array(size).fill(byte),
            );
            assert.deepEqual(edge, once);
        }
    }
    /** @type {number[]} */
    const sizes = [];
    pake.mapToCurve(random(32), (size) => {
        sizes.push(size);
        return random(size);
    });
    assert.deepEqual(sizes, [48, 48]);
});

test("S-04 no power is taken of a value that was not blinded", () => {
    // No output shows it, only the time taken; so the source is read.
    const bases = [...String(pake.mapToCurve).matchAll(/power\((.*), /g)];
    assert.deepEqual(
        bases.map(([, base]) => base),
        ["(d * blind) % P", "(((w * square) % P) * square) % P"],
    );
});

test("S-03 500 random runs agree, and none with another secret", async () => {
    const length = () => 1 + Number(random(1)[0]);
    for (let n = 0; n < 500; n += 1) {
        const [prs, ci, sid] = [random(length()), random(length()), random(length())];
        const [adA, adB] = [random(length()), random(length())];
        const [a, b] = [random(32), random(32)];
        const g = await pake.generator(prs, ci, sid, random);
        const [ya, yb] = [await pake.scalarMult(a, g), await pake.scalarMult(b, g)];
        const said = transcript(ya, adA, yb, adB);
        const here = await pake.intermediateKey(
            sid,
            await pake.scalarMult(a, yb),
            said,
        );
        const there = await pake.intermediateKey(
            sid,
            await pake.scalarMult(b, ya),
            said,
        );
        assert.deepEqual(here, there);
        const key = await pake.confirmationKey(sid, here);
        const tag = await pake.confirmation(key, ya, adA);
        const other = await pake.confirmationKey(sid, there);
        assert(await pake.confirms(other, ya, adA, tag));
        assert(!(await pake.confirms(other, yb, adB, tag)));
        if (n % 10 === 0) {
            const wrong = await pake.generator(concat(prs, utf8("0")), ci, sid, random);
            assert.notDeepEqual(wrong, g);
        }
    }
});

test("S-06 a tag of another length is no tag", async () => {
    const key = await pake.confirmationKey(random(48), random(64));
    const [share, ad] = [random(32), utf8("{}")];
    const tag = await pake.confirmation(key, share, ad);
    assert.equal(tag.length, pake.CONFIRMATION_BYTES);
    assert(await pake.confirms(key, share, ad, tag));
    for (const wrong of [
        tag.slice(1),
        tag.slice(0, 63),
        concat(tag, tag),
        new Uint8Array(),
    ]) {
        assert(!(await pake.confirms(key, share, ad, wrong)));
    }
});
