// The page from sign in to the end, without a line of markup: what the views would draw.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../server/cordee_server/console/api.js";
import { Page } from "../../server/cordee_server/console/page.js";
import { RelayKey } from "../../server/cordee_server/console/relay.js";
import { until } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/assist.js").Assist} Assist */
/** @typedef {import("../../server/cordee_server/console/link.js").Link} Link */
/** @typedef {import("../../server/cordee_server/console/link.js").Listener} Listener */
/** @typedef {import("../../server/cordee_server/console/stage.js").Stage} Stage */

const CLAIRE = { name: "claire", display_name: "Claire Martin", organisation: "Aide & Cie" };
const AGREED = { id: "e-1", customer: "Mme Durand", purpose: "imprimante", tariff: "standard" };
const WELCOME = { t: "welcome", v: 1, pk: "one", organisation: "Aide & Cie" };

/** A session that does what the test says, and remembers what it was told. */
class Session {
    /** @type {string[]} */
    did = [];
    state = { phase: "asking", isPaired: false, direction: "b", end: null };

    /** @param {{ changed: () => void, stage: (wiring: any) => unknown }} meant */
    constructor(meant) {
        this.meant = meant;
        const note = (/** @type {string} */ what) => () => void this.did.push(what);
        for (const name of ["invite", "askControl", "releaseControl", "end", "leave"]) {
            Object.assign(this, { [name]: note(name) });
        }
        Object.assign(this, { linkUp: note("up"), linkDown: note("down") });
    }

    /** @param {{ nameplate: string }} code */
    claim({ nameplate }) {
        this.did.push(`claim ${nameplate}`);
    }

    /** @param {{ t: string }} message */
    async receive({ t }) {
        this.did.push(t);
    }

    /** @param {string} about */
    refused(about) {
        this.did.push(`refused ${about}`);
    }

    async receiveRecord() {
        this.did.push("record");
    }

    /** @param {object} change */
    becomes(change) {
        Object.assign(this.state, change);
        this.meant.changed();
    }
}

/** @param {{ me?: unknown, answers?: Record<string, [number, unknown]>, ring?: () => void }} [options] */
function desk({ me = CLAIRE, answers = {}, ring = () => {} } = {}) {
    /** @type {Record<string, [number, unknown]>} */
    const said = {
        "GET /api/me": [200, { technician: me }],
        "POST /api/login": [200, CLAIRE],
        "POST /api/logout": [200, {}],
        "GET /api/tariffs": [200, { tariffs: [{ id: "standard" }] }],
        "GET /api/engagements": [200, { engagements: [] }],
        "POST /api/engagements": [201, AGREED],
        ...answers,
    };
    /** @type {string[]} */
    const asked = [];
    const api = new Api(async (path, init) => {
        const request = `${init?.method} ${path}`;
        asked.push(request);
        const [status, body] = said[request] ?? [404, { code: "not_found" }];
        return new Response(JSON.stringify(body), { status });
    });
    /** @type {Map<string, string>} */
    const kept = new Map();
    const storage = {
        getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
        setItem: (/** @type {string} */ name, /** @type {string} */ value) => {
            kept.set(name, value);
        },
    };
    /** @type {Listener | null} */
    let listener = null;
    const link = {
        isUp: false,
        isWatched: false,
        /** @type {string[]} */
        did: [],
        connect: () => void link.did.push("connect"),
        close: () => void link.did.push("close"),
        hurry: () => void link.did.push("hurry"),
        watch: (/** @type {boolean} */ on) => {
            link.isWatched = on;
        },
    };
    /** @type {Session[]} */
    const sessions = [];
    const page = new Page(
        {
            api,
            relayKey: new RelayKey(storage),
            storage,
            clock: { now: () => 0, wall: () => 0 },
            changed: () => {},
            calls: { isSeen: () => true, ring, notices: null },
            screen: { toggle: () => {}, isFull: false, isLocked: false },
            makeLink: (told) => {
                listener = told;
                return /** @type {Link} */ (/** @type {unknown} */ (link));
            },
            makeAssist: (meant) => {
                const session = new Session(meant);
                sessions.push(session);
                return /** @type {Assist} */ (/** @type {unknown} */ (session));
            },
            makeStage: () => {
                throw new Error("nothing is shown here");
            },
        },
        "fr",
    );
    const relay = () => {
        assert.ok(listener);
        return listener;
    };
    const up = async (/** @type {object} */ changed = {}) => {
        link.isUp = true;
        await relay().up({ ...WELCOME, ...changed });
    };
    const last = () => {
        const session = sessions.at(-1);
        assert.ok(session);
        return session;
    };
    return { page, said, asked, kept, link, relay, up, sessions, last };
}

