// The whole screen for the console, and every key with it where the browser can:
// Alt+Tab, the Windows key and Escape then go to the customer's computer too.
//
// Keyboard lock is Chromium's (WICG keyboard-lock); elsewhere the special keys' menu
// stands in. In a locked page Escape has to be held to leave, as the browser says itself.

import { log } from "./log.js";

/** What is used of a document. */
/** @typedef {Pick<Document, "fullscreenElement" | "exitFullscreen" | "documentElement"
 *     | "addEventListener">} Screen */
/** @typedef {{ lock?: () => Promise<void>, unlock?: () => void }} Keys */

/** Owned by the page. */
export class FullScreen {
    #screen;
    #keys;
    #changed;
    #isLocked = false;

    /**
     * @param {Screen} screen
     * @param {Keys | undefined} keys `navigator.keyboard`
     * @param {() => void} changed
     */
    constructor(screen, keys, changed) {
        this.#screen = screen;
        this.#keys = keys;
        this.#changed = changed;
        screen.addEventListener("fullscreenchange", () => void this.#settle());
    }

    get isFull() {
        return this.#screen.fullscreenElement !== null;
    }

    /** Whether every key goes to the page. */
    get isLocked() {
        return this.#isLocked;
    }

    toggle = () => {
        const change = this.isFull
            ? this.#screen.exitFullscreen()
            : this.#screen.documentElement.requestFullscreen();
        return change.catch((error) => log.fault("full_screen", error));
    };

    async #settle() {
        if (this.isFull) {
            try {
                await this.#keys?.lock?.();
                this.#isLocked = this.isFull && this.#keys?.lock !== undefined;
            } catch (error) {
                log.fault("keyboard_lock", error);
            }
        } else {
            this.#isLocked = false;
            this.#keys?.unlock?.();
        }
        this.#changed();
    }
}
