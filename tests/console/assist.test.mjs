// One session at the console, against a relay and an agent with real keys: what it lets
// the technician do follows the journal, and goes down before it.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Assist } from "../../server/cordee_server/console/assist.js";
import { utf8 } from "../../server/cordee_server/console/pairing/bytes.js";
import { Channel } from "../../server/cordee_server/console/wire/frames.js";
import { CODE, CONSENT_S, ENGAGEMENT, House, ORIGIN, SESSION, signingKey } from "./house.mjs";
import { ManualClock, until } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/stage.js").Wiring} Wiring */
/** @typedef {import("../../server/cordee_server/console/api.js").Engagement} Engagement */

/** What the session does with its stage, in words. */
class Stage {
    /** @type {string[]} */
    did = [];
    isListening = false;
    /** @type {Error | null} */
    fault = null;

    /** @param {Wiring} wiring */
    constructor(wiring) {
        this.wiring = wiring;
    }

    /** @param {Uint8Array} payload */
    receive(payload) {
        if (this.fault !== null) throw this.fault;
        this.did.push(`picture ${payload.length}`);
        this.wiring.begun([]);
    }

    clear() {
        this.did.push("clear");
    }

    pauseStream() {
        this.did.push("cut");
    }

    listen() {
        this.isListening = true;
    }

    deafen() {
        this.isListening = false;
    }
}

/** @type {Engagement} */
const AGREED = {
    id: ENGAGEMENT,
    customer: "Mme Durand",
    purpose: "imprimante",
    tariff: "standard",
    price_cents: 2500,
    currency: "EUR",
    unit_s: 1800,
    minimum_units: 1,
    confirmed_ms: 0,
};

/** @type {Assist[]} */
const open = [];
afterEach(() => {
    for (const assist of open.splice(0)) assist.leave();
});

async function desk() {
    const house = await House.open();
    const key = await signingKey();
    const clock = new ManualClock();
    /** @type {Stage[]} */
    const stages = [];
    const welcome = await house.welcome(key.publicKey);
    const assist = new Assist({
        link: house.wire,
        welcome,
        engagement: AGREED,
        key,
        origin: ORIGIN,
        stage: (wiring) => {
            const stage = new Stage(wiring);
            stages.push(stage);
            return stage;
        },
        changed: () => {},
        clock,
    });
    house.console = assist;
    open.push(assist);
    const messages = (/** @type {string} */ t) => house.told.filter((one) => one.t === t);
    const stage = () => {
        const made = stages.at(-1);
        assert.ok(made, "there is a stage");
        return made;
    };
    return { house, assist, clock, stage, messages, welcome };
}

/** @typedef {Awaited<ReturnType<typeof desk>>} Desk */

/** @param {Desk} at */
async function paired(at) {
    at.assist.claim(CODE);
    await at.house.meets("a");
    await until(() => at.assist.state.phase === "consenting");
    await until(() => at.house.opened.length === 1);
}

/** @param {Desk} at */
async function viewing(at) {
    await paired(at);
    await at.house.does("view_granted", { scope: "view" });
    await until(() => at.assist.state.mode === "viewing");
}

/** @param {Desk} at */
async function controlling(at) {
    await viewing(at);
    at.assist.askControl();
    await until(() => at.house.entries.some((entry) => entry.includes('"control_requested"')));
    await at.house.does("control_granted", { scope: "control" });
    await until(() => at.assist.state.mode === "controlling");
}

/** @param {Desk} at */
function actsTold(at) {
    return at.messages("act").map((one) => JSON.parse(one["act"]));
}

/**
 * Wait until the relay has been told of an act.
 *
 * @param {Desk} at
 * @param {string} kind
 */
async function told(at, kind) {
    await until(() => actsTold(at).some((act) => act.kind === kind), kind);
}

/**
 * Wait until the agent has answered for its line: whatever was sealed before is there.
 *
 * @param {Desk} at
 */
async function answered(at) {
    const pongs = () => at.house.opened.filter(({ text }) => text === '{"t":"pong"}').length;
    const before = pongs();
    await at.house.seal(Channel.CONTROL, utf8('{"t":"ping"}'));
    await until(() => pongs() > before, "a pong");
}

