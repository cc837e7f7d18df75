// Keyboard and pointer are let through, or not, as one thing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hands, KEYS } from "../../server/cordee_server/console/input/hands.js";
import { LANGUAGES } from "../../server/cordee_server/console/text/choose.js";
import { ManualClock } from "./moment.mjs";

/** @typedef {import("../../server/cordee_server/console/input/stream.js").InputEvent} InputEvent */

/** As much of an element as is listened to and focused. */
class Part extends EventTarget {
    value = "";
    ownerDocument = Object.assign(new EventTarget(), { visibilityState: "visible" });
    isFocused = false;

    focus() {
        this.isFocused = true;
    }

    blur() {
        this.isFocused = false;
        this.dispatchEvent(new Event("blur"));
    }

    setPointerCapture() {}

    /**
     * @param {string} type
     * @param {object} [facts]
     */
    has(type, facts = {}) {
        this.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), facts));
    }
}

function desk() {
    /** @type {InputEvent[]} */
    const sent = [];
    const clock = new ManualClock();
    const hands = new Hands({
        send: (batch) => sent.push(...batch),
        place: (x, y) => ({ mon: 0, cfg: 1, x, y }),
        platform: "Win32",
        clock,
    });
    const [box, field] = [new Part(), new Part()];
    const unmount = hands.mount(
        /** @type {HTMLElement} */ (/** @type {unknown} */ (box)),
        /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (field)),
    );
    const kinds = () => {
        clock.advance(100);
        return sent.splice(0).map(({ t }) => t);
    };
    return { hands, clock, box, field, unmount, kinds };
}

const point = { button: 0, buttons: 1, clientX: 5, clientY: 6, pointerId: 1 };

/**
 * @param {string} code
 * @param {string} key
 */
function keyFacts(code, key) {
    const plain = { location: 0, repeat: false, isComposing: false, keyCode: 0 };
    return { code, key, ...plain, getModifierState: () => false };
}

test("before control nothing is sent; with it the field takes the keys", () => {
    const { hands, box, field, kinds } = desk();
    box.has("pointerdown", point);
    field.has("keydown", keyFacts("KeyA", "a"));
    assert.deepEqual(kinds(), []);
    assert.equal(field.isFocused, false);
    hands.listen();
    assert.equal(field.isFocused, true);
    box.has("pointerdown", point);
    field.has("keydown", keyFacts("KeyA", "a"));
    assert.deepEqual(kinds(), ["b", "k"]);
});

test("what waits when control goes is never sent", () => {
    const { hands, box, field, kinds } = desk();
    hands.listen();
    field.has("keydown", keyFacts("KeyA", "a"));
    box.has("pointerdown", point);
    hands.deafen();
    assert.equal(hands.isListening, false);
    assert.deepEqual(kinds(), []);
    hands.listen();
    box.has("pointermove", { ...point, buttons: 0, button: -1 });
    assert.deepEqual(kinds(), ["p"], "no button is held any more");
});

test("leaving the field lets go of keys and buttons with one word", () => {
    const { hands, box, field, kinds } = desk();
    hands.listen();
    box.has("pointerdown", point);
    field.has("keydown", keyFacts("KeyA", "a"));
    field.blur();
    box.has("pointerup", { ...point, buttons: 0 });
    assert.deepEqual(kinds(), ["b", "k", "r"]);
});

test("a touch of the picture brings the keys back to the field", () => {
    const { hands, box, field } = desk();
    hands.listen();
    field.blur();
    box.has("pointerdown", point);
    assert.equal(field.isFocused, true);
});

test("a Ctrl that was held back goes before the click that it is for", () => {
    const { hands, box, field, kinds } = desk();
    hands.listen();
    field.has("keydown", keyFacts("ControlLeft", "Control"));
    box.has("pointerdown", point);
    assert.deepEqual(kinds(), ["k", "b"]);
});

test("keys that the system keeps are pressed from here, and typing goes on", () => {
    const { hands, field, kinds } = desk();
    hands.listen();
    field.blur();
    kinds();
    hands.press("cad");
    assert.deepEqual(kinds(), Array(6).fill("k"));
    assert.equal(field.isFocused, true);
});

test("a page that is left is not listened to any more", () => {
    const { hands, box, field, kinds, unmount } = desk();
    hands.listen();
    unmount();
    box.has("pointerdown", point);
    field.has("keydown", keyFacts("KeyA", "a"));
    assert.deepEqual(kinds(), []);
});

test("a text written elsewhere is typed, and only while one may", () => {
    const { hands, kinds, field } = desk();
    hands.type("secret");
    assert.deepEqual(kinds(), []);
    hands.listen();
    hands.type("bonjour");
    assert.deepEqual(kinds(), ["t"]);
    assert.equal(field.isFocused, true);
});

test("every special key has a name in each language, and is let go again", () => {
    for (const { key_names } of Object.values(LANGUAGES)) {
        assert.deepEqual(Object.keys(key_names).sort(), Object.keys(KEYS).sort());
    }
    const { hands, kinds } = desk();
    hands.listen();
    for (const name of /** @type {(keyof typeof KEYS)[]} */ (Object.keys(KEYS))) {
        hands.press(name);
        assert.deepEqual(kinds(), [...KEYS[name], ...KEYS[name]].map(() => "k"));
    }
});
