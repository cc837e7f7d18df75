// Telling a technician who looks elsewhere that a customer is there: the title at once, a
// sound, and a notice of the system where that was asked for.

import { log } from "./log.js";

/**
 * What the browser gives; tests bring their own.
 *
 * @typedef {object} CallParts
 * @property {() => boolean} isSeen somebody looks at this page
 * @property {() => void} ring
 * @property {{ permission: string, ask: () => Promise<string>,
 *     show: (title: string, body: string) => void } | null} notices null: it has none
 */

/** Owned by the page. */
export class Calls {
    #parts;
    #changed;
    /** What was called and not yet looked at. */
    #unseen = "";

    /**
     * @param {CallParts} parts
     * @param {() => void} changed
     */
    constructor(parts, changed) {
        this.#parts = parts;
        this.#changed = changed;
    }

    /** Whether the system's notices are on, may be asked for, or are not to be had. */
    get notices() {
        const notices = this.#parts.notices;
        if (notices === null || notices.permission === "denied") return "never";
        return notices.permission === "granted" ? "on" : "ask";
    }

    /** What stands before the page's name in its title, until somebody looks. */
    get title() {
        return this.#unseen;
    }

    /** @param {string} sentence @param {string} title of the notice */
    call(sentence, title) {
        this.#parts.ring();
        if (this.#parts.isSeen()) return;
        this.#unseen = sentence;
        if (this.notices === "on") this.#parts.notices?.show(title, sentence);
        this.#changed();
    }

    /** Somebody looks. */
    seen() {
        if (this.#unseen === "") return;
        this.#unseen = "";
        this.#changed();
    }

    /** Ask for the system's notices: only ever by the technician's own click. */
    ask = async () => {
        try {
            await this.#parts.notices?.ask();
        } catch (error) {
            log.fault("notices", error);
        }
        this.#changed();
    };
}

/**
 * The browser's own parts.
 *
 * @param {Window & typeof globalThis} window
 * @returns {CallParts}
 */
export function browserCalls(window) {
    const { document, Notification, AudioContext } = window;
    /** @type {AudioContext | null} */
    let audio = null;
    return {
        isSeen: () => document.visibilityState === "visible" && document.hasFocus(),
        ring: () => {
            try {
                audio ??= new AudioContext();
                chime(audio);
            } catch (error) {
                log.fault("chime", error);
            }
        },
        notices:
            Notification === undefined
                ? null
                : {
                      get permission() {
                          return Notification.permission;
                      },
                      ask: () => Notification.requestPermission(),
                      show: (title, body) => {
                          const shown = new Notification(title, { body, tag: "cordee" });
                          shown.onclick = () => window.focus();
                      },
                  },
    };
}

/**
 * Two soft tones, a third apart.
 *
 * @param {AudioContext} audio
 */
function chime(audio) {
    for (const [at, hertz] of [
        [0, 659.25],
        [0.18, 783.99],
    ]) {
        const start = audio.currentTime + Number(at);
        const tone = new OscillatorNode(audio, { frequency: Number(hertz) });
        const volume = new GainNode(audio, { gain: 0 });
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
        tone.connect(volume).connect(audio.destination);
        tone.start(start);
        tone.stop(start + 0.55);
    }
}
