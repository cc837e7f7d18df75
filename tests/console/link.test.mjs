// The link says hello first, delivers in order, and comes back until it is told not to.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    BACKOFF_MS,
    Link,
    SILENCE_MS,
    WELCOME_MS,
    linkUrl,
} from "../../server/cordee_server/console/link.js";
import { ManualClock, until } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/link.js").Message} Message */

/** A WebSocket whose other end is the test. */
class Socket extends EventTarget {
    binaryType = "blob";
    bufferedAmount = 0;
    /** @type {(Message | Uint8Array)[]} */
    sent = [];
    isClosed = false;

    /** @param {string | Uint8Array} data */
    send(data) {
        this.sent.push(typeof data === "string" ? JSON.parse(data) : data);
    }

    close() {
        this.isClosed = true;
    }

    opens() {
        this.dispatchEvent(new Event("open"));
    }

    /** @param {unknown} data */
    says(data) {
        const text = data instanceof ArrayBuffer ? data : JSON.stringify(data);
        this.dispatchEvent(Object.assign(new Event("message"), { data: text }));
    }

    /** @param {number} code */
    loses(code = 1006) {
        this.dispatchEvent(Object.assign(new Event("close"), { code }));
    }
}

const WELCOME = { t: "welcome", v: 1, pk: "k", organisation: "Aide & Cie", phone: "01" };

function desk() {
    const clock = new ManualClock();
    /** @type {Socket[]} */
    const sockets = [];
    /** @type {unknown[]} */
    const heard = [];
    /** @type {((of: unknown) => Promise<void> | void) | null} */
    let slow = null;
    const link = new Link({
        url: "wss://aide.example/console/v1",
        hello: () => ({ lang: "fr", pk: "ours" }),
        listener: {
            up: (welcome) => void heard.push(["up", welcome["organisation"]]),
            message: async (message) => {
                await slow?.(message);
                heard.push(message["t"]);
            },
            record: (frame) => void heard.push([...frame]),
            down: (opened) => void heard.push(["down", opened]),
        },
        open: () => {
            const socket = new Socket();
            sockets.push(socket);
            return /** @type {WebSocket} */ (/** @type {unknown} */ (socket));
        },
        clock,
    });
    const last = () => {
        const socket = sockets.at(-1);
        assert.ok(socket);
        return socket;
    };
    return {
        clock,
        sockets,
        heard,
        link,
        last,
        slowly: (/** @type {(of: unknown) => Promise<void> | void} */ how) => {
            slow = how;
        },
        up: async () => {
            link.connect();
            last().opens();
            last().says(WELCOME);
            await until(() => link.isUp);
        },
    };
}

test("hello is the first thing said, and nothing else before the welcome", async () => {
    const { link, last, heard } = desk();
    link.connect();
    assert.equal(link.send({ t: "invite" }), false);
    last().opens();
    assert.equal(link.send({ t: "invite" }), false);
    assert.equal(link.sendRecord(new Uint8Array(3)), false);
    last().says(WELCOME);
    await until(() => link.isUp);
    assert.equal(link.send({ t: "invite", engagement: "e-1" }), true);
    assert.deepEqual(last().sent, [
        { t: "hello", v: 1, lang: "fr", pk: "ours" },
        { t: "invite", engagement: "e-1" },
    ]);
    assert.deepEqual(heard, [["up", "Aide & Cie"]]);
    assert.equal(last().binaryType, "arraybuffer");
});

test("the next delivery waits until the one before has been dealt with", async () => {
    const { heard, last, up, slowly } = desk();
    await up();
    /** @type {(() => void)[]} */
    const waiting = [];
    slowly(() => new Promise((resolve) => waiting.push(() => resolve())));
    last().says({ t: "h2" });
    last().says(Uint8Array.of(1, 2, 3).buffer);
    last().says({ t: "h4" });
    await until(() => waiting.length === 1);
    assert.deepEqual(heard.slice(1), []);
    waiting[0]?.();
    await until(() => waiting.length === 2);
    assert.deepEqual(heard.slice(1), ["h2", [1, 2, 3]]);
    waiting[1]?.();
    await until(() => heard.length === 4);
    assert.deepEqual(heard.slice(1), ["h2", [1, 2, 3], "h4"]);
});

test("a lost link is tried again, at once and then less and less often", async () => {
    const { clock, sockets, link, last, up, heard } = desk();
    await up();
    last().loses();
    assert.equal(link.isUp, false);
    assert.deepEqual(heard.at(-1), ["down", true]);
    for (const [times, wait] of [...BACKOFF_MS, 7000, 7000].entries()) {
        clock.advance(wait - 1);
        assert.equal(sockets.length, times + 1);
        clock.advance(1);
        assert.equal(sockets.length, times + 2);
        last().loses();
    }
});

test("a link that came back starts counting its tries anew", async () => {
    const { clock, sockets, last, up, link } = desk();
    await up();
    for (let n = 0; n < 4; n += 1) {
        last().loses();
        clock.advance(7000);
    }
    last().opens();
    last().says(WELCOME);
    await until(() => link.isUp);
    const before = sockets.length;
    last().loses();
    clock.advance(0);
    assert.equal(sockets.length, before + 1);
});

