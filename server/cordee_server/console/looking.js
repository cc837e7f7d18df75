// How the technician looks at the customer's screen: how large, which part, sharp or
// quick. A wish that outlives the picture: a pause or a lost link brings a new stage,
// and the look with it.

import { LOSSY } from "./wire/picture.js";

/** @typedef {import("./screen/viewport.js").Look} Look */
/** @typedef {import("./wire/picture.js").Coding} Coding */

/** @typedef {"quick" | "sharp"} Preference what comes first on a slow line */

/** @typedef {Look & { prefers: Preference }} LookState */

/** What a look is applied to. */
/** @typedef {{ look: (look: Look) => void, prefer: (codings: (all: Coding[]) => Coding[]) => void,
 *     readonly scale: number }} Looked */

/** Sizes that the buttons step through: their pixels in one of ours. */
export const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3, 4];

const STORED = "cordee.prefers";

/** Owned by the page. */
export class Looking {
    /** @type {Look} */
    #look = { size: "fit", monitor: null };
    /** @type {Preference} */
    #prefers;
    /** @type {Looked | null} */
    #stage = null;
    #changed;
    #storage;

    /**
     * @param {() => void} changed
     * @param {{ getItem?: (name: string) => string | null,
     *     setItem: (name: string, value: string) => void } | null} storage
     */
    constructor(changed, storage) {
        this.#changed = changed;
        this.#storage = storage;
        this.#prefers = storage?.getItem?.(STORED) === "sharp" ? "sharp" : "quick";
    }

    /** @returns {LookState} */
    get state() {
        return { ...this.#look, prefers: this.#prefers };
    }

    /** @param {Looked} stage shows what there is to see, from here on */
    use(stage) {
        this.#stage = stage;
        stage.look(this.#look);
        stage.prefer(this.#choice);
    }

    /** Nothing is to be seen any more; the next customer's monitors are others. */
    drop() {
        this.#stage = null;
        this.#look = { ...this.#look, monitor: null };
    }

    fit = () => this.#take({ size: "fit" });
    actual = () => this.#take({ size: "actual" });
    zoomIn = () => this.#step((at) => STEPS.find((step) => step > at * 1.01));
    zoomOut = () => this.#step((at) => STEPS.findLast((step) => step < at * 0.99));

    /** @param {number | null} monitor null: all of them */
    choose = (monitor) => this.#take({ monitor });

    /** @param {Preference} prefers */
    prefer = (prefers) => {
        this.#prefers = prefers;
        this.#storage?.setItem(STORED, prefers);
        this.#stage?.prefer(this.#choice);
        this.#changed();
    };

    /** @param {Coding[]} all @returns {Coding[]} what the agent may use */
    #choice = (all) =>
        this.#prefers === "sharp" ? all.filter((coding) => !LOSSY.has(coding)) : all;

    /** @param {(at: number) => number | undefined} next */
    #step(next) {
        const size = next(this.#stage?.scale ?? 1);
        if (size !== undefined) this.#take({ size });
    }

    /** @param {Partial<Look>} change */
    #take(change) {
        this.#look = { ...this.#look, ...change };
        this.#stage?.look(this.#look);
        this.#changed();
    }
}
