// What the technician's keyboard sends, key by key, on keyboards of every kind.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
    Keyboard,
    Mod,
    platformOf,
    readFrom,
} from "../../server/cordee_server/console/input/keyboard.js";
import { InputStream } from "../../server/cordee_server/console/input/stream.js";
import { ManualClock } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/input/keyboard.js").Platform} Platform */
/** @typedef {import("../../server/cordee_server/console/input/stream.js").InputEvent} InputEvent */

/** A keyboard whose sendings are kept. */
class Desk {
    clock = new ManualClock();
    left = 0;
    /** @type {InputEvent[]} */
    #sent = [];
    /** @type {Set<string>} */
    #modifiers = new Set();

    /** @param {Platform} [platform] */
    constructor(platform = "other") {
        const send = (/** @type {InputEvent[]} */ batch) => this.#sent.push(...batch);
        this.stream = new InputStream(send, this.clock);
        this.keyboard = new Keyboard(this.stream, {
            platform,
            leave: () => {
                this.left += 1;
            },
            clock: this.clock,
        });
        this.keyboard.listen();
    }

    /** @param {...string} names that `getModifierState` says yes to from here on */
    holds(...names) {
        this.#modifiers = new Set(names);
        return this;
    }

    /**
     * @param {string} code
     * @param {string} key
     * @param {object} [more]
     */
    event(code, key, more = {}) {
        const modifiers = new Set(this.#modifiers);
        let wasPrevented = false;
        return {
            code,
            key,
            location: 0,
            repeat: false,
            isComposing: false,
            keyCode: 0,
            timeStamp: this.clock.now(),
            getModifierState: (/** @type {string} */ name) => modifiers.has(name),
            preventDefault: () => {
                wasPrevented = true;
            },
            get prevented() {
                return wasPrevented;
            },
            ...more,
        };
    }

    /**
     * @param {string} code
     * @param {string} key
     * @param {object} [more]
     */
    down(code, key, more) {
        const event = this.event(code, key, more);
        this.keyboard.down(event);
        return event;
    }

    /**
     * @param {string} code
     * @param {string} key
     */
    up(code, key) {
        const event = this.event(code, key);
        this.keyboard.up(event);
        return event;
    }

    /** What was sent since the last look. */
    get sent() {
        this.stream.flush();
        return this.#sent.splice(0);
    }

    /** The same, short: `+KeyA a` went down, `-KeyA a` came up. */
    get short() {
        return this.sent.map((event) => {
            if (event.t === "k") return `${event["down"] ? "+" : "-"}${event["code"]} ${event["key"]}`;
            return event.t === "t" ? `t ${event["s"]}` : event.t;
        });
    }
}

test("a key goes down and comes up as it was pressed", () => {
    const desk = new Desk();
    assert.equal(desk.down("KeyQ", "a").prevented, true);
    assert.equal(desk.up("KeyQ", "a").prevented, true);
    assert.deepEqual(desk.sent, [
        { t: "k", code: "KeyQ", key: "a", loc: 0, down: 1, mods: 0, rep: 0 },
        { t: "k", code: "KeyQ", key: "a", loc: 0, down: 0, mods: 0, rep: 0 },
    ]);
});

// The row of digits and the letters that a French keyboard has and others have not.
const AZERTY = [
    ["Digit1", "&"],
    ["Digit2", "é"],
    ["Digit3", '"'],
    ["Digit4", "'"],
    ["Digit5", "("],
    ["Digit6", "-"],
    ["Digit7", "è"],
    ["Digit8", "_"],
    ["Digit9", "ç"],
    ["Digit0", "à"],
    ["Minus", ")"],
    ["Equal", "="],
    ["KeyQ", "a"],
    ["KeyA", "q"],
    ["KeyW", "z"],
    ["KeyZ", "w"],
    ["Semicolon", "m"],
    ["Quote", "ù"],
    ["Backslash", "*"],
    ["KeyM", ","],
    ["Comma", ";"],
    ["Period", ":"],
    ["Slash", "!"],
    ["IntlBackslash", "<"],
    ["BracketRight", "$"],
    ["Backquote", "²"],
];

for (const [code = "", key = ""] of AZERTY) {
    test(`AZERTY's ${key} is sent as the character that it is`, () => {
        const desk = new Desk();
        desk.down(code, key);
        desk.up(code, key);
        assert.deepEqual(desk.short, [`+${code} ${key}`, `-${code} ${key}`]);
    });
}

for (const [code, key] of [["Digit0", "@"], ["KeyE", "€"], ["Digit3", "#"], ["Digit5", "["]]) {
    test(`AltGr's ${key} carries ALTGR alone, on Linux and on Windows`, () => {
        const linux = new Desk().holds("AltGraph");
        linux.down(String(code), String(key));
        assert.equal(linux.sent[0]?.["mods"], Mod.ALTGR);
        const windows = new Desk("windows").holds("AltGraph", "Control", "Alt");
        windows.down(String(code), String(key));
        assert.equal(windows.sent[0]?.["mods"], Mod.ALTGR);
    });
}

test("the Ctrl that Windows invents before AltGr is not sent", () => {
    const desk = new Desk("windows").holds("Control");
    desk.down("ControlLeft", "Control", { location: 1 });
    desk.holds("Control", "Alt", "AltGraph").down("AltRight", "AltGraph", { location: 2 });
    desk.down("KeyE", "€");
    desk.up("KeyE", "€");
    desk.holds().up("ControlLeft", "Control");
    desk.up("AltRight", "AltGraph");
    assert.deepEqual(desk.short, [
        "+AltRight AltGraph",
        "+KeyE €",
        "-KeyE €",
        "-AltRight AltGraph",
    ]);
});

test("a Ctrl on Windows that AltGr does not follow is sent, by itself or with its letter", () => {
    const alone = new Desk("windows").holds("Control");
    alone.down("ControlLeft", "Control");
    assert.deepEqual(alone.short, []);
    alone.clock.advance(50);
    assert.deepEqual(alone.short, ["+ControlLeft Control"]);

    const copy = new Desk("windows").holds("Control");
    copy.down("ControlLeft", "Control");
    copy.down("KeyC", "c");
    assert.deepEqual(copy.short, ["+ControlLeft Control", "+KeyC c"]);
});

test("a Ctrl released at once on Windows still goes down and up", () => {
    const desk = new Desk("windows").holds("Control");
    desk.down("ControlLeft", "Control");
    desk.holds().up("ControlLeft", "Control");
    assert.deepEqual(desk.short, ["+ControlLeft Control", "-ControlLeft Control"]);
});

test("Option on a Mac is the third level, unless Ctrl or Command is with it", () => {
    const desk = new Desk("mac").holds("Alt");
    desk.down("Digit0", "@");
    assert.equal(desk.sent[0]?.["mods"], Mod.ALTGR);
    desk.holds("Alt", "Meta").down("KeyI", "i");
    assert.equal(desk.sent[0]?.["mods"], Mod.ALT | Mod.META);
});

test("on a Mac everything is let go when Command comes up, for releases are hidden", () => {
    const desk = new Desk("mac").holds("Meta");
    desk.down("MetaLeft", "Meta");
    desk.down("KeyC", "c");
    desk.holds().up("MetaLeft", "Meta");
    assert.deepEqual(desk.short, ["+MetaLeft Meta", "+KeyC c", "-MetaLeft Meta", "r"]);
    assert.deepEqual(desk.keyboard.held, []);
});

test("modifiers and locks are told with each key, but a key does not count for itself", () => {
    const desk = new Desk().holds("Shift", "Control", "CapsLock", "NumLock");
    desk.down("ShiftLeft", "Shift", { location: 1 });
    desk.down("KeyA", "A");
    assert.deepEqual(desk.sent.map((event) => event["mods"]), [
        Mod.CTRL | Mod.CAPS | Mod.NUM,
        Mod.SHIFT | Mod.CTRL | Mod.CAPS | Mod.NUM,
    ]);
});

test("a letter is released under the name it was pressed by", () => {
    const desk = new Desk().holds("Shift");
    desk.down("KeyQ", "A");
    desk.holds().up("KeyQ", "a");
    assert.deepEqual(desk.short, ["+KeyQ A", "-KeyQ A"]);
});

test("a key held down repeats as a repeat", () => {
    const desk = new Desk();
    desk.down("ArrowDown", "ArrowDown");
    desk.down("ArrowDown", "ArrowDown", { repeat: true });
    assert.deepEqual(desk.sent.map((event) => event["rep"]), [0, 1]);
});

test("a dead key is told and left to the browser, and what it composes is a key", () => {
    const desk = new Desk("windows");
    assert.equal(desk.down("BracketLeft", "Dead").prevented, false);
    desk.up("BracketLeft", "Dead");
    assert.equal(desk.down("KeyE", "ê").prevented, true);
    assert.deepEqual(desk.short, ["+BracketLeft Dead", "-BracketLeft Dead", "+KeyE ê"]);
});

test("a dead key that meets no letter is typed as the text that the browser makes of it", () => {
    const desk = new Desk("windows");
    assert.equal(desk.down("KeyX", "^x").prevented, false);
    desk.keyboard.input("^x");
    desk.up("KeyX", "x");
    assert.deepEqual(desk.short, ["t ^x"]);
});

test("what is being composed is left alone, and typed once it is done", () => {
    const desk = new Desk();
    desk.keyboard.compositionStart();
    assert.equal(desk.down("KeyE", "Process", { keyCode: 229 }).prevented, false);
    desk.down("KeyE", "e", { isComposing: true });
    desk.keyboard.input("e");
    desk.keyboard.compositionEnd("ê");
    desk.up("KeyE", "e");
    assert.deepEqual(desk.short, ["t ê"]);
});

test("nothing is typed by a composition that was given up", () => {
    const desk = new Desk();
    desk.keyboard.compositionStart();
    desk.keyboard.compositionEnd("");
    assert.deepEqual(desk.short, []);
});

test("text without a key, from an emoji panel or a paste, is typed", () => {
    const desk = new Desk();
    desk.keyboard.input("😀");
    assert.deepEqual(desk.short, ["t 😀"]);
});

test("an emoji of several code units on one key is one character", () => {
    const desk = new Desk();
    desk.down("KeyA", "😀");
    assert.deepEqual(desk.short, ["+KeyA 😀"]);
});

test("a key whose place the browser does not know has an empty code", () => {
    const desk = new Desk();
    desk.down("", "é");
    desk.up("", "é");
    desk.down("Weird-Code!", "x");
    assert.deepEqual(desk.short, ["+ é", "- é", "+ x"]);
});

test("a release without its press is not sent", () => {
    const desk = new Desk();
    assert.equal(desk.up("KeyA", "a").prevented, false);
    assert.deepEqual(desk.short, []);
});

test("when releases are hidden everything is let go, at once and behind what waits", () => {
    const desk = new Desk();
    desk.down("ShiftLeft", "Shift");
    desk.down("KeyA", "A");
    desk.keyboard.releaseAll();
    assert.deepEqual(desk.short, ["+ShiftLeft Shift", "+KeyA A", "r"]);
    assert.deepEqual(desk.keyboard.held, []);
    desk.up("KeyA", "A");
    assert.deepEqual(desk.short, []);
});

test("without control no key is read, kept or stolen from the browser", () => {
    const desk = new Desk();
    desk.down("KeyA", "a");
    assert.deepEqual(desk.short, ["+KeyA a"]);
    desk.keyboard.deafen();
    assert.equal(desk.down("Tab", "Tab").prevented, false);
    assert.equal(desk.up("KeyA", "a").prevented, false);
    desk.keyboard.input("secret");
    desk.keyboard.compositionEnd("secret");
    desk.keyboard.press([{ code: "Delete", key: "Delete", loc: 0 }]);
    desk.keyboard.releaseAll();
    assert.deepEqual(desk.short, []);
});

test("a Ctrl that was held back is forgotten with control", () => {
    const desk = new Desk("windows").holds("Control");
    desk.down("ControlLeft", "Control");
    desk.keyboard.deafen();
    desk.clock.advance(100);
    assert.deepEqual(desk.short, []);
    assert.equal(desk.clock.set, 0);
});

test("Ctrl, Alt and Shift together lead out, and hold nothing behind", () => {
    const desk = new Desk().holds("Control");
    desk.down("ControlLeft", "Control");
    desk.holds("Control", "Alt").down("AltLeft", "Alt");
    assert.equal(desk.left, 0);
    desk.holds("Control", "Alt", "Shift").down("ShiftLeft", "Shift");
    assert.equal(desk.left, 1);
    assert.equal(desk.short.at(-1), "r");
});

test("keys that the system keeps for itself are pressed in order and released in reverse", () => {
    const desk = new Desk();
    desk.keyboard.press([
        { code: "ControlLeft", key: "Control", loc: 1 },
        { code: "AltLeft", key: "Alt", loc: 1 },
        { code: "Delete", key: "Delete", loc: 0 },
    ]);
    const sent = desk.sent;
    assert.deepEqual(
        sent.map((event) => [event["code"], event["down"], event["mods"]]),
        [
            ["ControlLeft", 1, 0],
            ["AltLeft", 1, Mod.CTRL],
            ["Delete", 1, Mod.CTRL | Mod.ALT],
            ["Delete", 0, Mod.CTRL | Mod.ALT],
            ["AltLeft", 0, Mod.CTRL],
            ["ControlLeft", 0, 0],
        ],
    );
});

test("browsers' names for their systems are understood", () => {
    const named = ["Win32", "Windows", "MacIntel", "macOS", "iPad", "Linux x86_64", ""];
    assert.deepEqual(named.map(platformOf), [
        "windows",
        "windows",
        "mac",
        "mac",
        "mac",
        "other",
        "other",
    ]);
});

/** As much of a text field as is listened to. */
class Field extends EventTarget {
    value = "";
    ownerDocument = Object.assign(new EventTarget(), { visibilityState: "visible" });

