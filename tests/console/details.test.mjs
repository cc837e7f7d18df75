// The rest of what was agreed: only what was filled in is said.

import assert from "node:assert/strict";
import { test } from "node:test";

import { details } from "../../server/cordee_server/console/views/details.js";

/** @param {Record<string, string>} fields */
function form(fields) {
    const made = new FormData();
    for (const [name, value] of Object.entries(fields)) made.set(name, value);
    return made;
}

test("R01: three fields are enough: nothing more is said", () => {
    assert.deepEqual(details(form({})), {});
    assert.deepEqual(details(form({ kind: "", email: "  ", post: "\n", slot_from: "" })), {});
});

test("R01, B08: what was filled in is said by the relay's names", () => {
    assert.deepEqual(
        details(form({ kind: "consumer", email: " a@example.fr ", post: "12 rue\n\n73210 LANDRY" })),
        { kind: "consumer", email: "a@example.fr", post: ["12 rue", "73210 LANDRY"] },
    );
});

test("R03: an appointment has a begin and an end", () => {
    const from = Date.parse("2026-12-01T14:00");
    assert.deepEqual(details(form({ slot_from: "2026-12-01T14:00" })), {
        slot_from_ms: from,
        slot_until_ms: from + 3_600_000,
    });
    const short = details(form({ slot_from: "2026-12-01T14:00", slot_minutes: "30" }));
    assert.equal(short["slot_until_ms"], from + 1_800_000);
});

test("R02, R36: a waiver says why, and the others stay checked", () => {
    assert.deepEqual(details(form({ waived_licences: "rien à installer" })), {
        prerequisites: { broadband: "yes", supported_os: "yes", licences: "rien à installer" },
    });
});
