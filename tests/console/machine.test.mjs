// A pairing succeeds between two ends with one code, and in no other way.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    b64,
    canonical,
    readCanonical,
    unb64,
} from "../../server/cordee_server/console/canonical.js";
import {
    LocalViolation,
    PairingFailed,
} from "../../server/cordee_server/console/errors.js";
import {
    PAIRING_MAX,
    Pairing,
} from "../../server/cordee_server/console/pairing/machine.js";
import {
    Agent,
    CODE,
    PK,
    alter,
    changedText,
    consoleEnd,
    held,
    hex,
    keysAsHex,
    paired,
    replay,
    spread,
    talk,
    toHex,
    vectors,
} from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/pairing/machine.js").Message} Message */

const VECTORS = vectors("pairing");

for (const golden of VECTORS.exchanges) {
    test(`the golden exchange is said again word for word: ${golden.name}`, async () => {
        const pairing = new Pairing({
            code: { nameplate: golden.nameplate, secret: golden.secret },
            direction: golden.direction,
            origin: golden.origin,
            pk: hex(golden.console.pk),
            att: golden.console.att,
            caps: golden.console.caps,
            entropy: replay(golden.console.draws),
        });
        const [h1, h2, h3, h4] = golden.messages;
        assert.deepEqual(await pairing.receive(golden.h0), h1);
        assert.deepEqual(await pairing.receive(h2), h3);
        assert.equal(pairing.agreement, null);
        assert.equal(await pairing.receive(h4), null);
        const agreement = held(pairing);
        assert.equal(toHex(agreement.th), golden.th);
        assert.deepEqual(keysAsHex(agreement.keys), golden.keys);
        assert.equal(toHex(agreement.peerPk), golden.agent.pk);
        assert.deepEqual(agreement.peerAd["caps"], golden.agent.caps);
    });
}

test("both ends hold the same and know each other", async () => {
    assert.equal(VECTORS.pairing_max, PAIRING_MAX);
    const [agent, pairing] = [new Agent(), consoleEnd()];
    await talk(agent, pairing, paired());
    assert(agent.keys && pairing.agreement);
    assert.deepEqual(pairing.agreement.keys, agent.keys);
    assert.deepEqual(pairing.agreement.th, agent.th);
    assert.deepEqual(pairing.agreement.peerPk, PK);
    assert.equal(pairing.agreement.peerAd["ver"], "0.1.0");
    assert.deepEqual(pairing.agreement.evidence.rs, spread(16));
});

test("another secret pairs with nobody, and spends the run", async () => {
    const pairing = consoleEnd({ code: { ...CODE, secret: "91308" } });
    await assert.rejects(talk(new Agent(), pairing, paired()), PairingFailed);
    assert.equal(pairing.agreement, null);
    assert(pairing.runSpent);
});

test("S-08 another origin pairs with nobody", async () => {
    for (const origin of ["https://evil.example", "https://aide.example/", ""]) {
        const pairing = consoleEnd({ origin });
        await assert.rejects(talk(new Agent(), pairing, paired()), PairingFailed);
    }
});

test("S-07 a change to any field of any message is the end", async () => {
    const honest = [paired(), ...(await talk(new Agent(), consoleEnd(), paired()))];
    for (const { t, ...fields } of honest) {
        for (const [field, value] of Object.entries(fields)) {
            for (const other of [
                ...changedText(String(value)),
                null,
                7,
                [value],
                undefined,
            ]) {
                if (typeof other !== "string" && (t === "h1" || t === "h3")) continue;
                const pairing = consoleEnd();
                const run = talk(
                    new Agent(),
                    pairing,
                    paired(),
                    alter(t, field, other),
                );
                await assert.rejects(run, `${t}.${field} = ${other}`);
                assert.equal(pairing.agreement, null);
            }
        }
    }
});

test("S-08 any change inside the agent's data is the end", async () => {
    /** @type {[string, any][]} */
    const changes = [
        ["v", 2],
        ["v", true],
        ["v", "1"],
        ["suite", "CPACE-RISTR255-SHA512"],
        ["role", "console"],
        ["n", b64(new Uint8Array(16))],
        ["n", b64(new Uint8Array(15))],
        ["n", 7],
        ["pk", b64(new Uint8Array(32))],
        ["pk", b64(new Uint8Array(31))],
        ["ver", "9.9.9"],
        ["ver", 1],
        ["ver", "x".repeat(201)],
        ["caps", { more: true }],
        ["caps", []],
        ["caps", null],
        ["new", "field"],
    ];
    for (const [name, value] of changes) {
        const pairing = consoleEnd();
        /** @param {Message} message */
        const meddle = (message) => {
            if (message.t !== "h2") return message;
            const ad = readCanonical(unb64(String(message["ad"])));
            return { ...message, ad: b64(canonical({ ...ad, [name]: value })) };
        };
        await assert.rejects(
            talk(new Agent(), pairing, paired(), meddle),
            PairingFailed,
        );
        assert.equal(pairing.agreement, null);
    }
});

