// The technician's key signs, and nobody can read it.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { unb64 } from "../../server/cordee_server/console/canonical.js";
import { newKey } from "../../server/cordee_server/console/keys.js";

test("each page load has its own key, which cannot be taken out of the engine", async () => {
    const [one, other] = [await newKey(), await newKey()];
    assert.ok(one && other);
    assert.notEqual(one.pk, other.pk);
    assert.deepEqual(unb64(one.pk), one.publicKey);
    assert.equal(one.publicKey.length, 32);
    assert.equal(one.privateKey.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("pkcs8", one.privateKey));
});

test("a browser that knows no Ed25519 has no key, and is told so", async (context) => {
    const generate = mock.method(crypto.subtle, "generateKey", async () => {
        throw new DOMException("unsupported", "NotSupportedError");
    });
    context.after(() => generate.mock.restore());
    assert.equal(await newKey(), null);
});