test("a code that the customer reads out pairs, and only its nameplate leaves the page", async () => {
    const at = await desk();
    await paired(at);
    assert.deepEqual(at.messages("claim"), [
        { t: "claim", np: CODE.nameplate, engagement: ENGAGEMENT },
    ]);
    assert.ok(!JSON.stringify(at.house.told).includes(CODE.secret));
    const { state } = at.assist;
    assert.equal(state.isPaired, true);
    assert.equal(state.mode, "waiting");
    assert.equal(state.asking, "view");
    assert.equal(state.questionUntil, CONSENT_S * 1000);
    assert.equal(state.spoken, null);
});

test("an invitation's secret is drawn here, shown, and forgotten once the keys stand", async () => {
    const at = await desk();
    at.assist.invite();
    await until(() => at.assist.state.phase === "inviting");
    const { spoken } = at.assist.state;
    assert.match(spoken ?? "", /^482 \d{3} \d{3}$/);
    assert.equal(at.assist.state.codeUntil, 900_000);
    const digits = (spoken ?? "").replaceAll(" ", "");
    at.house.secret = digits.slice(3, 8);
    await at.house.meets("b");
    await until(() => at.assist.state.phase === "consenting");
    assert.equal(at.assist.state.spoken, null);
    assert.ok(!JSON.stringify(at.house.told).includes(at.house.secret));
});

test("every act is mirrored to the agent before the relay is told of it", async () => {
    const at = await desk();
    await paired(at);
    const [bind] = actsTold(at);
    assert.equal(bind.kind, "bind");
    assert.equal(bind.seq, 0);
    assert.deepEqual(
        at.house.opened.map(({ channel, text }) => [channel, JSON.parse(JSON.parse(text).act).kind]),
        [[Channel.CONTROL, "bind"]],
    );
});

test("pictures are shown from the first yes on, and not a moment before", async () => {
    const at = await desk();
    await paired(at);
    await at.house.seal(Channel.SCREEN, new Uint8Array(10));
    assert.deepEqual(at.stage().did, []);
    await at.house.does("view_granted", { scope: "view" });
    await at.house.seal(Channel.SCREEN, new Uint8Array(20));
    assert.deepEqual(at.stage().did, ["picture 20"]);
    assert.equal(at.assist.state.hasPicture, true);
    assert.equal(at.assist.state.phase, "live");
});

test("a grant that is only mirrored gives nothing: the journal has to say it", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.askControl();
    await told(at, "control_requested");
    const yes = await at.house.act("control_granted", { scope: "control" });
    await at.house.mirror(yes);
    assert.equal(at.assist.state.mode, "viewing");
    assert.equal(at.stage().isListening, false);
    await at.house.tell(await at.house.entry(yes));
    assert.equal(at.assist.state.mode, "controlling");
    assert.equal(at.stage().isListening, true);
});

test("a reclaim that is only mirrored takes the hands away at once", async () => {
    const at = await desk();
    await controlling(at);
    const reclaimed = await at.house.act("reclaimed", { cause: "pointer" });
    await at.house.mirror(reclaimed);
    assert.equal(at.assist.state.mode, "reclaimed");
    assert.equal(at.stage().isListening, false);
    await at.house.tell(await at.house.entry(reclaimed));
    assert.equal(at.assist.state.mode, "reclaimed");
});

test("after a reclaim only a fresh yes gives the hands back", async () => {
    const at = await desk();
    await controlling(at);
    await at.house.does("reclaimed", { cause: "pointer" });
    at.clock.advance(3_600_000);
    assert.equal(at.assist.state.mode, "reclaimed");
    assert.equal(at.assist.state.mayAsk, true);
    at.assist.askControl();
    await told(at, "control_requested");
    assert.equal(at.assist.state.mode, "reclaimed");
    await at.house.does("control_granted", { scope: "control" });
    assert.equal(at.assist.state.mode, "controlling");
});

test("input is sealed for the agent, and none leaves without control", async () => {
    const at = await desk();
    await controlling(at);
    const { wiring } = at.stage();
    wiring.sendInput([{ t: "t", s: "bonjour" }]);
    await answered(at);
    await at.house.does("reclaimed", { cause: "pointer" });
    wiring.sendInput([{ t: "t", s: "encore" }]);
    await answered(at);
    const typed = at.house.opened.filter(({ channel }) => channel === Channel.INPUT);
    assert.deepEqual(typed.map(({ text }) => text), ['[{"t":"t","s":"bonjour"}]']);
    assert.ok(!JSON.stringify(at.house.told).includes("bonjour"));
});

