// A channel's records reach its handler in the states that allow it, and no other.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedFrame } from "../../../server/cordee_server/console/errors.js";
import { SHARED, TRANSITIONS } from "../../../server/cordee_server/console/session.js";
import { Channels } from "../../../server/cordee_server/console/together/channels.js";
import { Channel } from "../../../server/cordee_server/console/wire/frames.js";

/** @typedef {import("../../../server/cordee_server/console/session.js").State} State */

const STATES = /** @type {State[]} */ (Object.keys(TRANSITIONS));

/** @param {number} channel */
function handler(channel) {
    /** @type {string[]} */
    const did = [];
    return {
        channel,
        did,
        take: (/** @type {Uint8Array} */ payload) => void did.push(`take ${payload.length}`),
        settle: (/** @type {boolean} */ isOpen) => void did.push(`open ${isOpen}`),
        stop: () => void did.push("stop"),
    };
}

test("S-40: a record is taken from the first yes to the end, and at no other time", async () => {
    for (const state of STATES) {
        const chat = handler(Channel.CHAT);
        const taken = new Channels([chat]).take(Channel.CHAT, new Uint8Array(3), state);
        if (SHARED.has(state)) {
            await taken;
            assert.deepEqual(chat.did, ["take 3"]);
        } else {
            await assert.rejects(taken, MalformedFrame);
            assert.deepEqual(chat.did, []);
        }
    }
});

test("a channel that nobody takes is a violation", async () => {
    const channels = new Channels([handler(Channel.CHAT)]);
    await assert.rejects(
        channels.take(Channel.CLIPBOARD, new Uint8Array(1), "viewing"),
        MalformedFrame,
    );
});

test("every handler hears whether the two may share, and of the end", () => {
    const [chat, file] = [handler(Channel.CHAT), handler(Channel.FILE)];
    const channels = new Channels([chat, file]);
    channels.settle(true);
    channels.stop();
    assert.deepEqual(chat.did, ["open true", "stop"]);
    assert.deepEqual(file.did, chat.did);
});
