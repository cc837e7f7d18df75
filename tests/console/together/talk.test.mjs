// The chat channel at the console: words, and what is asked for on it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Talk } from "../../../server/cordee_server/console/together/talk.js";
import { SAID_KEPT, SAID_MAX, writeTalk } from "../../../server/cordee_server/console/wire/talk.js";
import { Did } from "./ground.mjs";

function desk() {
    const did = new Did();
    let now = 1_800_000_000_000;
    const talk = new Talk(did.ground, () => (now += 1000));
    const open = (/** @type {boolean} */ isOpen) => {
        did.isOpen = isOpen;
        talk.settle(isOpen);
        talk.clip.settle(isOpen);
    };
    open(true);
    const hear = (/** @type {object} */ said) => talk.take(writeTalk(said));
    return { did, talk, hear, open };
}

test("what is typed is said, and stands there with its time and fate", () => {
    const { did, talk, hear } = desk();
    assert.equal(talk.say("  Bonjour\r\nMadame "), true);
    assert.equal(talk.say(" \n"), false);
    assert.deepEqual(did.said(), [{ t: "say", id: 1, text: "Bonjour\nMadame" }]);
    const fates = () => talk.chat.state.lines.map(({ fate }) => fate);
    assert.deepEqual(fates(), ["said"]);
    hear({ t: "got", id: 1 });
    assert.deepEqual(fates(), ["arrived"]);
    hear({ t: "seen", id: 1 });
    assert.deepEqual(fates(), ["seen"]);
    assert.equal(talk.chat.state.lines[0]?.atMs, 1_800_000_001_000);
});

test("what comes is acknowledged, counted, and read once it was looked at", () => {
    const { did, talk, hear } = desk();
    hear({ t: "say", id: 1, text: "Oui ?" });
    hear({ t: "say", id: 1, text: "Oui ?" });
    hear({ t: "say", id: 2, text: "<b>Allô</b>" });
    assert.equal(talk.chat.state.unread, 2);
    talk.read();
    talk.read();
    assert.equal(talk.chat.state.unread, 0);
    assert.deepEqual(did.said(), [
        { t: "got", id: 1 },
        { t: "got", id: 1 },
        { t: "got", id: 2 },
        { t: "seen", id: 2 },
    ]);
    assert.deepEqual(
        talk.chat.state.lines.map(({ text }) => text),
        ["Oui ?", "<b>Allô</b>"],
    );
});

test("what was not acknowledged is said again once the line is open", () => {
    const { did, talk, hear, open } = desk();
    for (const text of ["un", "deux"]) talk.say(text);
    hear({ t: "got", id: 1 });
    hear({ t: "say", id: 1, text: "ici" });
    talk.read();
    open(false);
    talk.say("trois");
    did.said();
    open(true);
    open(true);
    assert.deepEqual(did.said(), [
        { t: "say", id: 2, text: "deux" },
        { t: "say", id: 3, text: "trois" },
        { t: "got", id: 1 },
        { t: "seen", id: 1 },
    ]);
});

test("numbers that cannot be are a violation", () => {
    const { hear } = desk();
    for (const said of [
        { t: "say", id: 2, text: "la première manque" },
        { t: "got", id: 1 },
        { t: "seen", id: 1 },
        { t: "clip_ask", n: 1 },
    ]) {
        assert.throws(() => hear(said), { name: "MalformedFrame" });
    }
});

test("a flood fills no memory, and a book is cut to a page", () => {
    const { did, talk, hear } = desk();
    for (let id = 1; id <= SAID_KEPT + 20; id += 1) hear({ t: "say", id, text: String(id) });
    assert.equal(talk.chat.state.lines.length, SAID_KEPT);
    did.said();
    talk.say("é".repeat(SAID_MAX + 1));
    assert.equal(did.said()[0].text.length, SAID_MAX);
});

test("the machine is asked for once, shown as it came, and put away with the session", () => {
    const { did, talk, hear } = desk();
    talk.askMachine();
    talk.askMachine();
    assert.deepEqual(did.said(), [{ t: "machine_ask", n: 1 }]);
    assert.equal(talk.glance.state.asked, "waiting");
    hear({ t: "machine", n: 9, lines: ["une autre"] });
    hear({ t: "machine", n: 1, lines: ["Système : Debian", "Mémoire : 8 Go"] });
    assert.deepEqual(talk.glance.state.lines, ["Système : Debian", "Mémoire : 8 Go"]);
    assert.equal(talk.glance.state.asked, "yes");
    talk.askMachine();
    hear({ t: "machine", n: 2, lines: [] });
    assert.equal(talk.glance.state.asked, "no");
    assert.equal(talk.glance.state.lines.length, 2);
    talk.stop();
    assert.deepEqual(talk.glance.state, { asked: "none", lines: [], mayAsk: false });
});

test("a picture that is kept is said first", async () => {
    const { did, talk } = desk();
    await talk.announcePicture();
    assert.deepEqual(did.acts, [{ kind: "screenshot_taken", data: {} }]);
});

test("the end forgets every word, and what was asked", () => {
    const { did, talk, hear } = desk();
    talk.say("secret");
    hear({ t: "say", id: 1, text: "secret" });
    talk.stop();
    assert.deepEqual(talk.chat.state, { lines: [], unread: 0 });
    did.said();
    talk.settle(true);
    assert.deepEqual(did.said(), []);
});
