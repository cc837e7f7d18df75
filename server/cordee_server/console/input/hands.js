// The technician's hands: keyboard and pointer over one picture, let through or not
// as one thing.

import { Keyboard, platformOf, readFrom } from "./keyboard.js";
import { Pointer, pointOn } from "./pointer.js";
import { CLOCK, InputStream } from "./stream.js";

/** @typedef {import("./keyboard.js").Held} Held */
/** @typedef {import("./pointer.js").Where} Where */
/** @typedef {import("./stream.js").Clock} Clock */
/** @typedef {import("./stream.js").InputEvent} InputEvent */

/** @typedef {"cad" | "meta" | "alt_tab"} KeyName */

/** Keys that this computer's system keeps for itself, in the order pressed. */
/** @type {Record<KeyName, Held[]>} */
const KEYS = {
    cad: [
        { code: "ControlLeft", key: "Control", loc: 1 },
        { code: "AltLeft", key: "Alt", loc: 1 },
        { code: "Delete", key: "Delete", loc: 0 },
    ],
    meta: [{ code: "MetaLeft", key: "Meta", loc: 1 }],
    alt_tab: [
        { code: "AltLeft", key: "Alt", loc: 1 },
        { code: "Tab", key: "Tab", loc: 0 },
    ],
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
