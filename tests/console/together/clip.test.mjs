// A copied text passes, each way by a click of its owner and a yes of the other (S-40).

import assert from "node:assert/strict";
import { test } from "node:test";

import { Talk } from "../../../server/cordee_server/console/together/talk.js";
import { CLIPBOARD_MAX } from "../../../server/cordee_server/console/wire/clipboard.js";
import { Channel } from "../../../server/cordee_server/console/wire/frames.js";
import { writeTalk } from "../../../server/cordee_server/console/wire/talk.js";
import { Did } from "./ground.mjs";

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);

function desk() {
    const did = new Did();
    const talk = new Talk(did.ground);
    talk.clip.settle(true);
    talk.settle(true);
    const answer = (/** @type {number} */ n, /** @type {boolean} */ yes) =>
        talk.take(writeTalk({ t: "clip", n, yes }));
    return { did, clip: talk.clip, talk, answer };
}

test("S-40: a text is asked for, comes, and is shown until it is put away", () => {
    const { did, clip, answer } = desk();
    clip.ask();
    clip.ask();
    assert.deepEqual(did.said(), [{ t: "clip_ask", n: 1 }]);
    assert.deepEqual([clip.state.asked, clip.state.mayAsk], ["waiting", false]);
    clip.take(utf8("IBAN <b>"));
    answer(1, true);
    assert.deepEqual([clip.state.asked, clip.state.text], ["yes", "IBAN <b>"]);
    clip.putAway();
    assert.equal(clip.state.text, "");
});

test("S-40: a no is a no, and an answer to something else is none", () => {
    const { clip, answer } = desk();
    clip.ask();
    answer(7, true);
    assert.equal(clip.state.asked, "waiting");
    answer(1, false);
    answer(1, true);
    assert.deepEqual([clip.state.asked, clip.state.text], ["no", ""]);
});

test("S-40: the customer may send a text unasked; it is shown, and taken by a click", () => {
    const { clip } = desk();
    clip.take(utf8("numéro de série"));
    assert.deepEqual([clip.state.asked, clip.state.text], ["none", "numéro de série"]);
});

test("S-40: a text is announced, then sent, and waits for the customer's yes", () => {
    const { did, clip, answer } = desk();
    clip.offer("ligne 1\r\nligne 2\x1b");
    clip.offer("une autre");
    assert.deepEqual(did.sealed, [
        { channel: Channel.CHAT, text: '{"t":"clip_offer","n":1}' },
        { channel: Channel.CLIPBOARD, text: "ligne 1\nligne 2" },
    ]);
    assert.equal(clip.state.offered, "waiting");
    answer(1, true);
    assert.equal(clip.state.offered, "yes");
    clip.offer("encore");
    answer(2, false);
    assert.equal(clip.state.offered, "no");
});

test("S-40: what cannot pass is not announced", () => {
    const { did, clip } = desk();
    for (const text of ["", "\x00", "x".repeat(CLIPBOARD_MAX + 1)]) {
        assert.throws(() => clip.offer(text), { name: "TextRefused" });
    }
    assert.deepEqual(did.sealed, []);
    assert.equal(clip.state.offered, "none");
});

test("S-40: bytes that are no text are a violation", () => {
    const { clip } = desk();
    assert.throws(() => clip.take(Uint8Array.of(0xff)), { name: "MalformedFrame" });
    assert.throws(() => clip.take(utf8("a\x1b[2J")), { name: "MalformedFrame" });
    const large = new Uint8Array(CLIPBOARD_MAX + 1);
    assert.throws(() => clip.take(large), { name: "FrameTooLarge" });
});

test("questions die with the link, and all of it with the session", () => {
    const { did, clip, answer } = desk();
    clip.ask();
    clip.offer("x");
    clip.settle(false);
    assert.deepEqual([clip.state.asked, clip.state.offered], ["none", "none"]);
    clip.ask();
    clip.offer("y");
    assert.equal(did.sealed.length, 3);
    clip.settle(true);
    answer(1, true);
    assert.equal(clip.state.asked, "none");
    clip.ask();
    assert.deepEqual(JSON.parse(did.sealed.at(-1)?.text ?? ""), { t: "clip_ask", n: 3 });
    clip.take(utf8("secret"));
    clip.stop();
    assert.deepEqual(clip.state, {
        asked: "none",
        offered: "none",
        text: "",
        mayAsk: false,
        mayOffer: false,
    });
});
