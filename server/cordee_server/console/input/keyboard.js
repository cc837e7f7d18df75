// The technician's keyboard: browser events -> `k`, `t` and `r` of
// shared/cordee_shared/wire/input.py.
//
// 1. Keys are read on a text field that nobody sees: only there do browsers compose
//    (dead keys, input methods, the emoji picker), and only there does composed
//    text arrive.
// 2. What `keydown` already knows is sent as `k` and kept from the field; what is
//    still being composed is left to the browser and comes out as `t`.
// 3. Whatever hides key releases from us (blur, another tab, a lost link, control
//    taken back) releases everything.
// 4. Ctrl+Alt+Shift together is the way out for whoever has no mouse.

import { CLOCK } from "./stream.js";

/** @typedef {import("./stream.js").InputStream} InputStream */
/** @typedef {import("./stream.js").Clock} Clock */

/** Bits of `mods`: the same as `Mod` in wire/input.py. */
export const Mod = Object.freeze({
    SHIFT: 1,
    CTRL: 2,
    ALT: 4,
    META: 8,
    ALTGR: 16,
    CAPS: 32,
    NUM: 64,
});

/** What is read of a KeyboardEvent. */
/** @typedef {Pick<KeyboardEvent, "code" | "key" | "location" | "repeat" | "isComposing"
 *     | "keyCode" | "getModifierState" | "preventDefault" | "timeStamp">} KeyEvent */

/** @typedef {"windows" | "mac" | "other"} Platform */

/** @typedef {{ code: string, key: string, loc: number }} Held */

/** Bits that a modifier's own key stands for; a key does not count for itself. */
/** @type {Record<string, number>} */
const OWN = {
    Shift: Mod.SHIFT,
    Control: Mod.CTRL,
    Alt: Mod.ALT,
    Meta: Mod.META,
    AltGraph: Mod.ALTGR,
    CapsLock: Mod.CAPS,
    NumLock: Mod.NUM,
};

// A name of UI Events ("Enter", "F12"), as against one character.
const NAMED = /^[A-Z][A-Za-z0-9]{1,31}$/;
const CODE = /^[A-Za-z0-9]{0,32}$/;
// Keys that mean "something is being composed": text follows, or nothing does.
const COMPOSING = new Set(["Process", "Unidentified"]);
/** Keys by what a keyboard on the screen asks the field for. */
const WANTED = new Map([
    ["deleteContentBackward", "Backspace"],
    ["deleteContentForward", "Delete"],
    ["insertLineBreak", "Enter"],
    ["insertParagraph", "Enter"],
]);
// Windows sends a Ctrl that nobody pressed right before AltGr.
const FALSE_CTRL_MS = 20;

/**
 * @param {string} name `navigator.userAgentData.platform` or `navigator.platform`
 * @returns {Platform}
 */
export function platformOf(name) {
    if (/^win/i.test(name)) return "windows";
    return /^mac|^ip(hone|ad)/i.test(name) ? "mac" : "other";
}

/** @param {string} key */
function isOneCharacter(key) {
    // Chromium makes code point 0 of a key whose character it does not know.
    return [...key].length === 1 && key >= " ";
}

/** Reads keys and says what to send. Owned by one session; deaf until `listen`. */
export class Keyboard {
    /** @type {Map<string, Held>} */
    #held = new Map();
    /** @type {KeyEvent | null} */
    #maybeFalse = null;
    #isComposing = false;
    #isListening = false;
    #stream;
    #platform;
    #leave;
    #clock;
    /** @type {unknown} */
    #timer = null;

    /**
     * @param {InputStream} stream
     * @param {object} [options]
     * @param {Platform} [options.platform]
     * @param {() => void} [options.leave] the way out was pressed
     * @param {Clock} [options.clock]
     */
    constructor(stream, { platform = "other", leave = () => {}, clock = CLOCK } = {}) {
        this.#stream = stream;
        this.#clock = clock;
        this.#platform = platform;
        this.#leave = leave;
    }

