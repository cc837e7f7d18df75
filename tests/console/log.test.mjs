// What the console says to its developer holds nothing that anybody typed.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { log } from "../../server/cordee_server/console/log.js";

test("a fault is told by its kind: its text may quote what somebody typed", (context) => {
    const warn = mock.method(console, "warn", () => {});
    context.after(() => warn.mock.restore());
    log.fault("session", new SyntaxError("Unexpected token in 482 913 077"));
    log.fault("session", "482 913 077");
    assert.deepEqual(
        warn.mock.calls.map((call) => call.arguments),
        [
            ["session", { kind: "SyntaxError" }],
            ["session", { kind: "string" }],
        ],
    );
});

test("a fact is a name with fields", (context) => {
    const debug = mock.method(console, "debug", () => {});
    context.after(() => debug.mock.restore());
    log.fact("link_closed", { code: 1006 });
    assert.deepEqual(debug.mock.calls[0]?.arguments, ["link_closed", { code: 1006 }]);
});