test("acknowledgements of pictures travel on the control channel", async () => {
    const at = await desk();
    await viewing(at);
    at.stage().wiring.sendAck(Uint8Array.of(0x10, 0, 1));
    await answered(at);
    const acks = at.house.opened.filter(({ text }) => text === "\u0010\u0000\u0001");
    assert.deepEqual(acks.map(({ channel }) => channel), [Channel.CONTROL]);
});

test("a sign of life is given when it is asked for", async () => {
    const at = await desk();
    await viewing(at);
    await answered(at);
    assert.equal(at.house.opened.at(-1)?.text, '{"t":"pong"}');
});

test("a refused request says how it was refused, and may be made again", async () => {
    for (const why of ["no", "timeout"]) {
        const at = await desk();
        await viewing(at);
        at.assist.askControl();
        assert.equal(at.assist.state.asking, "control");
        assert.equal(at.assist.state.mayAsk, false);
        await told(at, "control_requested");
        await at.house.does("consent_refused", { scope: "control", why });
        const { state } = at.assist;
        assert.equal(state.controlRefused, why);
        assert.equal(state.asking, null);
        assert.equal(state.mayAsk, true);
    }
});

test("R06: an extra is proposed with its price, and its answer is shown", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.proposeExtra("Antivirus, un an", 3990);
    await told(at, "extra_proposed");
    await until(() => at.assist.state.extras.length === 1, "its entry");
    const [extra] = at.assist.state.extras;
    assert.equal(extra?.answer, "waiting");
    assert.deepEqual([extra?.label, extra?.cents], ["Antivirus, un an", 3990]);
    await at.house.does("extra_accepted", { extra: extra?.id ?? "" });
    assert.equal(at.assist.state.extras[0]?.answer, "accepted");
});

test("control is asked for once, however often the button is pressed", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.askControl();
    at.assist.askControl();
    await told(at, "control_requested");
    await answered(at);
    assert.equal(actsTold(at).filter(({ kind }) => kind === "control_requested").length, 1);
});

test("control that is given back stops the hands before the journal says so", async () => {
    const at = await desk();
    await controlling(at);
    at.house.journals = false;
    at.assist.releaseControl();
    assert.equal(at.stage().isListening, false);
    await told(at, "control_released");
    assert.equal(at.assist.state.mode, "controlling");
});

test("a hidden screen is cleared here at once, and shown again only when it is continued", async () => {
    const at = await desk();
    await viewing(at);
    await at.house.seal(Channel.SCREEN, new Uint8Array(20));
    const paused = await at.house.act("paused");
    await at.house.mirror(paused);
    assert.equal(at.assist.state.mode, "paused");
    assert.deepEqual(at.stage().did, ["picture 20", "clear"]);
    assert.equal(at.assist.state.hasPicture, false);
    await at.house.seal(Channel.SCREEN, new Uint8Array(21));
    await at.house.tell(await at.house.entry(paused));
    await at.house.does("continued");
    await at.house.seal(Channel.SCREEN, new Uint8Array(22));
    assert.deepEqual(at.stage().did, ["picture 20", "clear", "picture 22"]);
});

test("R35: a technician who breaks off says why, in the journal", async () => {
    const at = await desk();
    await controlling(at);
    at.assist.end("missing_licence");
    assert.equal(at.assist.state.phase, "ended");
    await told(at, "ended");
    assert.deepEqual(actsTold(at).at(-1).data, {
        reason: "technician_ended",
        interruption: "missing_licence",
    });
});

test("the technician's end is told with a reason, and the account is shown when it comes", async () => {
    const at = await desk();
    await controlling(at);
    at.house.waits(60);
    at.assist.end();
    assert.equal(at.assist.state.phase, "ended");
    assert.equal(at.stage().isListening, false);
    await told(at, "ended");
    assert.deepEqual(actsTold(at).at(-1).data, { reason: "technician_ended" });
    await until(() => at.house.opened.at(-1)?.channel === Channel.CLOSE, "the last word");
    assert.equal(at.assist.state.billIsPending, true);
    const account = { seconds: 60, units: 1, amount_cents: 2500, currency: "EUR" };
    await at.house.say({ t: "bill", ...account, record: "r-1" });
    const { end: ended, bill, billIsPending } = at.assist.state;
    assert.equal(ended?.reason, "technician_ended");
    assert.equal(bill?.amountCents, 2500);
    assert.equal(billIsPending, false);
});

