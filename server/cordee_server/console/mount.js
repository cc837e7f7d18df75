// What every page begins with: its place, what the browser keeps, one drawing a turn.

import { render } from "./html.js";
import { LANGUAGES, chooseLanguage, rememberLanguage } from "./text/choose.js";

/** @typedef {import("./text/figures.js").Language} Language */

/** @returns {HTMLElement} where the page is drawn, empty */
export function place() {
    const app = document.getElementById("app");
    if (app === null) throw new Error("the page has lost its place for us");
    app.replaceChildren();
    return app;
}

/** @returns {Storage | null} null where the browser keeps nothing for us */
export function storageOf() {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}

/**
 * Many changes are one drawing, once all of them were made.
 *
 * @param {() => void} draw
 * @returns {() => void} to be called at every change
 */
export function oncePerTurn(draw) {
    let isPlanned = false;
    return () => {
        if (isPlanned) return;
        isPlanned = true;
        queueMicrotask(() => {
            isPlanned = false;
            draw();
        });
    };
}

/**
 * A page beside the console: it joins no session and has no key.
 *
 * @param {(language: Language, speak: (chosen: Language) => void) =>
 *     { title: string, view: import("./html.js").VNode }} look what stands there now
 * @returns {() => void} to be called at every change
 */
export function mount(look) {
    const app = place();
    const storage = storageOf();
    let language = chooseLanguage(navigator.languages, storage);
    const speak = (/** @type {Language} */ chosen) => {
        language = chosen;
        rememberLanguage(chosen, storage);
        changed();
    };
    const changed = oncePerTurn(() => {
        const { title, view } = look(language, speak);
        document.documentElement.lang = language;
        document.title = `${title} – ${LANGUAGES[language].product}`;
        render(view, app);
    });
    return changed;
}