test("a relay that never welcomes is given up and tried again", () => {
    const { clock, link, sockets, last } = desk();
    link.connect();
    last().opens();
    clock.advance(WELCOME_MS);
    assert.equal(sockets[0]?.isClosed, true);
    assert.equal(sockets.length, 2);
});

test("what a lost connection had brought is not delivered afterwards", async () => {
    const { heard, last, up, slowly, clock } = desk();
    await up();
    /** @type {(() => void)[]} */
    const waiting = [];
    slowly(() => new Promise((resolve) => waiting.push(() => resolve())));
    last().says({ t: "entry" });
    last().says({ t: "bill" });
    await until(() => waiting.length === 1);
    last().loses();
    waiting[0]?.();
    clock.advance(0);
    last().opens();
    last().says(WELCOME);
    await until(() => heard.filter((one) => Array.isArray(one) && one[0] === "up").length === 2);
    assert.ok(!heard.includes("bill"));
});

test("an old connection's words and end change nothing once there is a new one", async () => {
    const { heard, sockets, last, up, clock, link } = desk();
    await up();
    const old = last();
    old.loses();
    clock.advance(0);
    last().opens();
    last().says(WELCOME);
    await until(() => link.isUp);
    const before = [...heard];
    old.says({ t: "entry" });
    old.loses();
    await until(() => true);
    assert.equal(link.isUp, true);
    assert.deepEqual(heard, before);
    assert.equal(sockets.length, 2);
});

test("while a session lives, silence is a lost link", async () => {
    const { clock, link, last, up, sockets } = desk();
    await up();
    clock.advance(SILENCE_MS * 2);
    assert.equal(link.isUp, true);
    link.watch(true);
    clock.advance(SILENCE_MS - 1);
    last().says({ t: "entry" });
    clock.advance(SILENCE_MS - 1);
    assert.equal(link.isUp, true);
    clock.advance(1);
    assert.equal(link.isUp, false);
    assert.equal(sockets[0]?.isClosed, true);
    clock.advance(0);
    assert.equal(sockets.length, 2);
});

test("silence means nothing any more once the session is over", async () => {
    const { clock, link, up } = desk();
    await up();
    link.watch(true);
    link.watch(false);
    clock.advance(SILENCE_MS * 10);
    assert.equal(link.isUp, true);
});

test("a link that is closed stays closed", async () => {
    const { clock, link, up, sockets, heard } = desk();
    await up();
    link.close();
    clock.advance(100_000);
    assert.equal(sockets.length, 1);
    assert.equal(sockets[0]?.isClosed, true);
    assert.deepEqual(heard.at(-1), ["down", true]);
    link.hurry();
    link.reconnect();
    clock.advance(100_000);
    assert.equal(sockets.length, 1);
});

test("when the network is back nobody waits for the next try", () => {
    const { clock, link, sockets, last } = desk();
    link.connect();
    for (let n = 0; n < 6; n += 1) {
        last().loses();
        clock.advance(7000);
    }
    last().loses();
    const before = sockets.length;
    link.hurry();
    assert.equal(sockets.length, before + 1);
    link.hurry(); // one try at a time
    assert.equal(sockets.length, before + 1);
});

for (const [what, said] of /** @type {[string, unknown][]} */ ([
    ["a message before the welcome", { t: "entry" }],
    ["a record before the welcome", new ArrayBuffer(20)],
])) {
    test(`${what} ends the connection`, async () => {
        const { link, last, sockets } = desk();
        link.connect();
        last().opens();
        last().says(said);
        await until(() => sockets[0]?.isClosed);
        assert.equal(link.isUp, false);
    });
}

test("a frame above the limit ends the connection", async () => {
    const { last, up, sockets } = desk();
    await up();
    last().says(new ArrayBuffer(288 * 1024 + 1));
    await until(() => sockets[0]?.isClosed);
});

test("text that is no JSON ends the connection, and the next try is not at once", async () => {
    const { last, up, sockets, clock } = desk();
    await up();
    last().dispatchEvent(Object.assign(new Event("message"), { data: "{" }));
    await until(() => sockets[0]?.isClosed);
    clock.advance(6999);
    assert.equal(sockets.length, 1);
    clock.advance(1);
    assert.equal(sockets.length, 2);
});

test("a refusal instead of a welcome is delivered", async () => {
    const { link, last, heard } = desk();
    link.connect();
    last().opens();
    last().says({ t: "refused", code: "busy", about: "hello" });
    await until(() => heard.includes("refused"));
    assert.equal(link.isUp, false);
});

test("the relay is where the page came from", () => {
    assert.equal(
        linkUrl({ protocol: "https:", host: "aide.example" }),
        "wss://aide.example/console/v1",
    );
    assert.equal(
        linkUrl({ protocol: "http:", host: "localhost:8443" }),
        "ws://localhost:8443/console/v1",
    );
});
