// Keys: one use each. What they are, the golden exchanges say in machine.test.mjs.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { random, utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { hmacKey } from "../../server/cordee_server/console/pairing/pake.js";
import * as schedule from "../../server/cordee_server/console/pairing/schedule.js";
import { keysAsHex, toHex } from "./ends.mjs";

test("every key has one use", async () => {
    const [isk, sid, th, res, exp] = [
        random(64),
        random(48),
        random(32),
        random(32),
        random(32),
    ];
    const fresh = await schedule.sessionKeys(isk, sid, th);
    const { keys, mac } = await schedule.resumedKeys(res, isk, sid, th, exp);
    const all = [
        ...Object.values(keysAsHex(fresh)),
        ...Object.values(keysAsHex(keys)),
        toHex(mac),
    ];
    assert.equal(new Set(all).size, 9);
    assert(all.every((key) => key.length === 2 * schedule.KEY_BYTES));
    assert.deepEqual(keys.exp, exp);
});

test("S-14 the next key is HKDF-Expand over how many records there were", async () => {
    const key = random(32);
    const chain = await hmacKey(key);
    for (const records of [0, 1, 255, 2 ** 20]) {
        const count = Buffer.alloc(8);
        count.writeBigUInt64BE(BigInt(records));
        const expected = createHmac("sha512", key)
            .update(utf8("ra1 rekey"))
            .update(count)
            .update(Uint8Array.of(1))
            .digest("hex")
            .slice(0, 64);
        assert.equal(toHex(await schedule.nextKey(chain, records)), expected);
    }
});

test("each end seals under the key that the other opens with", async () => {
    const keys = await schedule.sessionKeys(random(64), random(48), random(32));
    assert.equal(schedule.sendingKey(keys, "agent"), keys.a2c);
    assert.equal(schedule.sendingKey(keys, "console"), keys.c2a);
    assert.equal(schedule.otherRole("agent"), "console");
    assert.equal(schedule.otherRole("console"), "agent");
});
