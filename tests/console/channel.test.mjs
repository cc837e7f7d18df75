// The sealed channel: the next record opens, and nothing else ever does.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { canonical } from "../../server/cordee_server/console/canonical.js";
import {
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    RemoteViolation,
    UnexpectedMessage,
} from "../../server/cordee_server/console/errors.js";
import {
    concat,
    random,
    utf8,
} from "../../server/cordee_server/console/pairing/bytes.js";
import {
    REKEY_RECORDS,
    REKEY_S,
    SealedChannel,
} from "../../server/cordee_server/console/pairing/channel.js";
import {
    Channel,
    RECORD_MAX,
    RECORD_PLAINTEXT_MAX,
} from "../../server/cordee_server/console/wire/frames.js";
import { hex, spread, toHex, vectors } from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("../../server/cordee_server/console/pairing/schedule.js").Role} Role */

const VECTORS = vectors("channel");
const KEYS = { a2c: random(32), c2a: random(32), exp: random(32), res: random(32) };
const EMPTY = new Uint8Array();

/** @param {number} [rekeyRecords] */
function ends(rekeyRecords = REKEY_RECORDS) {
    return {
        agent: new SealedChannel("agent", KEYS, 0, { rekeyRecords }),
        console: new SealedChannel("console", KEYS, 0, { rekeyRecords }),
    };
}

/**
 * The agent's first frames; each carries its own number.
 *
 * @param {number} count
 * @param {number} [rekeyRecords]
 */
async function sealed(count, rekeyRecords) {
    const { agent } = ends(rekeyRecords);
    const frames = [];
    for (let n = 0; n < count; n += 1) {
        frames.push(await agent.seal(Channel.CHAT, Uint8Array.of(n), 0));
    }
    return frames;
}

/**
 * Open frames until one is refused; what came out before it.
 *
 * @param {SealedChannel} channel
 * @param {Bytes[]} frames
 */
async function openAll(channel, frames) {
    const out = [];
    for (const frame of frames) {
        try {
            out.push((await channel.open(frame)).payload[0]);
        } catch (error) {
            assert(error instanceof RemoteViolation);
            break;
        }
    }
    return out;
}

/**
 * Whatever comes next, even the right record, is refused for good.
 *
 * @param {SealedChannel} channel
 * @param {Bytes} frame
 */
async function assertDead(channel, frame) {
    assert.equal(channel.isOpen, false);
    await assert.rejects(channel.open(frame), UnexpectedMessage);
    await assert.rejects(channel.seal(Channel.CHAT, EMPTY, 0), LocalViolation);
    await assert.rejects(channel.close("lost", 0), LocalViolation);
}

test("the golden conversation is sealed to the same bytes", async () => {
    const golden = VECTORS.conversation;
    const [a2c, c2a, exp, res] = [
        hex(golden.keys.a2c),
        hex(golden.keys.c2a),
        hex(golden.keys.exp),
        hex(golden.keys.res),
    ];
    const options = { rekeyRecords: golden.rekey_records };
    const side = {
        agent: new SealedChannel("agent", { a2c, c2a, exp, res }, 0, options),
        console: new SealedChannel("console", { a2c, c2a, exp, res }, 0, options),
    };
    for (const step of golden.steps) {
        const by = /** @type {Role} */ (step.by);
        const payload = "spread" in step ? spread(step.spread) : hex(step.payload);
        const frame = await side[by].seal(step.channel, payload, step.now);
        if ("sha256" in step) {
            assert.equal(createHash("sha256").update(frame).digest("hex"), step.sha256);
        } else {
            assert.equal(toHex(frame), step.frame);
        }
        const opened = await side[by === "agent" ? "console" : "agent"].open(frame);
        assert.deepEqual(opened, { channel: step.channel, payload });
    }
    const { reason, sent, received, now, frame } = golden.close;
    assert.equal(toHex(await side.agent.close(reason, now)), frame);
    await side.console.open(hex(frame));
    assert.deepEqual(side.console.closed, { reason, sent, received });
});

test("S-15 the limits are those of the protocol", () => {
    assert.deepEqual(VECTORS.limits, {
        record_plaintext_max: RECORD_PLAINTEXT_MAX,
        rekey_records: REKEY_RECORDS,
        rekey_s: REKEY_S,
    });
});

