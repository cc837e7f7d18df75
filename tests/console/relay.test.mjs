// The relay's key is kept at first sight; another one is a warning until accepted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { RelayKey, fingerprint } from "../../server/cordee_server/console/relay.js";

function memory() {
    /** @type {Map<string, string>} */
    const kept = new Map();
    return {
        getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
        setItem: (/** @type {string} */ name, /** @type {string} */ value) => {
            kept.set(name, value);
        },
    };
}

test("the first key is kept, and the same one is no news", async () => {
    const storage = memory();
    assert.equal(await new RelayKey(storage).check("one"), null);
    assert.equal(await new RelayKey(storage).check("one"), null);
});

test("another key is told with both fingerprints, again and again until it is accepted", async () => {
    const storage = memory();
    const key = new RelayKey(storage);
    await key.check("one");
    const changed = { known: await fingerprint("one"), now: await fingerprint("two") };
    assert.deepEqual(await key.check("two"), changed);
    assert.deepEqual(await new RelayKey(storage).check("two"), changed);
    assert.equal(await key.check("one"), null);
    key.accept("two");
    assert.equal(await key.check("two"), null);
    assert.notEqual(await key.check("one"), null);
});

test("a browser that keeps nothing for us warns of nothing", async () => {
    const key = new RelayKey(null);
    assert.equal(await key.check("one"), null);
    assert.equal(await key.check("two"), null);
});

test("a fingerprint can be read out, and differs with the key", async () => {
    assert.match(await fingerprint("one"), /^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
    assert.notEqual(await fingerprint("one"), await fingerprint("two"));
});
