// The session's picture and hands, brought in line with what the session allows.

import { RemoteViolation } from "./errors.js";
import { utf8 } from "./pairing/bytes.js";
import { Channel } from "./wire/frames.js";

/** @typedef {import("./errors.js").CordeeError} CordeeError */
/** @typedef {import("./line.js").SealedLine} SealedLine */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Wiring} Wiring */
/** @typedef {import("./state.js").Mode} Mode */

/** What a session needs of its stage. */
/** @typedef {Pick<Stage, "receive" | "clear" | "pauseStream" | "listen" | "deafen">} Shown */

/** @type {import("./screen/screen.js").Sight} */
const UNSEEN = { isSharp: true, tripMs: 0, rateKbit: 0 };

/** Pictures may be shown. @type {ReadonlySet<Mode>} */
const VISIBLE = new Set(["viewing", "controlling", "reclaimed"]);

/** Owned by one session. */
export class Sight {
    /** @type {Shown | null} */
    #stage = null;
    #make;
    #line;
    #changed;
    #broken;
    /** @type {Mode} */
    #mode = "waiting";
    #seen = UNSEEN;
    /** @type {readonly import("./wire/picture.js").Monitor[]} */
    #monitors = [];
    hasPicture = false;
    hasFailed = false;

    /**
     * @param {(wiring: Wiring) => Shown} make
     * @param {Pick<SealedLine, "seal" | "quietS">} line
     * @param {() => void} changed
     * @param {(fault: CordeeError) => void} broken the agent broke the rules
     */
    constructor(make, line, changed, broken) {
        this.#make = make;
        this.#line = line;
        this.#changed = changed;
        this.#broken = broken;
    }

    get state() {
        return {
            hasPicture: this.hasPicture,
            pictureFailed: this.hasFailed,
            sight: this.#seen,
            monitors: this.#monitors,
            quietS: this.#line.quietS,
        };
    }

    /** There will be something to see: make its place. */
    prepare() {
        this.#stage ??= this.#make({
            sendAck: (ack) => {
                void this.#line.seal(Channel.CONTROL, new Uint8Array(ack));
            },
            sendInput: (batch) => {
                if (this.#mode !== "controlling") return;
                void this.#line.seal(Channel.INPUT, utf8(JSON.stringify(batch)));
            },
            begun: (monitors) => {
                this.hasPicture = true;
                this.#monitors = monitors;
                this.#changed();
            },
            seen: (sight) => {
                this.#seen = sight;
                this.#changed();
            },
            failed: (fault) => {
                this.hasFailed = true;
                if (fault instanceof RemoteViolation) this.#broken(fault);
                this.#changed();
            },
        });
    }

    /**
     * @param {Uint8Array} payload in any other mode it crossed a withdrawal on the wire
     * @param {Mode} mode
     */
    receive(payload, mode) {
        if (VISIBLE.has(mode)) this.#stage?.receive(payload);
    }

    /** The stream is cut; what can be seen stays until there is more. */
    cut() {
        this.#stage?.pauseStream();
    }

    /** The hands stop before anything else is asked. */
    deafen() {
        this.#stage?.deafen();
    }

    /** @param {Mode} mode that counts from now on */
    settle(mode) {
        this.#mode = mode;
        if (mode === "controlling") this.#stage?.listen();
        else this.#stage?.deafen();
        if ((mode === "paused" || mode === "ended") && this.hasPicture) {
            this.hasPicture = false;
            this.#seen = UNSEEN;
            this.#stage?.clear();
        }
    }
}
