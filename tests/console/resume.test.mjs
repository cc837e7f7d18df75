// A lost link comes back for the two who held it, and for nobody else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64 } from "../../server/cordee_server/console/canonical.js";
import { PairingFailed } from "../../server/cordee_server/console/errors.js";
import { random } from "../../server/cordee_server/console/pairing/bytes.js";
import { SealedChannel } from "../../server/cordee_server/console/pairing/channel.js";
import { Resume } from "../../server/cordee_server/console/pairing/resume.js";
import { Channel } from "../../server/cordee_server/console/wire/frames.js";
import {
    AgentResume,
    agreed,
    alter,
    changedText,
    held,
    hex,
    keysAsHex,
    replay,
    resumed,
    talk,
    vectors,
} from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/pairing/machine.js").Message} Message */

for (const golden of vectors("pairing").exchanges) {
    test(`the golden resume is said again word for word: ${golden.name}`, async () => {
        const { console } = await agreed();
        const keys = {
            a2c: hex(golden.keys.a2c),
            c2a: hex(golden.keys.c2a),
            exp: hex(golden.keys.exp),
            res: hex(golden.keys.res),
        };
        const draws = replay(golden.resume.console.draws);
        const resume = new Resume({ ...console, th: hex(golden.th), keys }, draws);
        const [r1, r2, r3] = golden.resume.messages;
        assert.deepEqual(await resume.receive(golden.resume.h0), r1);
        assert.equal(resume.agreement, null);
        assert.deepEqual(await resume.receive(r2), r3);
        assert.deepEqual(keysAsHex(held(resume).keys), golden.resume.keys);
    });
}

test("S-18 the keys are new and the pairing is the same", async () => {
    const before = await agreed();
    const [agent, resume] = [
        new AgentResume(before.agent, before.th),
        new Resume(before.console),
    ];
    await talk(agent, resume, resumed());
    const after = resume.agreement;
    assert(agent.keys && after);
    assert.deepEqual(after.keys, agent.keys);
    assert.deepEqual(after.th, before.th);
    assert.deepEqual(after.peerPk, before.console.peerPk);
    assert.deepEqual(after.keys.exp, before.console.keys.exp);
    assert.deepEqual(after.spare, before.console.keys.res);
    assert.notDeepEqual(after.keys.a2c, before.console.keys.a2c);
    const here = new SealedChannel("console", after.keys, 0);
    const there = new SealedChannel("agent", agent.keys, 0);
    const frame = await here.seal(Channel.CHAT, Uint8Array.of(1), 0);
    assert.deepEqual((await there.open(frame)).payload, Uint8Array.of(1));
});

test("S-18 who does not hold the resume key gets nowhere", async () => {
    const before = await agreed();
    const strangers = [
        new AgentResume({ ...before.agent, res: random(32) }, before.th),
        new AgentResume(before.agent, random(32)),
        new AgentResume((await agreed()).agent, before.th),
    ];
    for (const stranger of strangers) {
        const resume = new Resume(before.console);
        await assert.rejects(talk(stranger, resume, resumed()), PairingFailed);
        assert.equal(resume.agreement, null);
    }
});

test("S-07 a change to any field is the end", async () => {
    const before = await agreed();
    const ends = () =>
        /** @type {const} */ ([
            new AgentResume(before.agent, before.th),
            new Resume(before.console),
        ]);
    for (const { t, ...fields } of [resumed(), ...(await talk(...ends(), resumed()))]) {
        for (const [field, value] of Object.entries(fields)) {
            for (const other of changedText(String(value))) {
                const [agent, resume] = ends();
                await assert.rejects(
                    talk(agent, resume, resumed(), alter(t, field, other)),
                );
                assert.equal(agent.keys, null);
                // The console that has sent r3 cannot know that it was changed.
                assert(resume.agreement === null || t === "r3");
            }
        }
    }
});

test("S-07 an older answer and its own message are refused", async () => {
    const before = await agreed();
    const [, r2] = await talk(
        new AgentResume(before.agent, before.th),
        new Resume(before.console),
        resumed(),
    );
    assert(r2);
    const replayed = new Resume(before.console);
    await replayed.receive(resumed());
    await assert.rejects(replayed.receive(r2), PairingFailed);
    const reflected = new Resume(before.console);
    const r1 = await reflected.receive(resumed());
    const tag = b64(new Uint8Array(64));
    await assert.rejects(reflected.receive({ ...r1, t: "r2", tag }), /own nonce/);
});

test("S-02 a share of low order aborts", async () => {
    const before = await agreed();
    const resume = new Resume(before.console);
    const meddle = alter("r2", "y", b64(new Uint8Array(32)));
    const run = talk(
        new AgentResume(before.agent, before.th),
        resume,
        resumed(),
        meddle,
    );
    await assert.rejects(run, /low order/);
});

test("only the message that is due is taken", async () => {
    const { console } = await agreed();
    for (const t of ["r1", "r2", "r3", "paired"]) {
        const resume = new Resume(console);
        await assert.rejects(resume.receive({ t }), /out of turn/);
        await assert.rejects(resume.receive(resumed()), /out of turn/);
    }
    const resume = new Resume(console);
    await resume.receive(resumed());
    await assert.rejects(resume.receive(resumed()), /out of turn/);
});

test("however often r3 is lost the next resume succeeds", async () => {
    const before = await agreed();
    let { agent: keys, console } = before;
    for (let n = 0; n < 4; n += 1) {
        const [agent, resume] = [new AgentResume(keys, before.th), new Resume(console)];
        await agent.receive(resumed());
        const r1 = /** @type {Message} */ (await resume.receive(resumed()));
        const r2 = /** @type {Message} */ (await agent.receive(r1));
        await resume.receive(r2);
        assert(resume.agreement);
        console = resume.agreement;
    }
    const [agent, resume] = [new AgentResume(keys, before.th), new Resume(console)];
    await talk(agent, resume, resumed());
    assert(agent.keys);
    keys = agent.keys;
    assert.deepEqual(resume.agreement?.keys, keys);
});
