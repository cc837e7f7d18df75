// The technician's hands: keyboard and pointer over one picture, let through or not
// as one thing.

import { Keyboard, platformOf, readFrom } from "./keyboard.js";
import { Pointer, pointOn } from "./pointer.js";
import { CLOCK, InputStream } from "./stream.js";

/** @typedef {import("./keyboard.js").Held} Held */
/** @typedef {import("./pointer.js").Where} Where */
/** @typedef {import("./stream.js").Clock} Clock */
/** @typedef {import("./stream.js").InputEvent} InputEvent */

/** @typedef {"cad" | "meta" | "alt_tab" | "alt_f4" | "task" | "print" | "escape" | "menu"
 *     | "close_tab" | "full"} KeyName */

const CTRL = { code: "ControlLeft", key: "Control", loc: 1 };
const ALT = { code: "AltLeft", key: "Alt", loc: 1 };
const SHIFT = { code: "ShiftLeft", key: "Shift", loc: 1 };
/** @param {string} name */
const plain = (name) => ({ code: name, key: name, loc: 0 });

/**
 * Keys that this computer's system or browser keeps for itself, in the order pressed.
 *
 * @type {Readonly<Record<KeyName, Held[]>>}
 */
export const KEYS = {
    cad: [CTRL, ALT, plain("Delete")],
    meta: [{ code: "MetaLeft", key: "Meta", loc: 1 }],
    alt_tab: [ALT, plain("Tab")],
    alt_f4: [ALT, plain("F4")],
    task: [CTRL, SHIFT, plain("Escape")],
    close_tab: [CTRL, { code: "KeyW", key: "w", loc: 0 }],
    print: [plain("PrintScreen")],
    escape: [plain("Escape")],
    full: [plain("F11")],
    menu: [plain("ContextMenu")],
};

/** Owned by one session's stage. */
export class Hands {
    #isListening = false;
    #stream;
    #keyboard;
    #pointer;
    /** @type {HTMLTextAreaElement | null} */
    #field = null;

    /**
     * @param {object} options
     * @param {(batch: InputEvent[]) => void} options.send
     * @param {Where} options.place
     * @param {string} [options.platform] what the browser calls its system
     * @param {Clock} [options.clock]
     */
    constructor({ send, place, platform = "", clock = CLOCK }) {
        this.#stream = new InputStream(send, clock);
        this.#keyboard = new Keyboard(this.#stream, {
            platform: platformOf(platform),
            leave: () => this.#field?.blur(),
            clock,
        });
        this.#pointer = new Pointer(this.#stream, place);
    }

    get isListening() {
        return this.#isListening;
    }

    /** Control was granted: from here on the hands reach the customer's computer. */
    listen() {
        if (this.#isListening) return;
        this.#isListening = true;
        this.#keyboard.listen();
        this.#pointer.listen();
        this.#field?.focus({ preventScroll: true });
    }

    /** Control is gone: what waits is forgotten, and nothing is sent any more. */
    deafen() {
        if (!this.#isListening) return;
        this.#isListening = false;
        this.#stream.drop();
        this.#keyboard.deafen();
        this.#pointer.deafen();
    }

    /** @param {KeyName} name */
    press(name) {
        this.#keyboard.press(KEYS[name]);
        this.#field?.focus({ preventScroll: true });
    }

    /**
     * Type for the customer what the technician wrote elsewhere.
     *
     * @param {string} text
     */
    type(text) {
        if (!this.#isListening) return;
        this.#keyboard.settle();
        this.#stream.pushText(text);
        this.#stream.flush();
        this.#field?.focus({ preventScroll: true });
    }

    /** Read keys from here on; on a touch screen its keyboard comes up. */
    focus() {
        this.#field?.focus({ preventScroll: true });
    }

    /**
     * @param {HTMLElement} box what the picture lies in
     * @param {HTMLTextAreaElement} field
     * @returns {() => void} undoes it
     */
    mount(box, field) {
        this.#field = field;
        const letGo = () => {
            // The keyboard's `r` lets go of buttons too.
            this.#pointer.forget();
        };
        field.addEventListener("blur", letGo);
        const ends = [
            readFrom(this.#keyboard, field),
            pointOn(this.#pointer, box, () => {
                this.#keyboard.settle();
                if (this.#isListening) field.focus({ preventScroll: true });
            }),
            () => field.removeEventListener("blur", letGo),
        ];
        if (this.#isListening) field.focus({ preventScroll: true });
        return () => {
            for (const end of ends) end();
            this.#field = null;
        };
    }
}
