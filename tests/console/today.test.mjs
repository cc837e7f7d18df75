// What lies on the desk, asked for again and again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../server/cordee_server/console/api.js";
import { Desk, LOOK_MS } from "../../server/cordee_server/console/desk.js";

const NOTHING = { waiting: 0, standing: [], so_far: [], slots: [], lacking: [] };

function desk() {
    const at = { nowMs: 0, today: /** @type {object | null} */ (NOTHING), asked: 0 };
    const api = new Api(async (path) => {
        if (String(path) === "/api/tariffs") return Response.json({ tariffs: [{ id: "t" }] });
        if (String(path) === "/api/engagements") return Response.json({ engagements: [] });
        at.asked += 1;
        if (at.today === null) return Response.json({ code: "unavailable" }, { status: 503 });
        return Response.json(at.today);
    });
    /** @type {number[]} */
    const called = [];
    const made = new Desk(
        api,
        () => at.nowMs,
        () => {},
        (customers) => called.push(customers),
    );
    return { desk: made, at, called };
}

test("nothing is asked before somebody is signed in, and then not all the time", async () => {
    const { desk: it, at } = desk();
    await it.look();
    assert.deepEqual([at.asked, it.isStale], [0, false]);
    await it.refresh();
    assert.deepEqual([at.asked, it.state.isReady, it.isStale], [1, true, false]);
    at.nowMs = LOOK_MS;
    assert.equal(it.isStale, true);
});

test("a customer more than before is called, and only they", async () => {
    const { desk: it, at, called } = desk();
    await it.refresh();
    at.today = { ...NOTHING, waiting: 2 };
    await it.look();
    await it.look();
    at.today = { ...NOTHING, waiting: 1 };
    await it.look();
    at.today = { ...NOTHING, waiting: 2 };
    await it.look();
    assert.deepEqual(called, [2, 1]);
});

test("no answer is no news, and nothing is shown as if it still stood", async () => {
    const { desk: it, at } = desk();
    await it.refresh();
    at.today = null;
    await it.look();
    assert.equal(it.state.today, null);
    assert.equal(it.state.isReady, true);
});

test("what was agreed comes first; signing out leaves an empty desk", async () => {
    const { desk: it } = desk();
    await it.refresh();
    const agreed = /** @type {import("../../server/cordee_server/console/api.js").Engagement} */ (
        /** @type {unknown} */ ({ id: "e-1" })
    );
    it.add(agreed);
    assert.deepEqual(it.state.engagements, [agreed]);
    it.clear();
    assert.deepEqual([it.state.engagements, it.state.isReady], [[], false]);
});
