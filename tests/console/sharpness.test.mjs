import assert from "node:assert/strict";
import { test } from "node:test";

import {
    Sharpness,
    TILE,
    shared,
} from "../../server/cordee_server/console/screen/sharpness.js";

/** @param {number} x @param {number} y @param {number} w @param {number} h */
const at = (x, y, w, h) => ({ x, y, w, h });

test("a lossy file makes every tile it touches rough", () => {
    const sharpness = new Sharpness(200, 100);
    assert.equal(sharpness.isSharp, true);
    sharpness.roughen(at(60, 10, 10, 10));
    assert.deepEqual(sharpness.rough, [at(0, 0, TILE, TILE), at(TILE, 0, TILE, TILE)]);
    assert.equal(sharpness.isSharp, false);
});

test("only exact pixels over a whole tile make it sharp again", () => {
    const sharpness = new Sharpness(200, 100);
    sharpness.roughen(at(0, 0, 64, 64));
    sharpness.sharpen([at(0, 0, 64, 63)]);
    assert.equal(sharpness.isSharp, false);
    // The rest in another message does not count: what was there may have changed.
    sharpness.sharpen([at(0, 63, 64, 1)]);
    assert.equal(sharpness.isSharp, false);
    sharpness.sharpen([at(0, 0, 64, 20), at(0, 20, 200, 44)]);
    assert.equal(sharpness.isSharp, true);
});

test("tiles at the edges are as large as the screen leaves them", () => {
    const sharpness = new Sharpness(200, 100);
    sharpness.roughen(at(199, 99, 1, 1));
    assert.deepEqual(sharpness.rough, [at(192, 64, 8, 36)]);
    sharpness.sharpen([at(192, 64, 8, 36)]);
    assert.equal(sharpness.isSharp, true);
});

test("two places share the pixels that are in both", () => {
    assert.equal(shared(at(0, 0, 10, 10), at(8, 9, 10, 10)), 2);
    assert.equal(shared(at(0, 0, 10, 10), at(10, 0, 10, 10)), 0);
});