/** @param {ReturnType<typeof desk>} at */
async function meeting(at) {
    await at.page.start();
    await at.up();
    await at.page.engage(AGREED);
}

test("whoever is not signed in is asked to, without a reproach", async () => {
    const at = desk({ me: null });
    await at.page.start();
    assert.equal(at.page.state.view, "login");
    assert.equal(at.page.state.refusal, null);
    assert.deepEqual(at.link.did, []);
});

test("signing in leads to today, with tariffs and engagements, and opens the link", async () => {
    const at = desk({ me: null });
    await at.page.start();
    at.said["GET /api/me"] = [200, { technician: CLAIRE }];
    await at.page.signIn("claire", "secret", "123456");
    const { view, me, tariffs, isReady, busy } = at.page.state;
    assert.deepEqual([view, me, tariffs.length, isReady, busy], ["today", CLAIRE, 1, true, null]);
    assert.deepEqual(at.link.did, ["connect"]);
});

test("a refused sign in stays, says why, and can be tried again", async () => {
    const at = desk({ me: null, answers: { "POST /api/login": [401, { code: "login_failed" }] } });
    await at.page.start();
    await at.page.signIn("claire", "wrong", "000000");
    const { view, refusal, busy } = at.page.state;
    assert.deepEqual([view, refusal?.about, refusal?.code], ["login", "login", "login_failed"]);
    assert.equal(busy, null);
});

test("three fields make an engagement, and lead to meeting the customer", async () => {
    const at = desk();
    await meeting(at);
    const { view, engagement, engagements, mayMeet } = at.page.state;
    assert.deepEqual([view, engagement?.id, engagements.length], ["meet", "e-1", 1]);
    assert.equal(mayMeet, true);
});

test("an engagement that is refused says why, where it was entered", async () => {
    const at = desk({ answers: { "POST /api/engagements": [422, { code: "bad_input" }] } });
    await at.page.start();
    await at.page.engage(AGREED);
    assert.equal(at.page.state.view, "today");
    assert.deepEqual(at.page.state.refusal, { about: "engage", code: "bad_input", waitS: 0 });
});

test("a mistyped code is found here: nothing is asked of anybody", async () => {
    const at = desk();
    await meeting(at);
    for (const [typed = "", code = ""] of [
        ["123 456 789", "code_mistyped"],
        ["12 34", "code_length"],
        ["", "code_length"],
        ["abc", "code_length"],
    ]) {
        assert.equal(at.page.claim(typed), false);
        assert.equal(at.page.state.refusal?.code, code, typed);
    }
    assert.deepEqual(at.sessions, []);
});

test("a right code is claimed by its nameplate", async () => {
    const at = desk();
    await meeting(at);
    assert.equal(at.page.claim("482-913.07 7"), true);
    assert.deepEqual(at.last().did, ["claim 482"]);
    assert.equal(at.page.state.busy, "claim");
});

test("nobody is met without a link, or by a relay that is not the one we know", async () => {
    const at = desk();
    await at.page.start();
    await at.page.engage(AGREED);
    at.page.invite();
    assert.deepEqual(at.sessions, []);
    assert.equal(at.page.state.busy, null);
    await at.up();
    await at.up({ pk: "two" });
    assert.equal(at.page.state.mayMeet, false);
    assert.notEqual(at.page.state.relay.changed, null);
    at.page.invite();
    assert.deepEqual(at.sessions, []);
    at.page.acceptRelay();
    assert.equal(at.page.state.mayMeet, true);
    at.page.invite();
    assert.deepEqual(at.last().did, ["invite"]);
});

test("a code or a claim that the relay refuses leads back, with the reason", async () => {
    for (const about of /** @type {const} */ (["invite", "claim"])) {
        const at = desk();
        await meeting(at);
        if (about === "invite") at.page.invite();
        else at.page.claim("482913077");
        await at.relay().message({ t: "refused", about, code: "too_many_guesses" });
        const { view, refusal, busy, session } = at.page.state;
        assert.deepEqual([view, refusal?.about, refusal?.code], ["meet", about, "too_many_guesses"]);
        assert.deepEqual([busy, session], [null, null]);
    }
});