test("the customer's end is shown with its reason, how long it lasted and how much was help", async () => {
    const at = await desk();
    await controlling(at);
    at.house.waits(90);
    await at.house.does("reclaimed", { cause: "pointer" });
    at.house.waits(30);
    await at.house.does("ended", { reason: "customer_ended" });
    const { end, mode } = at.assist.state;
    assert.equal(mode, "ended");
    assert.equal(end?.reason, "customer_ended");
    assert.equal(end?.by, "customer");
    assert.equal(end?.seen, true);
    assert.equal(Math.round(end?.helped ?? 0), 90);
    assert.equal(Math.round(end?.seconds ?? 0), 120);
});

test("an account that does not come is not waited for for ever", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.end();
    at.clock.advance(10_000);
    assert.equal(at.assist.state.billIsPending, false);
    assert.equal(at.assist.state.bill, null);
});

for (const reason of ["consent_denied", "consent_expired"]) {
    test(`a customer's ${reason} ends the session with nothing seen`, async () => {
        const at = await desk();
        await paired(at);
        await at.house.does("consent_refused", { scope: "view", why: "no" });
        await at.house.does("ended", { reason });
        const { end } = at.assist.state;
        assert.equal(end?.reason, reason);
        assert.equal(end?.seen, false);
    });
}

test("a customer's lost link takes control away, and its return does not give it back", async () => {
    const at = await desk();
    await controlling(at);
    await at.house.notes("link_lost", { side: "customer" });
    assert.equal(at.assist.state.mode, "interrupted");
    assert.equal(at.assist.state.peerIsLost, true);
    assert.equal(at.stage().isListening, false);
    await at.house.resumes();
    await until(() => at.assist.state.mode === "viewing");
    assert.equal(at.assist.state.peerIsLost, false);
    await at.house.seal(Channel.SCREEN, new Uint8Array(20));
    assert.ok(at.stage().did.includes("picture 20"));
});

test("a console that lost its link asks for the session back, and catches up", async () => {
    const at = await desk();
    await controlling(at);
    at.house.isUp = false;
    at.assist.linkDown();
    assert.equal(at.assist.state.mode, "interrupted");
    assert.equal(at.assist.state.linkIsUp, false);
    assert.equal(at.stage().isListening, false);
    const missed = [await at.house.fact("link_lost", { side: "technician" })];
    at.house.isUp = true;
    at.assist.linkUp();
    await until(() => at.messages("resume").length === 1);
    const [resume] = at.messages("resume");
    assert.equal(resume?.["session"], SESSION);
    assert.equal(resume?.["token"], "token-1");
    assert.equal(resume?.["seen"], at.house.entries.length - 2);
    await at.house.resumes("token-2");
    for (const entry of missed) await at.house.tell(entry);
    await until(() => at.assist.state.mode === "viewing");
    assert.equal(at.assist.state.linkIsUp, true);

    at.house.isUp = false;
    at.assist.linkDown();
    at.house.isUp = true;
    at.assist.linkUp();
    await until(() => at.messages("resume").length === 2);
    assert.equal(at.messages("resume").at(-1)?.["token"], "token-2");
});

test("an act whose entry never came back is told again after a lost link", async () => {
    const at = await desk();
    await viewing(at);
    at.house.isUp = false;
    at.assist.askControl();
    at.assist.linkDown();
    assert.equal(actsTold(at).length, 1);
    const lost = await at.house.fact("link_lost", { side: "technician" });
    at.house.isUp = true;
    at.assist.linkUp();
    await at.house.resumes();
    await at.house.tell(lost);
    await until(() => at.house.entries.some((entry) => entry.includes('"control_requested"')));
    assert.equal(actsTold(at).at(-1).kind, "control_requested");
    await until(() => at.assist.state.asking === "control");
});

