// The second page: who sees which tab, what is asked of the relay, what is shown once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Desk, ROLES, TABS, isOfficeOnly } from "../../server/cordee_server/console/office/desk.js";
import { OFFICE } from "../../server/cordee_server/console/office/text.js";

const SECRETS = { name: "luc", password: "p", seed: "s", recovery: ["a", "b"] };

/**
 * @param {string} role
 * @param {Record<string, unknown>} [answers] by method and path; a number is a refusal
 */
function desk(role, answers = {}) {
    /** @type {string[]} */
    const asked = [];
    const left = { times: 0 };
    /** @type {Record<string, unknown>} */
    const said = {
        "GET /api/me": { technician: role === "" ? null : { name: "ada", role } },
        "GET /api/me/sign-ins": { sign_ins: [] },
        "GET /api/accounts": { accounts: [] },
        "GET /api/accounts/deeds": { deeds: [] },
        "GET /api/journal": { sessions: [] },
        "GET /api/office": {},
        ...answers,
    };
    const made = new Desk({
        ask: async (path, init = {}) => {
            const key = `${init.method} ${String(path)}`;
            asked.push(init.body === undefined ? key : `${key} ${String(init.body)}`);
            const answer = said[key] ?? {};
            return typeof answer === "number"
                ? new Response('{"code":"not_allowed"}', { status: answer })
                : new Response(JSON.stringify(answer));
        },
        changed: () => {},
        leave: () => {
            left.times += 1;
        },
    });
    return { made, asked, left };
}

test("S-51 each role has its tabs, and opens at its first", async () => {
    for (const role of ROLES) {
        const { made } = desk(role);
        await made.start();
        assert.deepEqual(made.tabs, TABS[role]);
        assert.equal(made.tab, TABS[role][0]);
    }
    assert.deepEqual(
        ROLES.filter((role) => TABS[role].includes("accounts")),
        ["admin"],
    );
    assert.ok(ROLES.every((role) => TABS[role].includes("own")));
});

test("S-51 an admin and an auditor have this page alone", () => {
    assert.deepEqual(ROLES.filter(isOfficeOnly), ["admin", "auditor"]);
});

test("nobody is sent to the sign-in", async () => {
    const { made, left, asked } = desk("");
    await made.start();
    assert.equal(left.times, 1);
    assert.deepEqual(asked, ["GET /api/me"]);
});

test("an account's secrets are shown once, and forgotten when they are written down", async () => {
    const { made, asked } = desk("admin", { "POST /api/accounts": SECRETS });
    await made.start();
    await made.add("luc", "Luc", "technician");
    assert.deepEqual(made.secrets, { title: "luc", password: "p", seed: "s", recovery: ["a", "b"] });
    assert.ok(
        asked.includes(
            'POST /api/accounts {"name":"luc","display_name":"Luc","role":"technician"}',
        ),
    );
    made.forget();
    assert.equal(made.secrets, null);
});

test("role, lock and reset name the account, and the list is read again", async () => {
    const { made, asked } = desk("admin", { "POST /api/accounts/luc/reset": SECRETS });
    await made.start();
    asked.length = 0;
    await made.setRole("luc", "auditor");
    await made.setLocked("luc", true);
    await made.reset("luc");
    assert.deepEqual(asked, [
        'POST /api/accounts/luc/role {"role":"auditor"}',
        "GET /api/accounts",
        'POST /api/accounts/luc/lock {"locked":true}',
        "GET /api/accounts",
        "POST /api/accounts/luc/reset {}",
        "GET /api/accounts",
    ]);
});

test("S-50 sign-ins are ended one by one, one's own and another's", async () => {
    const { made, asked } = desk("admin", {
        "GET /api/accounts/luc/sign-ins": { sign_ins: [{ id: "x" }] },
    });
    await made.start();
    await made.revoke("mine");
    await made.look("luc");
    assert.equal(made.lookedSignIns[0]?.id, "x");
    await made.revokeOf("x");
    assert.ok(asked.includes('POST /api/me/sign-ins/revoke {"id":"mine"}'));
    assert.ok(asked.includes('POST /api/accounts/luc/sign-ins/revoke {"id":"x"}'));
    await made.look("luc");
    assert.equal(made.looked, "");
});

test("a refusal is a sentence, and the next thing that works takes it away", async () => {
    const { made } = desk("admin", { "POST /api/accounts/ada/role": 403 });
    await made.start();
    await made.setRole("ada", "technician");
    assert.equal(made.problem, "not_allowed");
    assert.equal(made.isBusy, false);
    await made.show("deeds");
    assert.equal(made.problem, "");
});

test("a name is no path", async () => {
    const { made, asked } = desk("admin");
    await made.start();
    await made.setLocked("../me", true);
    assert.ok(asked.includes('POST /api/accounts/..%2Fme/lock {"locked":true}'));
});

test("an auditor opens and closes a session's entries", async () => {
    const { made } = desk("auditor", { "GET /api/journal/s1": { entries: ["{}"] } });
    await made.start();
    await made.open("s1");
    assert.deepEqual(made.entries, ["{}"]);
    await made.open("s1");
    assert.deepEqual(made.entries, []);
});

test("both languages name everything, down to each act and role", () => {
    const paths = (/** @type {object} */ words, before = "") =>
        Object.entries(words).flatMap(
            /** @returns {string[]} */ ([name, value]) =>
                typeof value === "object"
                    ? paths(value, `${before}${name}.`)
                    : [`${before}${name} ${typeof value}`],
        );
    assert.deepEqual(paths(OFFICE.fr), paths(OFFICE.en));
    const french = JSON.stringify(OFFICE.fr);
    assert.doesNotMatch(french, / [:;?!]/);
    assert.doesNotMatch(french, /[a-z]'[a-z]/);
});