test("records are sealed and opened in the order of the calls, whoever waits", async () => {
    const { agent, console } = ends(7);
    const sizes = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? 50_000 : 1));
    const frames = await Promise.all(
        sizes.map((size, n) =>
            agent.seal(Channel.FILE, new Uint8Array(size).fill(n), 0),
        ),
    );
    /** @type {number[]} */
    const order = [];
    await Promise.all(
        frames.map(async (frame) => {
            const { payload } = await console.open(frame);
            order.push(Number(payload[0]));
        }),
    );
    assert.deepEqual(
        order,
        sizes.map((_, n) => n),
    );
    assert.deepEqual([console.received, agent.sent], [60, 60]);
});

test("a payload that is changed after the call is sealed as it was", async () => {
    const { agent, console } = ends();
    const payload = utf8("as it was");
    const pending = agent.seal(Channel.CHAT, payload, 0);
    payload.fill(0);
    assert.deepEqual((await console.open(await pending)).payload, utf8("as it was"));
});

test("the longest payload passes and one byte more is never sealed", async () => {
    const { agent, console } = ends();
    const payload = new Uint8Array(RECORD_PLAINTEXT_MAX);
    const frame = await agent.seal(Channel.SCREEN, payload, 0);
    assert.equal(frame.length, RECORD_MAX);
    assert.equal((await console.open(frame)).payload.length, RECORD_PLAINTEXT_MAX);
    const longer = new Uint8Array(RECORD_PLAINTEXT_MAX + 1);
    await assert.rejects(agent.seal(Channel.SCREEN, longer, 0), LocalViolation);
    await console.open(await agent.seal(Channel.CHAT, EMPTY, 0));
});

test("S-14 a replayed record ends the channel", async () => {
    const frames = await sealed(8, 3);
    for (let first = 0; first < 8; first += 1) {
        for (let again = 0; again <= first; again += 1) {
            const { console } = ends(3);
            const until = frames.slice(0, first + 1);
            const replayed = /** @type {Bytes} */ (frames[again]);
            assert.equal(
                (await openAll(console, [...until, replayed])).length,
                first + 1,
            );
            await assertDead(console, replayed);
        }
    }
});

test("S-14 two records that change places end the channel", async () => {
    const frames = await sealed(6, 2);
    for (let one = 0; one < 6; one += 1) {
        for (let other = one + 1; other < 6; other += 1) {
            const { console } = ends(2);
            const [first, second] = [frames[one], frames[other]];
            assert(first && second);
            const moved = frames.with(one, second).with(other, first);
            assert.equal((await openAll(console, moved)).length, one);
        }
    }
});

test("S-14 a dropped record ends the channel, also right before a new key", async () => {
    for (const rekey of [1, 2, 3, 100]) {
        const frames = await sealed(7, rekey);
        for (let dropped = 0; dropped < 6; dropped += 1) {
            const { console } = ends(rekey);
            assert.equal(
                (await openAll(console, frames.toSpliced(dropped, 1))).length,
                dropped,
            );
            assert.equal(console.isOpen, false);
        }
    }
});

test("S-14 the last records before a timed new key cannot be dropped", async () => {
    const { agent, console } = ends();
    await console.open(await agent.seal(Channel.CHAT, EMPTY, 0));
    await agent.seal(Channel.CHAT, EMPTY, 1);
    const after = await agent.seal(Channel.CHAT, EMPTY, REKEY_S);
    assert.equal(after[1], 1);
    await assert.rejects(console.open(after), MalformedFrame);
});

test("S-14 any flipped bit ends the channel", async () => {
    const [frame] = await sealed(1);
    assert(frame);
    for (let bit = 0; bit < 8 * frame.length; bit += 1) {
        const { console } = ends();
        const flipped = frame.slice();
        flipped[bit >> 3] = Number(flipped[bit >> 3]) ^ (1 << (bit & 7));
        await assert.rejects(console.open(flipped), RemoteViolation);
        await assertDead(console, frame);
    }
});

test("S-14 a cut, lengthened or reflected record ends the channel", async () => {
    const { agent } = ends();
    const frame = await agent.seal(Channel.CHAT, utf8("payload"), 0);
    const wrong = [concat(frame, Uint8Array.of(0))];
    for (let size = 0; size < frame.length; size += 1) wrong.push(frame.slice(0, size));
    for (const bytes of wrong) {
        const { console } = ends();
        await assert.rejects(console.open(bytes), MalformedFrame);
        await assertDead(console, frame);
    }
    await assert.rejects(agent.open(frame), MalformedFrame);
    await assertDead(agent, frame);
});