test("what an agent must say, and may say", async () => {
    const wrong = [
        { role: "console" },
        { v: 2 },
        { suite: "other" },
        { caps: null },
        { ver: 1 },
    ];
    for (const ad of wrong) {
        const pairing = consoleEnd();
        await assert.rejects(talk(new Agent({ ad }), pairing, paired()), PairingFailed);
        assert.equal(pairing.runSpent, false);
    }
    const pairing = consoleEnd();
    await talk(new Agent({ ad: { later: [1] } }), pairing, paired());
    assert.deepEqual(pairing.agreement?.peerAd["later"], [1]);
});

test("S-07 its own message reflected is refused", async () => {
    const pairing = consoleEnd();
    const h1 = await pairing.receive(paired());
    const reflected = { t: "h2", ad: h1?.["ad"], y: b64(PK) };
    await assert.rejects(pairing.receive(reflected), /own role/);
});

test("S-07 its own nonce from an agent is refused", async () => {
    const pairing = consoleEnd();
    const h1 = await pairing.receive(paired());
    const { n } = readCanonical(unb64(String(h1?.["ad"])));
    const agent = new Agent({ ad: { n } });
    await agent.receive(paired());
    const h2 = await agent.receive(/** @type {Message} */ (h1));
    await assert.rejects(pairing.receive(/** @type {Message} */ (h2)), /own nonce/);
});

test("S-07 an older session replayed is refused", async () => {
    const [, h2, , h4] = await talk(new Agent(), consoleEnd(), paired());
    assert(h2 && h4);
    const pairing = consoleEnd();
    await pairing.receive(paired());
    await pairing.receive(h2);
    await assert.rejects(pairing.receive(h4), /another code/);
});

test("S-02 a share of low order aborts and spends no run", async () => {
    const pairing = consoleEnd();
    const meddle = alter("h2", "y", b64(new Uint8Array(32)));
    await assert.rejects(talk(new Agent(), pairing, paired(), meddle), /low order/);
    assert.equal(pairing.runSpent, false);
});

test("only the message that is due is taken", async () => {
    const [h1, h2, h3, h4] = await talk(new Agent(), consoleEnd(), paired());
    assert(h1 && h2 && h3 && h4);
    const all = [paired(), h1, h2, h3, h4];
    const due = [paired(), h2, h4];
    for (let good = 0; good < 2; good += 1) {
        for (const wrong of all) {
            if (wrong.t === due[good]?.t) continue;
            const pairing = consoleEnd();
            for (const message of due.slice(0, good)) await pairing.receive(message);
            await assert.rejects(pairing.receive(wrong), /out of turn/);
            const next = /** @type {Message} */ (due[good]);
            await assert.rejects(pairing.receive(next), /out of turn/);
        }
    }
});

test("messages that arrive while one is being worked on wait their turn", async () => {
    const pairing = consoleEnd();
    const agent = new Agent();
    await agent.receive(paired());
    const h1 = await pairing.receive(paired());
    const h2 = await agent.receive(/** @type {Message} */ (h1));
    const both = [1, 2].map(() => pairing.receive(/** @type {Message} */ (h2)));
    const results = await Promise.allSettled(both);
    assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "rejected"],
    );
});

test("a pairing message has 4 KiB at most, in both directions", async () => {
    const meddle = alter("h2", "more", "x".repeat(PAIRING_MAX));
    await assert.rejects(talk(new Agent(), consoleEnd(), paired(), meddle), /4 KiB/);
    assert.throws(() => consoleEnd({ att: "x".repeat(3000) }), LocalViolation);
    assert.throws(() => consoleEnd({ pk: new Uint8Array(31) }), LocalViolation);
});

test("S-11 the run is spent when the console's tag goes out, and not before", async () => {
    const pairing = consoleEnd();
    /** @type {[string, boolean][]} */
    const spent = [];
    await talk(new Agent(), pairing, paired(), (message) => {
        spent.push([message.t, pairing.runSpent]);
        return message;
    });
    assert.deepEqual(spent, [
        ["paired", false],
        ["h1", false],
        ["h2", false],
        ["h3", true],
        ["h4", true],
    ]);
});

test("S-09 the secret is in no message", async () => {
    for (const message of await talk(new Agent(), consoleEnd(), paired())) {
        for (const value of Object.values(message)) {
            assert(!String(value).includes(CODE.secret));
        }
    }
});
