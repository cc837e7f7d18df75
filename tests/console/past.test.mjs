// What the page of what was asks for, and what it counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Past, counted, median } from "../../server/cordee_server/console/past/past.js";
import { PAST } from "../../server/cordee_server/console/past/text.js";
import { TRANSITIONS } from "../../server/cordee_server/console/session.js";

/** @typedef {import("../../server/cordee_server/console/past/past.js").Session} Session */

/** @param {Record<string, [number, unknown]>} answers */
function desk(answers) {
    /** @type {string[]} */
    const asked = [];
    let left = 0;
    const past = new Past(
        async (path) => {
            asked.push(String(path));
            const [status, said] = answers[String(path)] ?? [404, {}];
            if (status === 0) throw new TypeError("no network");
            return Response.json(said, { status });
        },
        () => {},
        () => void (left += 1),
    );
    return { past, asked, left: () => left };
}

test("what is left empty is not asked for", async () => {
    const { past, asked } = desk({
        "/api/history?": [200, { sessions: [] }],
        "/api/history?text=a+%26+b&until=2026-11-23": [200, { sessions: [{ session: "1" }] }],
    });
    await past.search({ text: "", from: "", until: "" });
    assert.deepEqual(past.sessions, []);
    await past.search({ text: "a & b", from: "", until: "2026-11-23" });
    assert.equal(past.sessions?.length, 1);
    assert.equal(asked.length, 2);
});

test("one session is drawn, and the list is still there behind it", async () => {
    const drawn = { session: {}, bands: [], marks: [] };
    const { past } = desk({ "/api/history/abc": [200, drawn] });
    await past.open("abc");
    assert.deepEqual(past.drawn, drawn);
    past.close();
    assert.equal(past.drawn, null);
});

test("what goes wrong has a sentence in each language, and forgets nothing", async () => {
    const { past, left } = desk({
        "/api/history?from=x": [422, {}],
        "/api/history?from=y": [0, {}],
        "/api/history?from=z": [401, {}],
        "/api/history?": [200, { sessions: [{ session: "1" }] }],
    });
    await past.search({ text: "", from: "", until: "" });
    for (const [from, problem] of [
        ["x", "bad_day"],
        ["y", "unreachable"],
        ["z", "refused"],
    ]) {
        await past.search({ text: "", from: String(from), until: "" });
        assert.equal(past.problem, problem);
        for (const { problems } of Object.values(PAST)) assert.ok(problem && problem in problems);
        assert.equal(past.sessions?.length, 1);
    }
    assert.equal(left(), 1); // whoever is not signed in is led to where one signs in
});

test("sessions are counted by what they have in common, the most first", () => {
    const of = (/** @type {string} */ reason) => /** @type {Session} */ ({ reason });
    const all = [of("b"), of("a"), of("b"), of("c")];
    assert.deepEqual(
        counted(all, ({ reason }) => reason).map(({ name, count }) => name + count),
        ["b2", "a1", "c1"],
    );
});

test("the median is the middle one, or between the two in the middle", () => {
    assert.deepEqual([[], [5], [9, 1], [3, 1, 2], [4, 1, 3, 2]].map(median), [0, 5, 5, 2, 2.5]);
});

test("every kind of entry has its words in both languages", () => {
    const file = new URL("../../shared/vectors/session.json", import.meta.url);
    const { authors } = JSON.parse(readFileSync(file, "utf8"));
    for (const { kinds } of Object.values(PAST)) {
        assert.deepEqual(Object.keys(kinds).sort(), Object.keys(authors).sort());
    }
});

test("French and English say the same things, and every state has a name", () => {
    assert.deepEqual(Object.keys(PAST.fr), Object.keys(PAST.en));
    for (const { states, heads, mark_heads } of Object.values(PAST)) {
        assert.deepEqual(Object.keys(states).sort(), [...Object.keys(TRANSITIONS)].sort());
        assert.deepEqual([heads.length, mark_heads.length], [8, 5]);
    }
});
