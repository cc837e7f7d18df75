import assert from "node:assert/strict";
import { test } from "node:test";

import { Display } from "../../server/cordee_server/console/screen/display.js";
import { Paper, asCanvas, likeAPage } from "./paper.mjs";

likeAPage();

const BLACK = [0, 0, 0, 255];
const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];

/** @param {number[][]} colours */
const rgba = (...colours) => Uint8ClampedArray.from(colours.flat());

/** @param {number} [width] @param {number} [height] */
function begun(width = 8, height = 6) {
    const paper = new Paper();
    const display = new Display(asCanvas(paper));
    display.begin(width, height);
    display.flush();
    return { paper, display };
}

test("a screen begins black and opaque, at its own size", () => {
    const { paper, display } = begun();
    assert.deepEqual([paper.width, paper.height], [8, 6]);
    assert.deepEqual([paper.at(0, 0), paper.at(7, 5)], [BLACK, BLACK]);
    assert.equal(display.isStale, false);
});

test("nothing is on the canvas before the flush, and everything after it", () => {
    const { paper, display } = begun();
    const rects = [
        { x: 1, y: 2, w: 2, h: 1 },
        { x: 7, y: 4, w: 1, h: 2 },
    ];
    display.paint(rects, rgba(RED, BLUE, BLUE, RED));
    assert.equal(display.isStale, true);
    assert.deepEqual(paper.at(1, 2), BLACK);
    display.flush();
    assert.deepEqual(
        [paper.at(1, 2), paper.at(2, 2), paper.at(3, 2), paper.at(7, 4), paper.at(7, 5)],
        [RED, BLUE, BLACK, BLUE, RED],
    );
    assert.equal(display.isStale, false);
});

test("a flush with nothing new touches nothing", () => {
    const { paper, display } = begun();
    const before = paper.puts;
    display.flush();
    assert.equal(paper.puts, before);
});

test("many small changes become one", () => {
    const { paper, display } = begun(100, 100);
    const before = paper.puts;
    for (let spot = 0; spot < 400; spot += 1) {
        const [x, y] = [spot % 100, Math.floor(spot / 100)];
        display.paint([{ x, y, w: 1, h: 1 }], rgba(RED));
    }
    display.flush();
    assert.ok(paper.puts - before <= 256);
    assert.deepEqual(paper.at(99, 3), RED);
});

test("the pointer is drawn at its hot spot and leaves no trace", () => {
    const { paper, display } = begun();
    display.paint([{ x: 0, y: 0, w: 8, h: 1 }], rgba(...Array(8).fill(BLUE)));
    display.setShape(2, 1, { x: 1, y: 0 }, rgba(RED, RED));
    display.flush();
    assert.deepEqual(paper.at(0, 0), BLUE); // its place is not known yet
    display.movePointer(3, 0);
    display.flush();
    assert.deepEqual([paper.at(2, 0), paper.at(3, 0), paper.at(4, 0)], [RED, RED, BLUE]);
    display.movePointer(7, 5);
    display.flush();
    assert.deepEqual([paper.at(2, 0), paper.at(3, 0), paper.at(7, 5)], [BLUE, BLUE, RED]);
    display.setShape(0, 0, { x: 0, y: 0 }, rgba());
    display.flush();
    assert.deepEqual([paper.at(6, 5), paper.at(7, 5)], [BLACK, BLACK]);
});

test("what is painted under the pointer stays under it", () => {
    const { paper, display } = begun();
    display.setShape(1, 1, { x: 0, y: 0 }, rgba(RED));
    display.movePointer(2, 2);
    display.flush();
    display.paint([{ x: 2, y: 2, w: 1, h: 1 }], rgba(BLUE));
    display.flush();
    assert.deepEqual(paper.at(2, 2), RED);
    display.movePointer(0, 0);
    display.flush();
    assert.deepEqual(paper.at(2, 2), BLUE);
});

test("the pointer may hang over every edge", () => {
    const { paper, display } = begun();
    display.setShape(4, 4, { x: 2, y: 2 }, rgba(...Array(16).fill(RED)));
    for (const [x, y] of /** @type {[number, number][]} */ ([[0, 0], [7, 5]])) {
        display.movePointer(x, y);
        display.flush();
        assert.deepEqual(paper.at(x, y), RED);
    }
    assert.deepEqual(paper.at(0, 0), BLACK);
});

test("a new screen forgets the old one and its pointer", () => {
    const { paper, display } = begun();
    display.paint([{ x: 0, y: 0, w: 1, h: 1 }], rgba(RED));
    display.setShape(1, 1, { x: 0, y: 0 }, rgba(RED));
    display.movePointer(1, 1);
    display.flush();
    for (const [width, height] of /** @type {[number, number][]} */ ([[8, 6], [3, 3]])) {
        display.begin(width, height);
        display.flush();
        assert.deepEqual([paper.width, paper.height], [width, height]);
        assert.deepEqual([paper.at(0, 0), paper.at(1, 1)], [BLACK, BLACK]);
    }
});
