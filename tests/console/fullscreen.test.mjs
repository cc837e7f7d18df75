// The whole screen, and the keys with it where the browser gives them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FullScreen } from "../../server/cordee_server/console/fullscreen.js";
import { until } from "./moment.mjs";

/** @param {object | undefined} keys */
function desk(keys) {
    const page = Object.assign(new EventTarget(), {
        fullscreenElement: /** @type {object | null} */ (null),
        documentElement: { requestFullscreen: async () => page.becomes({}) },
        exitFullscreen: async () => page.becomes(null),
        /** @param {object | null} element */
        becomes(element) {
            page.fullscreenElement = element;
            page.dispatchEvent(new Event("fullscreenchange"));
        },
    });
    let changes = 0;
    const screen = new FullScreen(
        /** @type {Document} */ (/** @type {unknown} */ (page)),
        keys,
        () => void (changes += 1),
    );
    return { screen, changes: () => changes };
}

test("every key is asked for with the whole screen, and given back with it", async () => {
    /** @type {string[]} */
    const did = [];
    const keys = { lock: async () => void did.push("lock"), unlock: () => did.push("unlock") };
    const { screen, changes } = desk(keys);
    await screen.toggle();
    await until(() => changes() === 1);
    assert.deepEqual([screen.isFull, screen.isLocked], [true, true]);
    await screen.toggle();
    await until(() => changes() === 2);
    assert.deepEqual([screen.isFull, screen.isLocked], [false, false]);
    assert.deepEqual(did, ["lock", "unlock"]);
});

test("a browser without keyboard lock has the whole screen all the same, and says so", async () => {
    for (const keys of [undefined, {}]) {
        const { screen, changes } = desk(keys);
        await screen.toggle();
        await until(() => changes() === 1);
        assert.deepEqual([screen.isFull, screen.isLocked], [true, false]);
    }
});

test("a lock that is refused leaves the keys as they are", async () => {
    const { screen, changes } = desk({ lock: () => Promise.reject(new Error("no")) });
    await screen.toggle();
    await until(() => changes() === 1);
    assert.deepEqual([screen.isFull, screen.isLocked], [true, false]);
});
