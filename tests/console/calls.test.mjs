// Who looks elsewhere is told that a customer is there, as far as they allowed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Calls } from "../../server/cordee_server/console/calls.js";

/** @param {{ isSeen?: boolean, permission?: string | null }} [options] */
function desk({ isSeen = false, permission = "default" } = {}) {
    /** @type {string[]} */
    const did = [];
    const looks = { isSeen };
    const notices = {
        permission: permission ?? "",
        ask: async () => {
            notices.permission = "granted";
            return "granted";
        },
        show: (/** @type {string} */ title, /** @type {string} */ body) =>
            void did.push(`${title}: ${body}`),
    };
    const calls = new Calls(
        {
            isSeen: () => looks.isSeen,
            ring: () => void did.push("ring"),
            notices: permission === null ? null : notices,
        },
        () => void did.push("changed"),
    );
    return { calls, did, looks };
}

test("somebody who looks hears it and is shown nothing more", () => {
    const { calls, did } = desk({ isSeen: true, permission: "granted" });
    calls.call("Mme Durand est là.", "Cordée");
    assert.deepEqual(did, ["ring"]);
    assert.equal(calls.title, "");
});

test("the title says it until somebody looks", () => {
    const { calls, did } = desk();
    calls.call("Mme Durand est là.", "Cordée");
    assert.equal(calls.title, "Mme Durand est là.");
    assert.deepEqual(did, ["ring", "changed"]);
    calls.seen();
    calls.seen();
    assert.equal(calls.title, "");
    assert.deepEqual(did, ["ring", "changed", "changed"]);
});

test("a notice of the system is shown only once it was asked for and given", async () => {
    const { calls, did } = desk();
    assert.equal(calls.notices, "ask");
    await calls.ask();
    assert.equal(calls.notices, "on");
    calls.call("Mme Durand est là.", "Cordée");
    assert.ok(did.includes("Cordée: Mme Durand est là."));
});

test("where it was refused, or the browser has none, it is not asked for", () => {
    assert.equal(desk({ permission: "denied" }).calls.notices, "never");
    assert.equal(desk({ permission: null }).calls.notices, "never");
});
