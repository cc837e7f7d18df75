// The table at the console is the table, and a session moves as everywhere else.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as errors from "../../server/cordee_server/console/errors.js";
import {
    AUTHORS,
    DRIVEN,
    END_REASONS,
    GRANTS,
    PLACES,
    SEALED,
    SHARED,
    SIDES,
    Session,
    TRANSITIONS,
    VISIBLE,
    WITHDRAWALS,
    isAllowed,
    readKind,
} from "../../server/cordee_server/console/session.js";
import { vectors } from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/session.js").Kind} Kind */
/** @typedef {import("../../server/cordee_server/console/session.js").Side} Side */
/** @typedef {import("../../server/cordee_server/console/session.js").State} State */

const VECTORS = vectors("session");
const STATES = /** @type {State[]} */ (Object.keys(TRANSITIONS));
const KINDS = /** @type {Kind[]} */ (Object.keys(AUTHORS));

/**
 * Lists in no order of their own, in one.
 *
 * @param {Iterable<string>} names
 */
function sorted(names) {
    return [...names].sort();
}

/** @param {Readonly<Record<string, readonly string[]>>} lists */
function allSorted(lists) {
    return Object.fromEntries(
        Object.entries(lists).map(([name, list]) => [name, sorted(list)]),
    );
}

test("the table is the same as in Python", () => {
    assert.deepEqual(TRANSITIONS, VECTORS.transitions);
    assert.deepEqual(allSorted(AUTHORS), VECTORS.authors);
    assert.deepEqual(allSorted(PLACES), VECTORS.places);
    assert.deepEqual(SIDES, VECTORS.sides);
    assert.deepEqual(END_REASONS, VECTORS.end_reasons);
    assert.deepEqual(WITHDRAWALS, VECTORS.withdrawals);
});

test("the sets of states are the same as in Python", () => {
    assert.deepEqual(sorted(VISIBLE), VECTORS.visible);
    assert.deepEqual(sorted(SHARED), VECTORS.shared);
    assert.deepEqual(sorted(DRIVEN), VECTORS.driven);
    assert.deepEqual(sorted(SEALED), VECTORS.sealed);
    assert.deepEqual(sorted(GRANTS), VECTORS.grants);
});

for (const [name, walk] of Object.entries(VECTORS.walks)) {
    test(`a session goes the same way: ${name}`, () => {
        const session = new Session();
        for (const step of walk.steps) {
            const follow = () => session.follow(step.kind, step.by, step.at_us, step.late);
            if (step.error) assert.throws(follow, { name: step.error });
            else assert.equal(follow(), step.after);
        }
        assert.deepEqual(session.spentUs, walk.spent_us);
        assert.equal(session.nextEntry, walk.next_entry);
    });
}

test("a refused entry changes nothing", () => {
    const session = new Session("viewing", 7);
    session.follow("tick", "customer", 100);
    const before = [session.state, session.nextEntry, session.atUs, session.spentUs];
    for (const attempt of [
        () => session.follow("control_granted", "relay", 200),
        () => session.follow("continued", "customer", 200),
        () => session.follow("control_granted", "customer", 200, true),
        () => session.follow("control_granted", "customer", 99),
    ]) {
        assert.throws(attempt, errors.LocalViolation);
        const after = [session.state, session.nextEntry, session.atUs, session.spentUs];
        assert.deepEqual(after, before);
    }
});

test("a late entry changes no state, wherever it has no place", () => {
    for (const state of STATES) {
        for (const kind of KINDS.filter((kind) => !isAllowed(kind, state))) {
            const by = /** @type {Side} */ (AUTHORS[kind][0]);
            assert.equal(new Session(state).follow(kind, by, 0, true), state);
        }
    }
});

test("an entry is followed where table and authors have it, and nowhere else", () => {
    for (const state of STATES) {
        for (const kind of KINDS) {
            for (const by of SIDES) {
                const session = new Session(state);
                const places = VECTORS.places[kind];
                const there = places
                    ? places.includes(state)
                    : kind in VECTORS.transitions[state];
                if (there && VECTORS.authors[kind].includes(by)) {
                    const after = VECTORS.transitions[state][kind] ?? state;
                    assert.equal(session.follow(kind, by, 0), after);
                } else {
                    assert.throws(() => session.follow(kind, by, 0), errors.LocalViolation);
                }
            }
        }
    }
});

test("a kind that does not exist is refused, also one that every object has", () => {
    for (const name of ["seized", "constructor", "__proto__", "", null, 3, ["ended"]]) {
        assert.throws(() => readKind(name), errors.UnexpectedMessage);
    }
    for (const kind of KINDS) assert.equal(readKind(kind), kind);
});

test("the table cannot be changed in passing", () => {
    assert.throws(() => {
        /** @type {any} */ (TRANSITIONS).ended.link_restored = "controlling";
    }, TypeError);
    assert.throws(() => {
        /** @type {any} */ (TRANSITIONS).ended = {};
    }, TypeError);
});