test("an end while the link is lost is shown at once and told when it is back", async () => {
    const at = await desk();
    await viewing(at);
    at.house.isUp = false;
    at.assist.linkDown();
    at.assist.end();
    assert.equal(at.assist.state.phase, "ended");
    const lost = await at.house.fact("link_lost", { side: "technician" });
    at.house.isUp = true;
    at.assist.linkUp();
    await at.house.resumes();
    await at.house.tell(lost);
    await until(() => at.house.state === "ended");
    assert.equal(actsTold(at).at(-1).kind, "ended");
});

test("a link that does not come back in time ends the session here", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.linkDown();
    at.clock.advance(119_000);
    assert.equal(at.assist.state.phase, "live");
    at.clock.advance(1_000);
    assert.equal(at.assist.state.end?.reason, "link_expired");
});

test("a session that the relay does not give back is over", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.linkDown();
    at.assist.linkUp();
    at.assist.refused("resume");
    assert.equal(at.assist.state.end?.reason, "link_expired");
});

test("a journal that cannot be written ends the session", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.refused("session");
    assert.equal(at.assist.state.end?.reason, "journal_unavailable");
});

/** @type {[string, (at: Desk) => Promise<unknown>][]} */
const ATTACKS = [
    [
        "an entry that the relay did not sign",
        async ({ house }) => {
            const entry = JSON.parse(await house.fact("checkpoint", { customer_us: 1 }));
            return house.tell(JSON.stringify({ ...entry, data: { customer_us: 2 } }));
        },
    ],
    [
        "an entry left out",
        async ({ house }) => {
            await house.fact("checkpoint");
            return house.notes("checkpoint");
        },
    ],
    [
        "an entry told twice",
        async ({ house }) => {
            const entry = await house.fact("checkpoint");
            await house.tell(entry);
            return house.tell(entry);
        },
    ],
    [
        "a grant under the name of somebody else's key",
        async ({ house }) => {
            const act = await house.act("control_granted", { scope: "control" });
            const sig = act.sig.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
            return house.tell(await house.entry({ ...act, sig }));
        },
    ],
    [
        "an act of ours that we never wrote",
        async (at) => {
            at.house.journals = false;
            at.assist.askControl();
            await told(at, "control_requested");
            const [, asked] = at.messages("act");
            const act = JSON.parse(asked?.["act"]);
            const text = asked?.["act"].replace('"seq":1', '"seq":2');
            const forged = { ...act, text, sig: asked?.["sig"], data: {} };
            return at.house.tell(await at.house.entry(forged));
        },
    ],
    [
        "a record that is not the agent's next",
        async (at) => at.assist.receiveRecord(new Uint8Array([1, 0, 1, ...new Uint8Array(40)])),
    ],
    [
        "something on a channel that was not granted",
        async ({ house }) => house.seal(Channel.FILE, new Uint8Array(4)),
    ],
    [
        "words on the control channel that nobody can say",
        async ({ house }) => house.seal(Channel.CONTROL, utf8('{"t":"obey"}')),
    ],
    [
        "a mirrored act that is not the customer's next",
        async ({ house }) => {
            await house.act("tick");
            return house.mirror(await house.act("tick"));
        },
    ],
];

for (const [what, attack] of ATTACKS) {
    test(`${what} ends the session as a violation, and says so`, async () => {
        const at = await desk();
        await viewing(at);
        await attack(at);
        await until(() => at.assist.state.end !== null, what);
        assert.equal(at.assist.state.end?.reason, "violation");
        assert.equal(at.stage().isListening, false);
        await told(at, "ended");
        assert.deepEqual(actsTold(at).at(-1).data, { reason: "violation" });
    });
}

test("keys of another pairing, said in the agent's name, end the session", async () => {
    const at = await desk();
    at.assist.claim(CODE);
    const does = at.house.does.bind(at.house);
    at.house.does = (kind, data) =>
        does(kind, kind === "bind" ? { pairing: "0".repeat(64) } : data);
    await at.house.meets("a");
    await until(() => at.assist.state.end !== null);
    assert.equal(at.assist.state.end?.reason, "key_mismatch");
});

test("what comes after the technician has left changes nothing", async () => {
    const at = await desk();
    await viewing(at);
    at.assist.leave();
    await at.house.does("control_granted", { scope: "control" }).catch(() => undefined);
    assert.equal(at.stage().isListening, false);
    assert.equal(at.assist.state.mode, "viewing");
    assert.equal(at.clock.set, 0);
});
