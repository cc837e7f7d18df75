// Meeting by a code: who counts the runs, when the code is worth nothing, and that its
// secret half is gone by then.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Encounter } from "../../server/cordee_server/console/encounter.js";
import { Tampered } from "../../server/cordee_server/console/errors.js";
import { SealedLine } from "../../server/cordee_server/console/line.js";
import { Alarms } from "../../server/cordee_server/console/times.js";
import { CODE, ENGAGEMENT, House, ORIGIN, signingKey } from "./house.mjs";
import { ManualClock, until } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/encounter.js").Met} Met */

/** @param {{ relay?: (welcome: any) => any }} [changed] */
async function desk({ relay = (welcome) => welcome } = {}) {
    const house = await House.open();
    const key = await signingKey();
    const clock = new ManualClock();
    /** @type {string[]} */
    const over = [];
    /** @type {Met[]} */
    const met = [];
    /** @type {unknown[]} */
    const faults = [];
    const line = new SealedLine(house.wire, () => clock.now() / 1000);
    const encounter = new Encounter({
        party: {
            key,
            origin: ORIGIN,
            welcome: relay(await house.welcome(key.publicKey)),
            engagement: ENGAGEMENT,
        },
        line,
        clock,
        alarms: new Alarms(clock),
        over: (reason) => over.push(reason),
    });
    house.console = {
        receive: async (message) => {
            try {
                const found = await encounter.take(message);
                if (found !== null) met.push(found);
            } catch (error) {
                faults.push(error);
            }
        },
        receiveRecord: async () => {},
    };
    const messages = (/** @type {string} */ t) => house.told.filter((one) => one.t === t);
    const spokenSecret = () => encounter.state.spoken?.replaceAll(" ", "").slice(3, 8) ?? "";
    return { house, encounter, line, clock, over, met, faults, messages, spokenSecret };
}

/** @param {Awaited<ReturnType<typeof desk>>} at */
async function invited(at) {
    at.encounter.invite();
    await until(() => at.encounter.phase === "inviting");
    at.house.secret = at.spokenSecret();
}

test("the right code meets, either way round", async () => {
    const shown = await desk();
    shown.encounter.claim(CODE);
    await shown.house.meets("a");
    await until(() => shown.met.length === 1);

    const dictated = await desk();
    await invited(dictated);
    await dictated.house.meets("b");
    await until(() => dictated.met.length === 1);
    assert.deepEqual(dictated.over, []);
    assert.equal(dictated.met[0]?.early.length, 1, "the claim is still to be followed");
});

test("two invitations have two secrets", async () => {
    const secrets = new Set();
    for (let n = 0; n < 4; n += 1) {
        const at = await desk();
        await invited(at);
        secrets.add(at.spokenSecret());
    }
    assert.ok(secrets.size > 1);
});

test("a wrong code of the customer's leaves a dictated one standing, with one run less", async () => {
    const at = await desk();
    await invited(at);
    const said = at.encounter.state.spoken;
    at.house.secret = at.house.secret === "00000" ? "00001" : "00000";
    await at.house.meets("b");
    await until(() => at.encounter.state.runsFailed === 1);
    assert.equal(at.encounter.phase, "inviting");
    assert.equal(at.encounter.state.runsLeft, 2);
    assert.equal(at.encounter.state.spoken, said);
    at.house.secret = at.spokenSecret();
    await at.house.meets("b");
    await until(() => at.met.length === 1);
});

test("after its last run a dictated code is worth nothing, and gone", async () => {
    const at = await desk();
    await invited(at);
    at.house.secret = at.house.secret === "00000" ? "00001" : "00000";
    for (let run = 1; run <= 3; run += 1) {
        await at.house.meets("b");
        await until(() => at.encounter.state.runsFailed === run || at.over.length > 0);
    }
    assert.deepEqual(at.over, ["code_refused"]);
    assert.equal(at.encounter.state.spoken, null);
    assert.deepEqual(at.met, []);
});

test("the owner counts runs even when the relay pretends that there are more", async () => {
    const at = await desk();
    at.house.runs = 1000;
    at.encounter.invite();
    await until(() => at.encounter.phase === "inviting");
    const before = at.encounter.state.runsLeft;
    at.house.secret = at.spokenSecret() === "00000" ? "00001" : "00000";
    await at.house.meets("b");
    await until(() => at.encounter.state.runsFailed === 1);
    assert.equal(at.encounter.state.runsLeft, before - 1);
});

