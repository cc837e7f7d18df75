import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
    Viewport,
    areaOf,
    shownSize,
    spread,
    toWire,
} from "../../server/cordee_server/console/screen/viewport.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/picture.json", import.meta.url), "utf8"),
);

/** @type {import("../../server/cordee_server/console/screen/viewport.js").Layout} */
const LAYOUT = {
    kind: "layout",
    seq: 0,
    epoch: 1,
    cfg: 77,
    windowLog: 25,
    width: 300,
    height: 100,
    monitors: [
        { id: 4, primary: true, rect: { x: 0, y: 0, w: 200, h: 100 } },
        { id: 9, primary: false, rect: { x: 200, y: 0, w: 100, h: 50 } },
    ],
};
const SHOWN = { left: 10, top: 20, width: 150, height: 50 };

test("a pixel's place is the one the agent turns back into that pixel", () => {
    for (const { size, offset, place } of VECTORS.places) {
        assert.equal(spread(offset, size), place);
    }
});

test("the corners of a monitor are its first and last pixels", () => {
    assert.deepEqual(toWire(LAYOUT, SHOWN, 10, 20), { mon: 4, cfg: 77, x: 0, y: 0 });
    assert.deepEqual(toWire(LAYOUT, SHOWN, 109.9, 69.9), {
        mon: 4,
        cfg: 77,
        x: 65535,
        y: 65535,
    });
    assert.deepEqual(toWire(LAYOUT, SHOWN, 110, 20), { mon: 9, cfg: 77, x: 0, y: 0 });
});

test("there is no place outside the picture, nor where no monitor is", () => {
    assert.equal(toWire(LAYOUT, SHOWN, 9, 20), null);
    assert.equal(toWire(LAYOUT, SHOWN, 10, 19), null);
    assert.equal(toWire(LAYOUT, SHOWN, 160, 20), null);
    assert.equal(toWire(LAYOUT, SHOWN, 150, 60), null); // below the small monitor
    assert.equal(toWire(LAYOUT, { ...SHOWN, width: 0 }, 10, 20), null);
});

test("while dragging, a point outside is the nearest pixel", () => {
    assert.deepEqual(toWire(LAYOUT, SHOWN, -500, 4000, true), {
        mon: 4,
        cfg: 77,
        x: 0,
        y: 65535,
    });
});

test("fit shows the whole screen and never enlarges it", () => {
    const screen = { width: 1920, height: 1080 };
    assert.deepEqual(shownSize("fit", screen, { width: 960, height: 900 }, 1), {
        width: 960,
        height: 540,
    });
    assert.deepEqual(shownSize("fit", screen, { width: 4000, height: 4000 }, 1), screen);
    assert.deepEqual(shownSize("fit", screen, { width: 0, height: 0 }, 1), screen);
});

test("actual shows a pixel of theirs on a pixel of ours", () => {
    const screen = { width: 1920, height: 1080 };
    assert.deepEqual(shownSize("actual", screen, { width: 100, height: 100 }, 2), {
        width: 960,
        height: 540,
    });
});

test("the viewport sizes its canvas to the room, and knows no place without a screen", () => {
    const canvas = {
        style: { width: "", height: "" },
        parentElement: { clientWidth: 150, clientHeight: 500 },
        getBoundingClientRect: () => ({ left: 0, top: 0, width: 150, height: 50 }),
    };
    const viewport = new Viewport(
        /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (canvas)),
    );
    assert.equal(viewport.toWire(1, 1), null);
    viewport.setLayout(LAYOUT);
    assert.deepEqual(canvas.style, { width: "150px", height: "50px" });
    assert.equal(viewport.toWire(149, 1)?.mon, 9);
    viewport.setLook({ size: "actual", monitor: null });
    assert.deepEqual(canvas.style, { width: "300px", height: "100px" });
    viewport.setLayout(null);
    assert.equal(viewport.toWire(1, 1), null);
});

test("a zoom is so many of our pixels to one of theirs, on any display", () => {
    const screen = { width: 1000, height: 500 };
    const room = { width: 10, height: 10 };
    assert.deepEqual(shownSize(1.5, screen, room, 1), { width: 1500, height: 750 });
    assert.deepEqual(shownSize(1.5, screen, room, 2), { width: 750, height: 375 });
});

test("one monitor of several is an area; one that is gone is all of them", () => {
    assert.deepEqual(areaOf(LAYOUT, 9), { x: 200, y: 0, w: 100, h: 50 });
    assert.deepEqual(areaOf(LAYOUT, 5), { x: 0, y: 0, w: 300, h: 100 });
    assert.deepEqual(areaOf(LAYOUT, null), { x: 0, y: 0, w: 300, h: 100 });
});

test("where one monitor is looked at, nothing is under the others, dragging or not", () => {
    const small = areaOf(LAYOUT, 9);
    assert.equal(toWire(LAYOUT, SHOWN, 50, 30, false, small), null);
    assert.equal(toWire(LAYOUT, SHOWN, 110, 20, false, small)?.mon, 9);
    assert.deepEqual(toWire(LAYOUT, SHOWN, -500, 4000, true, small), {
        mon: 9,
        cfg: 77,
        x: 0,
        y: 65535,
    });
});

test("a monitor is cut out of the picture, and the picture moved under the cut", () => {
    const style = () => ({ width: "", height: "", marginLeft: "", marginTop: "" });
    const part = { style: style() };
    const canvas = { style: style(), parentElement: part };
    const viewport = new Viewport(
        /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (canvas)),
        /** @type {HTMLElement} */ ({ clientWidth: 50, clientHeight: 50 }),
    );
    viewport.setLayout(LAYOUT);
    viewport.setLook({ size: "fit", monitor: 9 });
    assert.deepEqual([part.style.width, part.style.height], ["50px", "25px"]);
    assert.deepEqual(canvas.style, {
        width: "150px",
        height: "50px",
        marginLeft: "-100px",
        marginTop: "0px",
    });
    assert.equal(viewport.scale, 0.5);
});

test("a viewport that is closed lets go of its room", () => {
    /** @type {string[]} */
    const did = [];
    const before = globalThis.ResizeObserver;
    globalThis.ResizeObserver = /** @type {typeof ResizeObserver} */ (
        /** @type {unknown} */ (
            class {
                observe = () => void did.push("observe");
                disconnect = () => void did.push("disconnect");
            }
        )
    );
    try {
        const room = { clientWidth: 1, clientHeight: 1 };
        const canvas = { style: {}, parentElement: room };
        new Viewport(
            /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (canvas)),
        ).close();
    } finally {
        globalThis.ResizeObserver = before;
    }
    assert.deepEqual(did, ["observe", "disconnect"]);
});
