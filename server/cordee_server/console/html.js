// Markup as tagged templates: every value becomes an attribute or a text node,
// never markup. What all views import.

import htm from "./vendor/htm.js";
import { Component, createRef, h, render } from "./vendor/preact.js";

/** @typedef {import("./vendor/preact.js").VNode} VNode */
/** @typedef {import("./vendor/preact.js").Child} Child */

export const html = htm.bind(h);
export { Component, createRef, render };
