// Many changes, one drawing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { oncePerTurn } from "../../server/cordee_server/console/mount.js";

test("what changes in one turn is drawn once, and again after the next change", async () => {
    let drawn = 0;
    const changed = oncePerTurn(() => void (drawn += 1));
    changed();
    changed();
    assert.equal(drawn, 0);
    await Promise.resolve();
    assert.equal(drawn, 1);
    changed();
    await Promise.resolve();
    assert.equal(drawn, 2);
});

test("a drawing that changes something is followed by one more", async () => {
    let drawn = 0;
    const changed = oncePerTurn(() => {
        drawn += 1;
        if (drawn === 1) changed();
    });
    changed();
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(drawn, 2);
});
