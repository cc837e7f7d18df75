// A session ends once, and its account is waited for, but not for ever.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ending } from "../../server/cordee_server/console/ending.js";
import { Alarms, Timer } from "../../server/cordee_server/console/times.js";
import { ManualClock } from "./moment.mjs";

function desk() {
    const clock = new ManualClock();
    const timer = new Timer(clock.now);
    const alarms = new Alarms(clock);
    let changes = 0;
    const ending = new Ending(timer, alarms, () => {
        changes += 1;
    });
    return { clock, timer, alarms, ending, changes: () => changes };
}

test("the first end is the end, and every other alarm is silent", () => {
    const { clock, alarms, ending } = desk();
    let rang = false;
    alarms.arm("resume", 100, () => {
        rang = true;
    });
    assert.equal(ending.take("customer_ended", "customer", false), true);
    assert.equal(ending.take("violation", "technician", true), false);
    assert.equal(ending.state.end?.reason, "customer_ended");
    clock.advance(1000);
    assert.equal(rang, false);
});

test("an end says how long it lasted, how much was help, and whether anything was seen", () => {
    const { timer, ending } = desk();
    timer.at("viewing", 0);
    timer.at("controlling", 10_000_000);
    timer.at("ended", 70_000_000);
    ending.take("technician_ended", "technician", true);
    assert.deepEqual(ending.state.end, {
        reason: "technician_ended",
        by: "technician",
        seconds: 70,
        helped: 60,
        seen: true,
    });
});

test("an account is pending until it comes, or until nobody waits any more", () => {
    const came = desk();
    came.ending.take("idle", "relay", true);
    assert.equal(came.ending.state.billIsPending, true);
    const bill = { t: "bill", seconds: 60, units: 1, amount_cents: 2500, currency: "EUR" };
    came.ending.takeBill({ ...bill, record: "r" });
    assert.deepEqual(came.ending.state.bill, {
        seconds: 60,
        units: 1,
        amountCents: 2500,
        currency: "EUR",
        record: "r",
    });
    assert.equal(came.clock.set, 0);

    const lost = desk();
    lost.ending.take("idle", "relay", true);
    lost.clock.advance(5000);
    assert.deepEqual([lost.ending.state.billIsPending, lost.changes()], [false, 1]);

    const none = desk();
    none.ending.take("code_expired", "relay", false);
    assert.equal(none.ending.state.billIsPending, false);
});