test("a session that ends before anybody met leads back, with the reason", async () => {
    const at = desk();
    await meeting(at);
    at.page.invite();
    at.last().becomes({ phase: "inviting" });
    assert.equal(at.page.state.busy, null);
    at.last().becomes({ phase: "ended", end: { reason: "code_expired" } });
    assert.deepEqual(at.page.state.refusal, { about: "invite", code: "code_expired", waitS: 0 });
    assert.equal(at.page.state.view, "meet");
    assert.equal(at.page.state.session, null);
});

test("a session is shown live, then ended; today is one step away", async () => {
    const at = desk();
    await meeting(at);
    at.page.invite();
    at.last().becomes({ phase: "live", isPaired: true });
    assert.equal(at.page.state.view, "assist");
    assert.equal(at.link.isWatched, true);
    assert.equal(at.page.isLive, true);
    at.page.askEnd();
    assert.equal(at.page.state.isEnding, true);
    at.page.keepGoing();
    assert.equal(at.page.state.isEnding, false);
    at.page.askEnd();
    at.page.end();
    assert.deepEqual(at.last().did.at(-1), "end");
    at.last().becomes({ phase: "ended", end: { reason: "technician_ended" } });
    assert.equal(at.page.state.view, "ended");
    assert.equal(at.page.isLive, false);
    assert.equal(at.link.isWatched, false);
    at.page.leave();
    assert.equal(at.page.state.view, "today");
    await until(() => at.asked.filter((one) => one === "GET /api/engagements").length === 2);
});

test("an engagement can be taken up again at once", async () => {
    const at = desk();
    await meeting(at);
    at.page.invite();
    at.last().becomes({ phase: "ended", isPaired: true, end: { reason: "link_expired" } });
    at.page.again();
    assert.deepEqual([at.page.state.view, at.page.state.engagement?.id], ["meet", "e-1"]);
    at.page.invite();
    assert.equal(at.sessions.length, 2);
});

test("turning away, and signing out, take a waiting code back", async () => {
    const at = desk();
    await meeting(at);
    at.page.invite();
    at.page.cancelCode();
    assert.ok(at.last().did.includes("leave"));
    assert.equal(at.page.state.view, "meet");
    at.page.invite();
    await at.page.signOut();
    assert.ok(at.last().did.includes("leave"));
    const { view, me, engagement, engagements } = at.page.state;
    assert.deepEqual([view, me, engagement, engagements], ["login", null, null, []]);
    assert.ok(at.asked.includes("POST /api/logout"));
    assert.ok(at.link.did.includes("close"));
});

test("messages, records and the link's fate reach the session", async () => {
    const at = desk();
    await meeting(at);
    at.page.invite();
    await at.relay().message({ t: "code" });
    await at.relay().record(new Uint8Array(3));
    at.link.isUp = false;
    at.relay().down(true);
    await at.up();
    await at.relay().message({ t: "refused", about: "resume", code: "session_over" });
    assert.deepEqual(at.last().did, ["invite", "code", "record", "down", "up", "refused resume"]);
});

test("a relay that does not welcome us may have signed us out: then we say so", async () => {
    const at = desk();
    await meeting(at);
    at.said["GET /api/me"] = [200, { technician: null }];
    at.relay().down(false);
    await until(() => at.page.state.view === "login");
    assert.equal(at.page.state.refusal?.code, "signed_out");

    const unlucky = desk();
    await meeting(unlucky);
    unlucky.relay().down(false);
    await until(() => unlucky.asked.filter((one) => one === "GET /api/me").length === 2);
    assert.equal(unlucky.page.state.view, "meet");
});

test("a sign-in that ran out is noticed at the next request", async () => {
    const at = desk();
    await at.page.start();
    at.said["POST /api/engagements"] = [401, { code: "not_signed_in" }];
    await at.page.engage(AGREED);
    const { view, refusal } = at.page.state;
    assert.deepEqual([view, refusal?.code], ["login", "signed_out"]);
});

test("the language changes at once and is remembered", () => {
    const at = desk();
    assert.equal(at.page.state.words.sign_out, "Se déconnecter");
    at.page.speak("en");
    assert.equal(at.page.state.words.sign_out, "Sign out");
    assert.equal(at.kept.get("cordee.language"), "en");
});

test("the technician who invited is called when the customer came, once", async () => {
    let rings = 0;
    const at = desk({ ring: () => void (rings += 1) });
    await at.page.start();
    await at.up();
    await at.page.engage(AGREED);
    at.page.invite();
    at.last().becomes({ phase: "inviting" });
    assert.equal(rings, 0);
    at.last().becomes({ phase: "consenting", isPaired: true });
    at.last().becomes({ phase: "consenting", isPaired: true });
    assert.deepEqual([rings, at.page.calling], [1, ""]);
});
