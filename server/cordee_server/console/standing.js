// Where a session stands for the person in front of it: the page it is on, and the
// words and colour of the band.

import { VISIBLE } from "./session.js";

/** @typedef {import("./session.js").State} State */
/** @typedef {import("./state.js").Mode} Mode */
/** @typedef {import("./state.js").Phase} Phase */

/**
 * The journal's state, less what is withdrawn or cut off.
 *
 * @param {State | null} state null until both ends hold the same keys
 * @param {{ isOver: boolean, isOpen: boolean }} here `isOpen`: the agent can be heard
 * @returns {Mode}
 */
export function modeOf(state, { isOver, isOpen }) {
    if (isOver) return "ended";
    if (state === null || state === "pairing" || state === "consenting") return "waiting";
    return VISIBLE.has(state) && !isOpen ? "interrupted" : state;
}

/**
 * @param {State | null} state null until both ends hold the same keys
 * @param {{ isOver: boolean, isPaired: boolean, before: Phase | "over" }} here `before`:
 *     where the encounter stood
 * @returns {Phase}
 */
export function phaseOf(state, { isOver, isPaired, before }) {
    if (isOver) return "ended";
    if (state === null) return before === "over" ? "pairing" : before;
    if (!isPaired) return "pairing";
    return state === "consenting" ? "consenting" : "live";
}