test("a wrong code that was typed here is refused, with no second try on it", async () => {
    const at = await desk();
    at.house.secret = "00000";
    at.encounter.claim(CODE);
    await at.house.meets("a");
    await until(() => at.over.length > 0);
    assert.deepEqual(at.over, ["code_refused"]);
    assert.equal(at.encounter.phase, "over");
    await at.house.say({ t: "h4", tag: "AAAA" });
    assert.deepEqual(at.met, []);
});

test("an agent that holds another code is found out here too", async () => {
    const at = await desk();
    at.encounter.claim(CODE);
    const say = at.house.say.bind(at.house);
    at.house.say = (message) =>
        say(message.t === "h4" ? { ...message, tag: `A${message["tag"].slice(1)}` } : message);
    await at.house.meets("a");
    await until(() => at.messages("run_failed").length === 1);
    assert.deepEqual(at.met, []);
});

test("a pairing that stalls is a run that failed", async () => {
    const at = await desk();
    at.encounter.claim(CODE);
    await at.house.say({ t: "paired", session: "s", np: CODE.nameplate, dir: "a", rs: "AAAAAAAAAAAAAAAAAAAAAA" });
    await until(() => at.messages("h1").length === 1);
    at.clock.advance(20_000);
    await until(() => at.messages("run_failed").length === 1);
});

test("a relay that speaks of another code is a run that failed", async () => {
    const at = await desk();
    at.encounter.claim(CODE);
    await at.house.say({ t: "paired", session: "s", np: "999", dir: "a", rs: "AAAAAAAAAAAAAAAAAAAAAA" });
    await until(() => at.messages("run_failed").length === 1);
    assert.deepEqual(at.messages("h1"), []);
});

test("a code that expires, or is taken back, says so and is forgotten", async () => {
    for (const reason of ["code_expired", "code_cancelled", "relay_stopped"]) {
        const at = await desk();
        await invited(at);
        await at.house.notes("ended", { reason });
        assert.deepEqual(at.over, [reason]);
        assert.equal(at.encounter.state.spoken, null);
    }
});

test("a link lost before or during pairing costs the code", async () => {
    const waiting = await desk();
    await invited(waiting);
    waiting.encounter.linkDown();
    assert.deepEqual(waiting.over, ["code_lost"]);
    assert.equal(waiting.encounter.state.spoken, null);

    const pairing = await desk();
    pairing.encounter.claim(CODE);
    await pairing.house.say({ t: "paired", session: "s", np: CODE.nameplate, dir: "a", rs: "AAAAAAAAAAAAAAAAAAAAAA" });
    pairing.encounter.linkDown();
    assert.deepEqual(pairing.over, ["pairing_lost"]);
    assert.equal(pairing.clock.set, 0);
});

test("whoever turns away takes the code back, or spoils the run under way", async () => {
    const inviting = await desk();
    await invited(inviting);
    inviting.encounter.leave();
    inviting.encounter.leave();
    await until(() => inviting.messages("cancel").length > 0);
    assert.equal(inviting.messages("cancel").length, 1);
    assert.equal(inviting.encounter.state.spoken, null);

    const pairing = await desk();
    pairing.encounter.claim(CODE);
    await pairing.house.say({ t: "paired", session: "s", np: CODE.nameplate, dir: "a", rs: "AAAAAAAAAAAAAAAAAAAAAA" });
    pairing.encounter.leave();
    await until(() => pairing.messages("run_failed").length === 1);
});

test("an end that the relay did not sign ends nothing", async () => {
    const at = await desk();
    await invited(at);
    const entry = JSON.parse(await at.house.fact("ended", { reason: "code_expired" }));
    await at.house.tell(JSON.stringify({ ...entry, data: { reason: "idle" } }));
    assert.deepEqual(at.over, []);
    assert.ok(at.faults[0] instanceof Tampered);
});

test("an offer about something else, or a word about another key, meets nobody", async () => {
    const other = await signingKey();
    const house = await House.open();
    const attested = await house.welcome(other.publicKey);
    const swapped = await desk({ relay: (welcome) => ({ ...welcome, att: attested.att }) });
    swapped.encounter.claim(CODE);
    await swapped.house.meets("a");
    await until(() => swapped.faults.length > 0);
    assert.deepEqual(swapped.met, []);

    const elsewhere = await desk();
    elsewhere.encounter.claim(CODE);
    const say = elsewhere.house.say.bind(elsewhere.house);
    elsewhere.house.say = (message) =>
        say(
            message.t === "paired"
                ? { ...message, offer: { ...message["offer"], text: message["offer"].text.replace("e-00", "e-01") } }
                : message,
        );
    await elsewhere.house.meets("a");
    await until(() => elsewhere.faults.length > 0);
    assert.ok(elsewhere.faults[0] instanceof Tampered);
    assert.deepEqual(elsewhere.met, []);
});
