// How the screen is looked at: a wish that every new picture follows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Looking, STEPS } from "../../server/cordee_server/console/looking.js";

/** @typedef {import("../../server/cordee_server/console/screen/viewport.js").Look} Look */
/** @typedef {import("../../server/cordee_server/console/wire/picture.js").Coding} Coding */

/** @type {Coding[]} */
const ALL = ["exact", "columns", "webp", "lossless", "png", "jpeg"];

function desk(scale = 0.8) {
    const kept = new Map();
    /** @type {unknown[]} */
    const told = [];
    const stage = {
        scale,
        /** @param {Look} look */
        look(look) {
            told.push(look);
            if (typeof look.size === "number") this.scale = look.size;
        },
        /** @param {(all: Coding[]) => Coding[]} choice */
        prefer: (choice) => void told.push(choice(ALL)),
    };
    const looking = new Looking(() => {}, {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => void kept.set(name, value),
    });
    return { looking, stage, told, kept };
}

test("a new picture is shown as the one before, in the codings preferred", () => {
    const { looking, stage, told } = desk();
    looking.actual();
    looking.prefer("sharp");
    looking.use(stage);
    assert.deepEqual(told, [
        { size: "actual", monitor: null },
        ["exact", "columns", "lossless", "png"],
    ]);
});

test("quick first takes every coding, sharp first none that is lossy", () => {
    const { looking, stage, told } = desk();
    looking.use(stage);
    assert.deepEqual(told.at(-1), ALL);
    looking.prefer("sharp");
    assert.deepEqual(told.at(-1), ["exact", "columns", "lossless", "png"]);
    assert.equal(looking.state.prefers, "sharp");
});

test("a preference is remembered by the browser; a broken memory means quick", () => {
    const { looking, kept } = desk();
    looking.prefer("sharp");
    assert.equal(kept.get("cordee.prefers"), "sharp");
    const storage = { getItem: () => "sharp", setItem: () => {} };
    assert.equal(new Looking(() => {}, storage).state.prefers, "sharp");
    assert.equal(new Looking(() => {}, null).state.prefers, "quick");
});

test("zoom goes on from the size that is shown, and stops at its ends", () => {
    const { looking, stage } = desk(0.8);
    looking.use(stage);
    looking.zoomIn();
    assert.equal(looking.state.size, 1);
    looking.zoomOut();
    assert.equal(looking.state.size, 0.75);
    for (const _ of STEPS) looking.zoomOut();
    assert.equal(looking.state.size, STEPS[0]);
    for (const _ of STEPS) looking.zoomIn();
    assert.equal(looking.state.size, STEPS.at(-1));
});

test("a monitor is chosen for one customer; the next one has others", () => {
    const { looking, stage } = desk();
    looking.use(stage);
    looking.choose(3);
    looking.actual();
    assert.equal(looking.state.monitor, 3);
    looking.drop();
    assert.deepEqual(looking.state, { size: "actual", monitor: null, prefers: "quick" });
});
