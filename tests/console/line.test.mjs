// The sealed line: one queue for text and records, shut until both ends hold the keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedFrame } from "../../server/cordee_server/console/errors.js";
import { SealedLine, readSaid } from "../../server/cordee_server/console/line.js";
import { utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { SealedChannel } from "../../server/cordee_server/console/pairing/channel.js";
import { Channel, readHeader } from "../../server/cordee_server/console/wire/frames.js";
import { Agent, CODE, ORIGIN, PK, paired } from "./ends.mjs";
import { until } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/link.js").Message} Message */

function desk() {
    /** @type {(Message | Uint8Array<ArrayBuffer>)[]} */
    const out = [];
    const line = new SealedLine(
        {
            send: (message) => out.push(message) > 0,
            sendRecord: (frame) => out.push(frame) > 0,
        },
        () => 0,
    );
    return { out, line };
}

async function open() {
    const { out, line } = desk();
    const agent = new Agent();
    const own = { code: CODE, direction: /** @type {"a"} */ ("a"), origin: ORIGIN, pk: PK };
    const h0 = paired();
    await agent.receive(h0);
    await line.pair({ ...own, att: null }, h0);
    let agreement = null;
    for (let turn = 0; turn < 2; turn += 1) {
        const answer = await agent.receive(/** @type {Message} */ (out.at(-1)));
        assert.ok(answer);
        agreement = await line.carry(answer);
    }
    assert.ok(agreement && agent.keys);
    out.length = 0;
    return { out, line, agent: new SealedChannel("agent", agent.keys, 0) };
}

test("while the line is shut nothing is sealed, and what comes is not opened", async () => {
    const { out, line } = desk();
    await line.say({ t: "ping" });
    await line.close("idle");
    assert.equal(await line.open(new Uint8Array(40)), null);
    assert.equal(await line.carry({ t: "h2" }), null);
    assert.equal(await line.carry({ t: "r2" }), null);
    assert.deepEqual(out, []);
});

test("text and records leave in the order in which they were said", async () => {
    const { out, line, agent } = await open();
    void line.say({ t: "pong" });
    void line.tell({ t: "act" });
    void line.seal(Channel.INPUT, utf8("[]"));
    await line.tell({ t: "cancel" });
    const shown = out.map((one) =>
        one instanceof Uint8Array ? readHeader(one).channel : one.t,
    );
    assert.deepEqual(shown, [Channel.CONTROL, "act", Channel.INPUT, "cancel"]);
    const first = await agent.open(/** @type {Uint8Array<ArrayBuffer>} */ (out[0]));
    assert.equal(new TextDecoder().decode(first.payload), '{"t":"pong"}');
});

test("the last word closes the line, in its place in the queue", async () => {
    const { out, line, agent } = await open();
    void line.say({ t: "pong" });
    await line.close("technician_ended");
    await line.say({ t: "pong" });
    assert.equal(out.length, 2);
    for (const frame of out) await agent.open(/** @type {Uint8Array<ArrayBuffer>} */ (frame));
    assert.equal(agent.closed?.reason, "technician_ended");
    assert.equal(line.isOpen, false);
});

test("what waited to be sealed when the line was dropped is not sent under dead keys", async () => {
    const { out, line } = await open();
    void line.say({ t: "pong" });
    line.drop();
    await line.tell({ t: "resume" });
    assert.deepEqual(out, [{ t: "resume" }]);
    assert.equal(line.isOpen, false);
});

test("a resume that fails leaves the line shut, and another may be tried", async () => {
    const { out, line } = await open();
    line.drop();
    const rs = "AAAAAAAAAAAAAAAAAAAAAA";
    await line.carry({ t: "resumed", rs });
    await until(() => out.length === 1);
    assert.equal(await line.carry({ t: "r2", y: "", n: "", tag: "" }), null);
    assert.equal(line.isOpen, false);
    await line.carry({ t: "resumed", rs });
    await until(() => out.length === 2);
    assert.deepEqual(out.map((one) => ("t" in one ? one.t : "")), ["r1", "r1"]);
});

test("only what can be said on the control channel is heard", () => {
    assert.deepEqual(readSaid(utf8('{"t":"ping"}')), { t: "ping", act: "", sig: "" });
    assert.deepEqual(readSaid(utf8('{"t":"act","act":"{}","sig":"00"}')), {
        t: "act",
        act: "{}",
        sig: "00",
    });
    for (const said of ["", "null", "[]", "{}", '{"t":"obey"}', '{"t":7}', "\u0010", '"ping"']) {
        assert.throws(() => readSaid(utf8(said)), MalformedFrame, said);
    }
    assert.throws(() => readSaid(Uint8Array.of(0xff, 0xfe)), MalformedFrame);
});
