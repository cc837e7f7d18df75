// The session's place in the page: the picture, and the hands over it. What Assist
// drives, without knowing of elements.

import { Hands } from "./input/hands.js";
import { Pan } from "./input/pan.js";
import { log } from "./log.js";
import { probe } from "./screen/probe.js";
import { RemoteScreen } from "./screen/screen.js";
import { encodeTakes } from "./wire/picture.js";

/** @typedef {import("./input/hands.js").KeyName} KeyName */
/** @typedef {import("./input/stream.js").InputEvent} InputEvent */
/** @typedef {import("./screen/viewport.js").Look} Look */
/** @typedef {import("./wire/picture.js").Coding} Coding */
/** @typedef {import("./wire/picture.js").Monitor} Monitor */

/**
 * What a stage tells its session.
 *
 * @typedef {object} Wiring
 * @property {(payload: Uint8Array) => void} sendAck
 * @property {(batch: InputEvent[]) => void} sendInput
 * @property {(monitors: Monitor[]) => void} begun there is a picture, of these monitors
 * @property {(sight: import("./screen/screen.js").Sight) => void} seen what is known of
 *     picture and way has changed
 * @property {(fault: import("./errors.js").CordeeError) => void} failed the picture
 *     cannot go on: the agent broke the rules, or this browser cannot show it
 */

/** Owned by one session; thrown away with it. */
export class Stage {
    #wiring;
    #hands;
    /** @type {HTMLElement} */
    #room;
    /** @type {RemoteScreen} */
    #screen;
    /** @type {HTMLElement | null} */
    #box = null;
    /** @type {Look} */
    #look = { size: "fit", monitor: null };
    /** What this browser unfolds. @type {Coding[]} */
    #codings = [];
    /** @type {(all: Coding[]) => Coding[]} */
    #choice = (all) => all;

    /**
     * @param {Wiring} wiring
     * @param {string} platform what the browser calls its system
     */
    constructor(wiring, platform) {
        this.#wiring = wiring;
        [this.#room, this.#screen] = this.#build();
        this.#hands = new Hands({
            send: (batch) => wiring.sendInput(batch),
            place: (x, y, clamp) => this.#screen.toWire(x, y, { clamp }),
            platform,
        });
        // The agent sends the plain form until it knows better.
        void probe().then((codings) => {
            this.#codings = codings;
            this.prefer(this.#choice);
        });
    }

    /**
     * @param {Uint8Array} payload of the screen channel
     * @throws {import("./errors.js").CordeeError} the agent broke the rules
     */
    receive(payload) {
        this.#screen.receive(payload);
    }

    /**
     * Nothing of the customer's screen is left in this page: not on the canvas and not
     * in the memory behind it. The next picture begins with a layout.
     */
    clear() {
        this.#screen.close();
        const before = this.#room;
        [this.#room, this.#screen] = this.#build();
        this.#screen.setLook(this.#look);
        before.replaceWith(this.#room);
    }

    /** What is under way is lost; what can be seen stays until there is more. */
    pauseStream() {
        this.#screen.reset();
    }

    listen() {
        this.#hands.listen();
    }

    deafen() {
        this.#hands.deafen();
    }

    /** @param {KeyName} name */
    press(name) {
        this.#hands.press(name);
    }

    /** @param {string} text */
    type(text) {
        this.#hands.type(text);
    }

    focus() {
        this.#hands.focus();
    }

    /** Their pixels in one of ours, as shown now. */
    get scale() {
        return this.#screen.scale;
    }

    /**
     * Where on the customer's desktop a point of this window is.
     *
     * @param {number} clientX
     * @param {number} clientY
     */
    place(clientX, clientY) {
        return this.#screen.toWire(clientX, clientY);
    }

    /** @returns {Promise<Blob | null>} what is seen now, as a PNG file */
    picture() {
        const canvas = this.#room.querySelector("canvas");
        if (canvas === null || canvas.hidden) return Promise.resolve(null);
        return new Promise((done) => canvas.toBlob(done, "image/png"));
    }

    /** @param {Look} look */
    look(look) {
        this.#look = look;
        this.#screen.setLook(look);
    }

    /** @param {(all: Coding[]) => Coding[]} choice which of the codings to ask for */
    prefer(choice) {
        this.#choice = choice;
        const wanted = choice(this.#codings);
        if (wanted.length > 0) this.#wiring.sendAck(encodeTakes(wanted));
    }

    /**
     * @param {HTMLElement} box
     * @param {HTMLTextAreaElement} field
     * @returns {() => void} undoes it
     */
    mount(box, field) {
        this.#box = box;
        box.append(this.#room);
        const unmount = this.#hands.mount(box, field);
        return () => {
            unmount();
            this.#room.remove();
            this.#box = null;
        };
    }

    /** The session is over. */
    close() {
        this.deafen();
        log.fact("picture", this.#screen.stats());
        this.clear();
        if (this.#box === null) this.#room.remove();
    }

    /** @returns {[HTMLElement, RemoteScreen]} */
    #build() {
        const room = document.createElement("div");
        room.className = "room";
        room.tabIndex = 0; // who has no mouse scrolls it by its arrow keys
        const canvas = document.createElement("canvas");
        canvas.id = "screen";
        canvas.hidden = true; // until there is something on it
        // The picture is sized to the room around it, from the first moment on.
        const part = document.createElement("div");
        part.className = "part";
        part.append(canvas);
        room.append(part);
        new Pan(room, () => !this.#hands.isListening);
        const screen = new RemoteScreen(canvas, {
            sendAck: (payload) => this.#wiring.sendAck(payload),
            room,
            onLayout: ({ monitors }) => {
                canvas.hidden = false;
                this.#wiring.begun(monitors);
            },
            onSight: (sight) => this.#wiring.seen(sight),
            onFault: (fault) => {
                log.fault("picture", fault);
                this.#wiring.failed(fault);
            },
        });
        return [room, screen];
    }
}
