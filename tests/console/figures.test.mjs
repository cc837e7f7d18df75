import assert from "node:assert/strict";
import { test } from "node:test";

import { rate, trip } from "../../server/cordee_server/console/text/figures.js";

test("how long an answer takes is said in seconds, as each language writes them", () => {
    assert.equal(trip(62, "fr"), "0,06\u00a0s");
    assert.equal(trip(1234, "en"), "1.23\u00a0s");
});

test("what a line carries is said in megabits; a fast one only as fast", () => {
    assert.equal(rate(1000, "fr"), "1,0\u00a0Mbit/s");
    assert.equal(rate(450, "en"), "0.5\u00a0Mbit/s");
    assert.equal(rate(20_000, "fr"), "plus de 20\u00a0Mbit/s");
    assert.equal(rate(900_000, "en"), "over 20\u00a0Mbit/s");
});
