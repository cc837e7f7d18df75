// wire/talk.js against the vectors that Python reads too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as talk from "../../server/cordee_server/console/wire/talk.js";

const VECTORS = JSON.parse(
    readFileSync(new URL("../../shared/vectors/talk.json", import.meta.url), "utf8"),
);

test("both languages keep to the same limits", () => {
    for (const [name, value] of Object.entries(VECTORS.limits)) {
        assert.equal(/** @type {any} */ (talk)[name], value, name);
    }
});

VECTORS.agent.forEach((/** @type {any} */ one, /** @type {number} */ at) => {
    test(`what an agent says, ${at}: read as in Python, or refused`, () => {
        const payload = new TextEncoder().encode(one.text);
        if (one.error) {
            assert.throws(() => talk.readTalk(payload), { name: one.error });
            return;
        }
        const said = talk.readTalk(payload);
        assert.deepEqual(talk.readTalk(talk.writeTalk(said)), said);
    });
});

test("bytes that are no UTF-8 are refused", () => {
    const bad = new Uint8Array([...new TextEncoder().encode('{"t":"got","id":1}'), 0xff]);
    assert.throws(() => talk.readTalk(bad), { name: "MalformedFrame" });
});

VECTORS.words.forEach((/** @type {any} */ one, /** @type {number} */ at) => {
    test(`typed words ${at} are said as in Python`, () => {
        assert.equal(talk.words(one.typed), one.said);
    });
});