    /** Codes that are down, in the order in which they went down. */
    get held() {
        return [...this.#held.keys()];
    }

    /** Keys go to the customer's computer from here on. */
    listen() {
        this.#isListening = true;
    }

    /** Keys go nowhere any more, and what is held is forgotten. */
    deafen() {
        this.#isListening = false;
        this.#forget();
    }

    /** A Ctrl that was held back and that AltGr did not follow was a Ctrl. */
    settle() {
        const ctrl = this.#maybeFalse;
        this.#forgetCtrl();
        if (ctrl !== null) this.#sendKey(ctrl, 1);
    }

    /** Let go of every key and button: we may not see them come up. */
    releaseAll() {
        this.#forget();
        if (this.#isListening) {
            this.#stream.push({ t: "r" });
            this.#stream.flush();
        }
    }

    /** @param {KeyEvent} event */
    down(event) {
        if (!this.#isListening) return;
        if (event.isComposing || event.keyCode === 229 || COMPOSING.has(event.key)) {
            this.settle();
            return; // `input` or `compositionend` brings what comes of it
        }
        if (this.#isFalseCtrl(event)) {
            event.preventDefault();
            this.settle();
            this.#maybeFalse = event;
            this.#timer = this.#clock.later(() => this.settle(), FALSE_CTRL_MS);
            return;
        }
        if (event.key === "AltGraph" || event.code === "AltRight") {
            const ctrl = this.#maybeFalse;
            if (ctrl !== null && event.timeStamp - ctrl.timeStamp < FALSE_CTRL_MS) {
                this.#forgetCtrl();
            }
        }
        this.settle();
        if (event.key === "Dead") {
            this.#sendKey(event, 1); // the browser goes on composing
            return;
        }
        if (!isOneCharacter(event.key) && !NAMED.test(event.key)) {
            return; // "^x": a dead key that met no letter; it comes as `input`
        }
        event.preventDefault();
        this.#sendKey(event, 1);
        this.#watchForWayOut(event);
    }

    /** @param {KeyEvent} event */
    up(event) {
        if (!this.#isListening) return;
        this.settle();
        const id = idOf(event);
        if (!this.#held.has(id)) return; // went down elsewhere, or while composing
        event.preventDefault();
        this.#sendKey(event, 0);
        // macOS shows no release of what was pressed together with Command.
        if (event.key === "Meta" && this.#platform === "mac") this.releaseAll();
    }

    compositionStart() {
        this.#isComposing = true;
    }

    /** @param {string} text what was composed */
    compositionEnd(text) {
        this.#isComposing = false;
        this.#type(text);
    }

    /** @param {string} text what arrived in the field without a key of its own */
    input(text) {
        if (!this.#isComposing) this.#type(text);
    }

    /**
     * Press and release keys that the browser or its system keeps for itself.
     *
     * @param {Held[]} keys pressed in this order, released in reverse
     */
    press(keys) {
        if (!this.#isListening) return;
        let mods = 0;
        for (const key of keys) {
            this.#stream.push({ t: "k", ...key, down: 1, mods, rep: 0 });
            mods |= OWN[key.key] ?? 0;
        }
        for (const key of keys.toReversed()) {
            mods &= ~(OWN[key.key] ?? 0);
            this.#stream.push({ t: "k", ...key, down: 0, mods, rep: 0 });
        }
    }

    /**
     * @param {KeyEvent} event
     * @param {0 | 1} down
     */
    #sendKey(event, down) {
        const id = idOf(event);
        const before = this.#held.get(id);
        const code = CODE.test(event.code) ? event.code : "";
        // Released under the name it was pressed by: with Shift let go first, "A"
        // goes down and "a" comes up.
        const key = down === 0 && before !== undefined ? before.key : this.#nameOf(event);
        const loc = event.location;
        if (down) this.#held.set(id, { code, key, loc });
        else this.#held.delete(id);
        const mods = this.#mods(event) & ~(OWN[key] ?? 0);
        this.#stream.push({ t: "k", code, key, loc, down, mods, rep: event.repeat ? 1 : 0 });
    }

    /** @param {KeyEvent} event */
    #nameOf(event) {
        // Right Alt on a keyboard with a third level is AltGr, whatever it is called.
        if (this.#isThirdLevel(event) && event.key === "Alt") return "AltGraph";
        return event.key;
    }

    /** @param {KeyEvent} event */
    #isThirdLevel(event) {
        if (event.getModifierState("AltGraph")) return true;
        return (
            this.#platform === "mac" &&
            event.getModifierState("Alt") &&
            !event.getModifierState("Control") &&
            !event.getModifierState("Meta")
        );
    }

    /** @param {KeyEvent} event */
    #mods(event) {
        let mods = 0;
        if (event.getModifierState("Shift")) mods |= Mod.SHIFT;
        if (event.getModifierState("Control")) mods |= Mod.CTRL;
        if (event.getModifierState("Alt")) mods |= Mod.ALT;
        if (event.getModifierState("Meta")) mods |= Mod.META;
        if (event.getModifierState("CapsLock")) mods |= Mod.CAPS;
        if (event.getModifierState("NumLock")) mods |= Mod.NUM;
        if (this.#isThirdLevel(event)) {
            mods = (mods | Mod.ALTGR) & ~Mod.ALT;
            if (this.#platform === "windows") mods &= ~Mod.CTRL;
        }
        return mods;
    }

    /** @param {KeyEvent} event */
    #isFalseCtrl(event) {
        return (
            this.#platform === "windows" &&
            event.code === "ControlLeft" &&
            !event.repeat &&
            !this.#held.has("ControlLeft")
        );
    }

    /** @param {KeyEvent} event */
    #watchForWayOut(event) {
        const all = Mod.SHIFT | Mod.CTRL | Mod.ALT;
        const now = this.#mods(event) | (OWN[event.key] ?? 0);
        if ((OWN[event.key] ?? 0) !== 0 && (now & all) === all) {
            this.releaseAll();
            this.#leave();
        }
    }

    /** @param {string} text */
    #type(text) {
        if (!this.#isListening || text === "") return;
        this.settle();
        this.#stream.pushText(text);
    }

    #forget() {
        this.#held.clear();
        this.#forgetCtrl();
        this.#isComposing = false;
    }

    #forgetCtrl() {
        if (this.#timer !== null) this.#clock.cancel(this.#timer);
        this.#timer = null;
        this.#maybeFalse = null;
    }
}

/** @param {KeyEvent} event */
function idOf(event) {
    return event.code === "" ? `key ${event.key}` : event.code;
}

/**
 * Let a keyboard read from a text field.
 *
 * @param {Keyboard} keyboard
 * @param {HTMLTextAreaElement} field
 * @returns {() => void} undoes it
 */
export function readFrom(keyboard, field) {
    const ends = new AbortController();
    const options = { signal: ends.signal };
    field.addEventListener("keydown", (event) => keyboard.down(event), options);
    field.addEventListener("keyup", (event) => keyboard.up(event), options);
    field.addEventListener("compositionstart", () => keyboard.compositionStart(), options);
    field.addEventListener(
        "compositionend",
        (event) => {
            keyboard.compositionEnd(event.data);
            field.value = "";
        },
        options,
    );
    field.addEventListener(
        "beforeinput",
        (event) => {
            // Keyboards on a screen say what they want, and no key.
            const key = WANTED.get(event.inputType);
            if (key === undefined || event.isComposing) return;
            event.preventDefault();
            keyboard.press([{ code: key, key, loc: 0 }]);
        },
        options,
    );
    field.addEventListener(
        "input",
        (event) => {
            const { isComposing, inputType } = /** @type {InputEvent} */ (event);
            if (isComposing) return;
            // Browsers differ on whether the composed text comes once more after
            // `compositionend`; the field is empty by then, or holds what is new.
            if (!/Composition/.test(inputType)) keyboard.input(field.value);
            field.value = "";
        },
        options,
    );
    field.addEventListener("blur", () => keyboard.releaseAll(), options);
    const page = field.ownerDocument;
    page.addEventListener(
        "visibilitychange",
        () => {
            if (page.visibilityState === "hidden") keyboard.releaseAll();
        },
        options,
    );
    return () => ends.abort();
}
