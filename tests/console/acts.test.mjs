// Acts and entries at the console: the same bytes as Python's, and nothing else is taken.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    ActReader,
    ActWriter,
    NONE,
    readAct,
    readEntry,
    verifyFact,
} from "../../server/cordee_server/console/acts.js";
import { sha256Hex } from "../../server/cordee_server/console/canonical.js";
import { MalformedFrame, Tampered } from "../../server/cordee_server/console/errors.js";
import { concat, utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { Session } from "../../server/cordee_server/console/session.js";
import { hex, vectors } from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/acts.js").Act} Act */
/** @typedef {import("../../server/cordee_server/console/acts.js").Entry} Entry */
/** @typedef {import("../../server/cordee_server/console/session.js").Side} Side */

const VECTORS = vectors("journal");
const TH = hex(VECTORS.th);
const SESSION = VECTORS.session;

/** An Ed25519 seed as PKCS #8 (RFC 8410), which is all that WebCrypto imports. */
async function technicianKey() {
    const head = hex("302e020100300506032b657004220420");
    const key = concat(head, hex(VECTORS.technician_seed));
    return crypto.subtle.importKey("pkcs8", key, "Ed25519", false, ["sign"]);
}

/** @param {Side} side */
function reader(side) {
    const publicKey = hex(VECTORS[`${side}_pk`]);
    return new ActReader({ session: SESSION, side, publicKey, th: TH });
}

async function writer() {
    const key = await technicianKey();
    return new ActWriter({
        session: SESSION,
        side: "technician",
        key,
        th: TH,
        startedMs: 0,
    });
}

/** @returns {Promise<Entry[]>} */
function entries() {
    return Promise.all(VECTORS.entries.map((/** @type {any} */ made) => readEntry(made.text)));
}

/** @param {Entry} entry */
function actOf(entry) {
    return /** @type {Act} */ (entry.act);
}

test("an entry says the same as in Python", async () => {
    for (const [at, entry] of (await entries()).entries()) {
        const made = VECTORS.entries[at];
        assert.equal(await sha256Hex(utf8(entry.text)), made.hash);
        assert.deepEqual(
            [entry.n, entry.kind, entry.side, entry.state, entry.late, entry.act?.hash ?? ""],
            [made.n, made.kind, made.side, made.state, made.late, made.act],
        );
    }
});

test("a whole journal verifies, act by act, and leads where it says", async () => {
    const readers = { customer: reader("customer"), technician: reader("technician") };
    const session = new Session();
    for (const entry of await entries()) {
        if (entry.act === null) {
            await verifyFact(entry, hex(VECTORS.relay_pk));
        } else {
            const side = /** @type {"customer" | "technician"} */ (entry.side);
            const act = await readers[side].read(entry.act.text, entry.sig);
            assert.deepEqual(act, entry.act);
            assert.equal(readers[side].last, act.hash);
        }
        const after = session.follow(
            entry.kind,
            entry.side,
            entry.moment.monoUs,
            entry.late,
        );
        assert.equal(after, entry.state);
    }
    assert.equal(session.state, "ended");
});

test("the console writes the very acts that Python writes", async () => {
    const technician = await writer();
    for (const made of VECTORS.written) {
        const act = await technician.write(
            made.kind,
            made.at_ms,
            made.seen,
            made.peer,
            made.data,
        );
        assert.deepEqual([act.text, act.sig], [made.act, made.sig]);
    }
});

test("acts that are written at once stand in the order in which they were", async () => {
    const technician = await writer();
    const written = await Promise.all(
        VECTORS.written.map((/** @type {any} */ made) =>
            technician.write(made.kind, made.at_ms, made.seen, made.peer, made.data),
        ),
    );
    assert.deepEqual(
        written.map((act) => act.text),
        VECTORS.written.map((/** @type {any} */ made) => made.act),
    );
    const read = reader("technician");
    const all = await Promise.all(written.map((act) => read.read(act.text, act.sig)));
    assert.deepEqual(all, written);
});

test("an act that cannot be written leaves the chain as it was", async () => {
    const technician = await writer();
    const bad = /** @type {any} */ ({ share: 0.5 });
    await assert.rejects(technician.write("bind", 0, -1, NONE, bad), RangeError);
    const act = await technician.write("bind", 12.7, -1, NONE, {});
    assert.deepEqual([act.seq, act.prev, act.elMs], [0, NONE, 12]);
});

for (const bad of VECTORS.no_acts) {
    test(`this is no act: ${bad.name}`, async () => {
        await assert.rejects(readAct(bad.text, bad.sig), { name: bad.error });
        await assert.rejects(reader("customer").read(bad.text, bad.sig), { name: bad.error });
    });
}

for (const bad of VECTORS.no_entries) {
    test(`this is no entry: ${bad.name}`, async () => {
        await assert.rejects(readEntry(bad.text), { name: bad.error });
    });
}

for (const bad of VECTORS.not_the_customers) {
    test(`this is not the customer's next act: ${bad.name}`, async () => {
        const customer = reader("customer");
        await assert.rejects(customer.read(bad.text, bad.sig), { name: bad.error });
        assert.equal(customer.last, NONE);
    });
}

test("a fact that was changed is found", async () => {
    const entry = await readEntry(VECTORS.tampered_fact.text);
    await assert.rejects(verifyFact(entry, hex(VECTORS.relay_pk)), Tampered);
});

test("a fact by another relay is found", async () => {
    const [fact] = await entries();
    const another = hex(VECTORS.customer_pk);
    await assert.rejects(verifyFact(/** @type {Entry} */ (fact), another), Tampered);
});

test("an act never passes for a fact, nor for an act of another pairing", async () => {
    const entry = (await entries()).find((made) => made.act !== null);
    assert.ok(entry);
    await assert.rejects(verifyFact(entry, hex(VECTORS.customer_pk)), Tampered);
    const elsewhere = new ActReader({
        session: SESSION,
        side: entry.side,
        publicKey: hex(VECTORS[`${entry.side}_pk`]),
        th: new Uint8Array(32),
    });
    await assert.rejects(elsewhere.read(actOf(entry).text, entry.sig), Tampered);
});

test("a key that is none is refused as such", async () => {
    const publicKey = new Uint8Array(31);
    const broken = new ActReader({ session: SESSION, side: "customer", publicKey, th: TH });
    const first = (await entries()).find((made) => made.side === "customer");
    assert.ok(first);
    await assert.rejects(broken.read(actOf(first).text, first.sig), MalformedFrame);
});

test("an act counts once: read again, it is not the next", async () => {
    const customer = reader("customer");
    const first = (await entries()).find((made) => made.side === "customer");
    assert.ok(first);
    await customer.read(actOf(first).text, first.sig);
    await assert.rejects(customer.read(actOf(first).text, first.sig), Tampered);
});
