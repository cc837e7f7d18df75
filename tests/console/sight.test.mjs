// Picture and hands follow what the session allows, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalViolation, MalformedFrame } from "../../server/cordee_server/console/errors.js";
import { Sight } from "../../server/cordee_server/console/sight.js";
import { Channel } from "../../server/cordee_server/console/wire/frames.js";

/** @typedef {import("../../server/cordee_server/console/state.js").Mode} Mode */
/** @typedef {import("../../server/cordee_server/console/stage.js").Wiring} Wiring */

/** @type {Mode[]} */
const MODES = [
    "waiting",
    "viewing",
    "controlling",
    "reclaimed",
    "paused",
    "interrupted",
    "ended",
];

function desk() {
    /** @type {string[]} */
    const did = [];
    /** @type {number[]} */
    const sealed = [];
    /** @type {unknown[]} */
    const broken = [];
    /** @type {Wiring[]} */
    const wirings = [];
    const note = (/** @type {string} */ what) => () => void did.push(what);
    const sight = new Sight(
        (wiring) => {
            wirings.push(wiring);
            return {
                receive: note("picture"),
                clear: note("clear"),
                pauseStream: note("cut"),
                listen: note("listen"),
                deafen: note("deafen"),
            };
        },
        { seal: async (channel) => void sealed.push(channel), quietS: 0 },
        () => {},
        (fault) => broken.push(fault),
    );
    const wiring = () => {
        const made = wirings[0];
        assert.ok(made);
        return made;
    };
    return { sight, did, sealed, broken, wirings, wiring };
}

test("there is one stage for a session, made when there will be something to see", () => {
    const { sight, wirings } = desk();
    sight.receive(new Uint8Array(1), "viewing");
    sight.settle("viewing");
    sight.cut();
    assert.equal(wirings.length, 0);
    sight.prepare();
    sight.prepare();
    assert.equal(wirings.length, 1);
});

test("pictures are taken only where the customer may be seen", () => {
    const { sight, did } = desk();
    sight.prepare();
    const shown = MODES.filter((mode) => {
        did.length = 0;
        sight.receive(new Uint8Array(1), mode);
        return did.length > 0;
    });
    assert.deepEqual(shown, ["viewing", "controlling", "reclaimed"]);
});

test("hands are let through only in control", () => {
    const { sight, did, sealed, wiring } = desk();
    sight.prepare();
    const listening = MODES.filter((mode) => {
        did.length = sealed.length = 0;
        sight.settle(mode);
        wiring().sendInput([{ t: "r" }]);
        assert.equal(did.includes("listen"), sealed.includes(Channel.INPUT));
        return did.includes("listen");
    });
    assert.deepEqual(listening, ["controlling"]);
});

test("a hidden screen and an ended session leave nothing to be seen, once", () => {
    for (const mode of /** @type {Mode[]} */ (["paused", "ended"])) {
        const { sight, did, wiring } = desk();
        sight.prepare();
        wiring().begun([]);
        assert.equal(sight.state.hasPicture, true);
        sight.settle(mode);
        sight.settle(mode);
        assert.equal(did.filter((what) => what === "clear").length, 1);
        assert.equal(sight.state.hasPicture, false);
    }
});

test("a lost link leaves the last picture, for the words over it say so", () => {
    const { sight, did, wiring } = desk();
    sight.prepare();
    wiring().begun([]);
    sight.cut();
    sight.settle("interrupted");
    assert.ok(did.includes("cut") && !did.includes("clear"));
});

test("an agent that breaks the rules of pictures ends the session, a weak browser does not", () => {
    const { sight, broken, wiring } = desk();
    sight.prepare();
    wiring().failed(new LocalViolation("no worker"));
    assert.deepEqual(broken, []);
    assert.equal(sight.state.pictureFailed, true);
    const fault = new MalformedFrame("a bomb");
    wiring().failed(fault);
    assert.deepEqual(broken, [fault]);
});
