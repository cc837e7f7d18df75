// One question at a time, and what answers it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Question } from "../../server/cordee_server/console/question.js";

/** @typedef {import("../../server/cordee_server/console/session.js").Kind} Kind */

function asked() {
    const question = new Question(() => 1000);
    question.lengthS = 120;
    const notice = (/** @type {Kind} */ kind, data = {}, late = false) =>
        question.notice({ kind, data, late });
    return { question, notice };
}

test("with confirmed keys the customer is asked to be seen, until a moment that is known", () => {
    const { question, notice } = asked();
    notice("keys_confirmed");
    assert.deepEqual(question.state, {
        asking: "view",
        questionUntil: 121_000,
        consentS: 120,
        controlRefused: null,
        extras: [],
    });
    notice("view_granted");
    assert.equal(question.asking, null);
});

test("a request for control stands until it is answered or loses its sense", () => {
    for (const answer of /** @type {Kind[]} */ (["control_granted", "paused", "reclaimed", "link_lost"])) {
        const { question, notice } = asked();
        notice("control_requested");
        assert.equal(question.asking, "control");
        notice(answer, { side: "customer" });
        assert.equal(question.asking, null, answer);
    }
});

test("the question to be seen outlives a lost link", () => {
    const { question, notice } = asked();
    notice("keys_confirmed");
    notice("link_lost", { side: "customer" });
    assert.equal(question.asking, "view");
});

test("a no is remembered until the next question or the next yes", () => {
    const { question, notice } = asked();
    notice("control_requested");
    notice("consent_refused", { scope: "control", why: "no" });
    assert.equal(question.refused, "no");
    notice("control_requested");
    assert.equal(question.refused, null);
    notice("consent_refused", { scope: "control", why: "timeout" });
    assert.equal(question.refused, "timeout");
    notice("control_granted");
    assert.equal(question.refused, null);
});

test("a no to being seen is no no to control", () => {
    const { question, notice } = asked();
    notice("keys_confirmed");
    notice("consent_refused", { scope: "view", why: "no" });
    assert.deepEqual([question.asking, question.refused], [null, null]);
});

test("a request that came too late asks nothing", () => {
    const { question, notice } = asked();
    question.ask("control");
    notice("control_requested", {}, true);
    assert.equal(question.asking, null);
    question.ask("control");
    notice("tick", {}, true);
    assert.equal(question.asking, "control");
    question.withdraw();
    assert.equal(question.asking, null);
});

test("R06: each extra is shown with what became of it", () => {
    const { question } = asked();
    const propose = (/** @type {string} */ hash) =>
        question.notice({
            kind: "extra_proposed",
            data: { label: "Antivirus", price_cents: 3990 },
            late: false,
            act: /** @type {import("../../server/cordee_server/console/acts.js").Act} */ ({ hash }),
        });
    for (const hash of ["a", "b", "c", "d"]) propose(hash);
    const answer = (/** @type {Kind} */ kind, data = {}, late = false) =>
        question.notice({ kind, data, late });
    answer("extra_accepted", { extra: "a" });
    answer("extra_refused", { extra: "b", why: "no" });
    answer("extra_refused", { extra: "c", why: "timeout" });
    answer("extra_accepted", { extra: "d" }, true); // crossed something: nothing is owed
    assert.deepEqual(
        question.extras.map(({ id, answer: said }) => [id, said]),
        [
            ["a", "accepted"],
            ["b", "refused"],
            ["c", "timeout"],
            ["d", "waiting"],
        ],
    );
});

test("R08, R31: a refusal that the technician can help with says how", () => {
    for (const [why, reason] of [
        ["minor", "not_adult"],
        ["backup", "no_backup"],
        ["no", "consent_denied"],
    ]) {
        const { question, notice } = asked();
        notice("consent_refused", { scope: "view", why });
        assert.equal(question.reasonOf({ data: { reason: "consent_denied" } }), reason);
        assert.equal(question.reasonOf({ data: { reason: "idle" } }), "idle");
    }
    assert.equal(asked().question.reasonOf({ data: {} }), "link_expired");
});