    /**
     * @param {string} type
     * @param {object} [facts]
     */
    has(type, facts = {}) {
        this.dispatchEvent(Object.assign(new Event(type), facts));
    }
}

function read() {
    const desk = new Desk();
    const field = new Field();
    const stop = readFrom(
        desk.keyboard,
        /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (field)),
    );
    return { desk, field, stop };
}

test("text that arrives in the field is typed once, and the field emptied", () => {
    const { desk, field } = read();
    field.value = "é";
    field.has("input", { inputType: "insertText", isComposing: false });
    assert.equal(field.value, "");
    assert.deepEqual(desk.short, ["t é"]);
});

test("a composition is typed once, in whatever order a browser tells of it", () => {
    const { desk, field } = read();
    field.has("compositionstart");
    field.value = "ê";
    field.has("input", { inputType: "insertCompositionText", isComposing: true });
    field.has("compositionend", { data: "ê" });
    field.value = "ê"; // Firefox tells once more, afterwards
    field.has("input", { inputType: "insertCompositionText", isComposing: false });
    assert.deepEqual(desk.short, ["t ê"]);
    assert.equal(field.value, "");
});

test("leaving the field or the tab lets everything go", () => {
    const { desk, field } = read();
    field.has("blur");
    assert.deepEqual(desk.short, ["r"]);
    field.ownerDocument.visibilityState = "hidden";
    field.ownerDocument.dispatchEvent(new Event("visibilitychange"));
    assert.deepEqual(desk.short, ["r"]);
    field.ownerDocument.visibilityState = "visible";
    field.ownerDocument.dispatchEvent(new Event("visibilitychange"));
    assert.deepEqual(desk.short, []);
});

test("a field that was left behind is not read any more", () => {
    const { desk, field, stop } = read();
    stop();
    field.value = "x";
    field.has("input", { inputType: "insertText", isComposing: false });
    assert.deepEqual(desk.short, []);
});

test("a key that the browser knows no character for is left to the browser", () => {
    const desk = new Desk();
    assert.equal(desk.down("Equal", "\0").prevented, false);
    desk.up("Equal", "\0");
    assert.deepEqual(desk.sent, []);
});

test("what a keyboard on the screen asks of the field is the key that does it", () => {
    const { desk, field } = read();
    for (const inputType of ["deleteContentBackward", "insertLineBreak", "insertParagraph"]) {
        field.has("beforeinput", { inputType, isComposing: false });
    }
    field.has("beforeinput", { inputType: "deleteContentBackward", isComposing: true });
    assert.deepEqual(desk.short, [
        ...["+Backspace Backspace", "-Backspace Backspace"],
        ...["+Enter Enter", "-Enter Enter", "+Enter Enter", "-Enter Enter"],
    ]);
});
