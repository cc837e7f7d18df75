// The console believes nothing about acts and entries that does not verify.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canonical, readCanonical } from "../../server/cordee_server/console/canonical.js";
import { Tampered, UnexpectedMessage } from "../../server/cordee_server/console/errors.js";
import { Ledger } from "../../server/cordee_server/console/ledger.js";
import { utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { hex, vectors } from "./ends.mjs";

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