test("S-14 after a failure nothing that was under way comes out", async () => {
    const frames = await sealed(4);
    const { console } = ends();
    const [first, , third, fourth] = frames;
    assert(first && third && fourth);
    const results = await Promise.allSettled(
        [first, third, fourth].map((f) => console.open(f)),
    );
    assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "rejected", "rejected"],
    );
});

test("a frame longer than any record ends the channel", async () => {
    const { console } = ends();
    const frame = concat(Uint8Array.of(1, 0, 0), new Uint8Array(RECORD_MAX));
    await assert.rejects(console.open(frame), FrameTooLarge);
    assert.equal(console.isOpen, false);
});

test("S-15 a new key comes after its records, and after ten minutes", async () => {
    const { agent, console } = ends(3);
    const epochs = [];
    for (const now of [0, 0, 0, 0, REKEY_S - 1, REKEY_S, 9000, 9000]) {
        const frame = await agent.seal(Channel.CHAT, EMPTY, now);
        await console.open(frame);
        epochs.push(frame[1]);
    }
    // The second key is born at 0 too: its ten minutes end at REKEY_S.
    assert.deepEqual(epochs, [0, 0, 0, 1, 1, 2, 3, 3]);
    assert.equal((await console.seal(Channel.INPUT, EMPTY, 0))[1], 0);
});

test("S-15 a key used beyond its records is refused", async () => {
    const lax = new SealedChannel("agent", KEYS, 0, { rekeyRecords: 5 });
    const { console } = ends(3);
    for (let n = 0; n < 3; n += 1)
        await console.open(await lax.seal(Channel.CHAT, EMPTY, 0));
    const beyond = await lax.seal(Channel.CHAT, EMPTY, 0);
    await assert.rejects(console.open(beyond), /longer than it may/);
});

test("a worn-out channel ends rather than use an epoch twice", async () => {
    const { agent, console } = ends(1);
    let last = EMPTY;
    for (let n = 0; n < 256; n += 1) {
        last = await agent.seal(Channel.CHAT, EMPTY, 0);
        await console.open(last);
    }
    assert.equal(last[1], 255);
    await assert.rejects(agent.seal(Channel.CHAT, EMPTY, 0), /worn out/);
    await assertDead(agent, last);
});

test("S-16 a close says why and what was seen, and is the last of both ways", async () => {
    const { agent, console } = ends();
    await console.open(await agent.seal(Channel.SCREEN, EMPTY, 0));
    const underWay = await console.seal(Channel.INPUT, EMPTY, 0);
    const frame = await agent.close("customer_ended", 0);
    assert.equal((await console.open(frame)).channel, Channel.CLOSE);
    assert.deepEqual(console.closed, {
        reason: "customer_ended",
        sent: 1,
        received: 0,
    });
    await assertDead(console, frame);
    await assertDead(agent, underWay);
    assert.equal(agent.closed, null);
});

test("a close is not a payload, and a reason is a name", async () => {
    const { agent } = ends();
    await assert.rejects(agent.seal(Channel.CLOSE, utf8("{}"), 0), LocalViolation);
    for (const reason of ["", "Because", "a b", "x".repeat(41)]) {
        await assert.rejects(agent.close(reason, 0), LocalViolation);
    }
    assert(agent.isOpen);
});

test("a close that does not add up is none", async () => {
    const good = { reason: "ended", sent: 0, received: 0 };
    const lies = [
        { ...good, sent: 1 },
        { ...good, received: 1 },
        { ...good, received: -1 },
        { ...good, reason: "Because" },
        { ...good, reason: null },
        { reason: "ended", sent: 0 },
    ];
    const raw = await crypto.subtle.importKey("raw", KEYS.a2c, "AES-GCM", false, [
        "encrypt",
    ]);
    const additionalData = Uint8Array.of(1, 0, 255);
    /** @param {Bytes} payload */
    const closing = async (payload) => {
        const params = { name: "AES-GCM", iv: new Uint8Array(12), additionalData };
        const body = new Uint8Array(await crypto.subtle.encrypt(params, raw, payload));
        return concat(additionalData, body);
    };
    for (const lie of lies) {
        const { console } = ends();
        await assert.rejects(
            console.open(await closing(canonical(lie))),
            MalformedFrame,
        );
        assert.equal(console.closed, null);
        assert.equal(console.isOpen, false);
    }
    const { console } = ends();
    await console.open(await closing(canonical(good)));
    assert.deepEqual(console.closed, good);
});
