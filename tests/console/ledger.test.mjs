// The console believes nothing about acts and entries that does not verify; a withdrawal
// counts when it is heard of, a grant when it is journaled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canonical, readCanonical } from "../../server/cordee_server/console/canonical.js";
import { Tampered, UnexpectedMessage } from "../../server/cordee_server/console/errors.js";
import { Ledger, checkAttestation, readFact } from "../../server/cordee_server/console/ledger.js";
import { SealedLine } from "../../server/cordee_server/console/line.js";
import { utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { hex, vectors } from "./ends.mjs";
import { CODE, ENGAGEMENT, House, ORIGIN, SESSION, signingKey } from "./house.mjs";
import { until } from "./moment.mjs";

const VECTORS = vectors("journal");
/** @type {string[]} */
const TEXTS = VECTORS.entries.map((/** @type {any} */ made) => made.text);

/** A ledger that joins after the code's own entries, as a console does. */
async function joined() {
    const pair = /** @type {CryptoKeyPair} */ (
        await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    );
    const agreement = /** @type {any} */ ({
        th: hex(VECTORS.th),
        peerPk: hex(VECTORS.customer_pk),
    });
    const ledger = new Ledger({
        session: VECTORS.session,
        first: 1,
        key: pair.privateKey,
        agreement,
        relayKey: hex(VECTORS.relay_pk),
        startedMs: 0,
    });
    await ledger.follow(String(TEXTS[1]));
    return ledger;
}

/**
 * @param {number} from
 * @param {number} n
 */
function moved(from, n) {
    const fields = readCanonical(utf8(String(TEXTS[from])));
    return new TextDecoder().decode(canonical({ ...fields, n }));
}

test("it follows the journal from where it joined", async () => {
    const ledger = await joined();
    assert.equal(ledger.state, "pairing");
    const entry = await ledger.follow(String(TEXTS[2]));
    assert.deepEqual([entry.kind, entry.side, ledger.seen], ["bind", "customer", 2]);
});

test("an entry out of turn is refused", async () => {
    const ledger = await joined();
    await assert.rejects(ledger.follow(String(TEXTS[1])), UnexpectedMessage);
    await assert.rejects(ledger.follow(String(TEXTS[3])), UnexpectedMessage);
});

test("an old act of the customer's cannot be said again", async () => {
    const ledger = await joined();
    await ledger.follow(String(TEXTS[2]));
    await assert.rejects(ledger.follow(moved(2, 3)), {
        name: "Tampered",
        message: /not the customer's next act/,
    });
});

test("an act under our name that we never wrote is refused", async () => {
    const ledger = await joined();
    await ledger.follow(String(TEXTS[2]));
    await assert.rejects(ledger.follow(String(TEXTS[3])), Tampered);
});

test("an act that was mirrored first still comes in its entry, once", async () => {
    const ledger = await joined();
    const { act, sig } = readCanonical(utf8(String(TEXTS[2])));
    await ledger.mirrored(act, sig);
    await ledger.follow(String(TEXTS[2]));
    await assert.rejects(ledger.follow(moved(2, 3)), Tampered);
});

test("S-26: an entry's own copy of a signature is checked although the mirror was first", async () => {
    const ledger = await joined();
    const fields = readCanonical(utf8(String(TEXTS[2])));
    await ledger.mirrored(String(fields["act"]), String(fields["sig"]));
    const forged = canonical({ ...fields, sig: "0".repeat(128) });
    await assert.rejects(ledger.follow(new TextDecoder().decode(forged)), Tampered);
});

/** A ledger under a real pairing; its entries are the test's to hand over. */
async function desk() {
    const house = await House.open();
    const key = await signingKey();
    const welcome = await house.welcome(key.publicKey);
    const line = new SealedLine(house.wire, () => 0);
    /** @type {string[]} */
    const entries = [];
    /** @type {Ledger[]} */
    const ledgers = [];
    /** @type {any} */
    let paired = null;
    house.console = {
        receiveRecord: async () => {},
        receive: async (message) => {
            if (message.t === "paired") {
                paired = message;
                const own = { code: CODE, origin: ORIGIN, pk: key.publicKey, att: null };
                await line.pair({ ...own, direction: "a" }, message);
            } else if (message.t === "entry") {
                entries.push(message["entry"]);
            } else {
                const agreement = await line.carry(message);
                if (agreement === null) return;
                ledgers.push(
                    await Ledger.open({
                        key: key.privateKey,
                        agreement,
                        relayPk: house.relayPk,
                        paired,
                        engagement: ENGAGEMENT,
                        startedMs: 0,
                    }),
                );
            }
        },
    };
    await house.meets("a");
    await until(() => ledgers.length === 1 && entries.length === 2);
    const ledger = ledgers[0];
    assert.ok(ledger);
    for (const entry of entries) await ledger.follow(entry);
    const follow = async (/** @type {string} */ entry) => ledger.follow(entry);
    await follow(await house.fact("keys_confirmed"));
    await follow(await house.entry(await house.act("view_granted", { scope: "view" })));
    return { house, ledger, follow, key, welcome };
}

test("the state is the journal's, entry by entry", async () => {
    const { house, ledger, follow } = await desk();
    assert.equal(ledger.state, "viewing");
    await follow(await house.entry(await house.act("control_granted", { scope: "control" })));
    assert.equal(ledger.state, "controlling");
    assert.equal(ledger.seen, house.entries.length - 1);
});

test("a mirrored withdrawal holds the state down until its entry comes", async () => {
    const { house, ledger, follow } = await desk();
    await follow(await house.entry(await house.act("control_granted", { scope: "control" })));
    const reclaimed = await house.act("reclaimed", { cause: "pointer" });
    await ledger.mirrored(reclaimed.text, reclaimed.sig);
    assert.equal(ledger.state, "reclaimed");
    const paused = await house.act("paused");
    await ledger.mirrored(paused.text, paused.sig);
    assert.equal(ledger.state, "paused");
    await follow(await house.entry(reclaimed));
    assert.equal(ledger.state, "paused");
    await follow(await house.entry(paused));
    assert.equal(ledger.state, "paused");
    await follow(await house.entry(await house.act("continued")));
    assert.equal(ledger.state, "viewing");
});

test("a mirrored grant changes nothing", async () => {
    const { house, ledger } = await desk();
    const granted = await house.act("control_granted", { scope: "control" });
    await ledger.mirrored(granted.text, granted.sig);
    assert.equal(ledger.state, "viewing");
});

test("a mirror that comes after its entry holds nothing down", async () => {
    const { house, ledger, follow } = await desk();
    const paused = await house.act("paused");
    await follow(await house.entry(paused));
    await follow(await house.entry(await house.act("continued")));
    await ledger.mirrored(paused.text, paused.sig);
    assert.equal(ledger.state, "viewing");
});

test("our acts are unconfirmed until their entries come back, in order", async () => {
    const { house, ledger, follow } = await desk();
    const first = await ledger.write("control_requested", 1, {});
    const second = await ledger.write("control_requested", 2, {});
    assert.deepEqual(ledger.unconfirmed, [first, second]);
    assert.equal(second.prev, first.hash);
    assert.equal(second.seen, ledger.seen);
    await follow(await house.entry(first));
    assert.deepEqual(ledger.unconfirmed, [second]);
});

test("an act names the last one that came from the customer through the line", async () => {
    const { house, ledger } = await desk();
    const tick = await house.act("tick");
    await ledger.mirrored(tick.text, tick.sig);
    assert.equal((await ledger.write("control_requested", 2, {})).peer, tick.hash);
});

test("an act in our name with another signature is not ours", async () => {
    const { house, ledger, follow } = await desk();
    const asked = await ledger.write("control_requested", 2, {});
    const sig = asked.sig.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    await assert.rejects(follow(await house.entry({ ...asked, sig })), Tampered);
});

test("an entry that says another state than the table is refused", async () => {
    const { house, ledger, follow } = await desk();
    const entry = JSON.parse(await house.entry(await house.act("paused")));
    await assert.rejects(follow(JSON.stringify({ ...entry, state: "viewing" })), Tampered);
    assert.equal(ledger.seen, house.entries.length - 1, "it was counted before it was found out");
});

test("facts are read before there is a ledger, acts are left for later", async () => {
    const { house } = await desk();
    const fact = await house.fact("checkpoint");
    assert.equal((await readFact(fact, house.relayPk))?.session, SESSION);
    assert.equal(await readFact(await house.entry(await house.act("tick")), house.relayPk), null);
    await assert.rejects(readFact(fact, (await signingKey()).pk), Tampered);
});

test("the relay's word is about this page's key, or it is no word", async () => {
    const { key, welcome } = await desk();
    await checkAttestation(welcome, key.publicKey);
    await assert.rejects(checkAttestation(welcome, (await signingKey()).publicKey), Tampered);
    await assert.rejects(checkAttestation({ ...welcome, att: null }, key.publicKey));
    const other = { ...welcome, pk: (await signingKey()).pk };
    await assert.rejects(checkAttestation(other, key.publicKey), Tampered);
});
