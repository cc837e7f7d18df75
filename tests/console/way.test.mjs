// The line in bars: what a person makes of numbers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES } from "../../server/cordee_server/console/text/choose.js";
import { QUIET_S, bars, isQuiet } from "../../server/cordee_server/console/views/way.js";

/** @typedef {import("../../server/cordee_server/console/assist.js").SessionState} SessionState */

test("bars come from the worse of trip and rate", () => {
    const table = /** @type {const} */ ([
        [40, 20_000, 4],
        [40, 0, 4], // not measured yet
        [40, 3999, 3],
        [99, 300, 2],
        [249, 20_000, 3],
        [250, 20_000, 2],
        [600, 20_000, 1],
        [40, 299, 1],
    ]);
    for (const [trip, rate, level] of table) assert.equal(bars(trip, rate), level);
});

test("each level has its advice in each language", () => {
    for (const { line_advice } of Object.values(LANGUAGES)) {
        assert.equal(line_advice.length, 5);
        assert.equal(new Set(line_advice).size, 5);
    }
});

test("silence is told after more than what is ordinary, sooner while driven", () => {
    const after = (/** @type {string} */ mode, /** @type {number} */ quietS) =>
        isQuiet(/** @type {SessionState} */ ({ mode, quietS }));
    assert.equal(after("controlling", QUIET_S.driven), false);
    assert.equal(after("controlling", QUIET_S.driven + 0.1), true);
    assert.equal(after("viewing", QUIET_S.driven + 0.1), false);
    assert.equal(after("viewing", QUIET_S.seen + 0.1), true);
});
