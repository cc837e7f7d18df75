// Time is the relay's between entries and this page's since the last one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Alarms, Timer } from "../../server/cordee_server/console/times.js";
import { ManualClock } from "./moment.mjs";

test("each state is counted by the relay's clock, the present one goes on by ours", () => {
    const clock = new ManualClock();
    const timer = new Timer(clock.now);
    assert.deepEqual(timer.spent, {});
    timer.at("viewing", 5_000_000);
    clock.advance(700);
    assert.deepEqual(timer.spent, { viewing: 0.7 });
    timer.at("controlling", 6_000_000);
    clock.advance(2000);
    assert.deepEqual(timer.spent, { viewing: 1, controlling: 2 });
    timer.at("ended", 9_500_000);
    clock.advance(60_000);
    assert.deepEqual(timer.spent, { viewing: 1, controlling: 3.5 });
});

test("a session lasts from the first yes on", () => {
    const clock = new ManualClock();
    const timer = new Timer(clock.now);
    timer.at("pairing", 0);
    timer.at("consenting", 1_000_000);
    timer.at("viewing", 61_000_000);
    timer.at("paused", 71_000_000);
    timer.at("ended", 101_000_000);
    assert.equal(timer.seenFor, 40);
});

test("the band's time begins with its mode", () => {
    const clock = new ManualClock();
    const timer = new Timer(clock.now);
    assert.equal(timer.modeSeconds("viewing"), 0);
    clock.advance(5000);
    assert.equal(timer.modeSeconds("viewing"), 5);
    assert.equal(timer.modeSeconds("controlling"), 0);
    clock.advance(1000);
    assert.equal(timer.modeSeconds("controlling"), 1);
});

test("an alarm rings once, unless it is disarmed or set anew", () => {
    const clock = new ManualClock();
    const alarms = new Alarms(clock);
    /** @type {string[]} */
    const rang = [];
    alarms.arm("a", 100, () => rang.push("first"));
    alarms.arm("a", 200, () => rang.push("second"));
    alarms.arm("b", 150, () => rang.push("b"));
    alarms.disarm("b");
    alarms.disarm("never set");
    clock.advance(1000);
    assert.deepEqual(rang, ["second"]);
    alarms.arm("c", 10, () => rang.push("c"));
    alarms.disarmAll();
    clock.advance(1000);
    assert.deepEqual(rang, ["second"]);
    assert.equal(clock.set, 0);
});
