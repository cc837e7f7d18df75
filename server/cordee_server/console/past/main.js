// Wiring of the page of what was: it joins no session and has no key.
//
// What end-to-end tests may hold on to, all of it `data-testid`:
//   search search-text search-from search-until search-submit past (a row; data-session)
//   past-open drawn band (data-state) mark none problem month-link to-console

import { render } from "../html.js";
import { log } from "../log.js";
import { LANGUAGES, chooseLanguage, rememberLanguage } from "../text/choose.js";
import { Past } from "./past.js";
import { PAST } from "./text.js";
import { draw as drawn } from "./views.js";

/** @returns {Storage | null} null where the browser keeps nothing for us */
function storageOf() {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}

async function start() {
    const app = document.getElementById("app");
    if (app === null) throw new Error("history.html has lost its place for us");
    app.replaceChildren();
    const storage = storageOf();
    let language = chooseLanguage(navigator.languages, storage);
    let isPlanned = false;
    const draw = () => {
        isPlanned = false;
        document.documentElement.lang = language;
        document.title = `${PAST[language].title} – ${LANGUAGES[language].product}`;
        render(drawn({ past, words: PAST[language], language, speak }), app);
    };
    const changed = () => {
        if (isPlanned) return;
        isPlanned = true;
        queueMicrotask(draw);
    };
    const speak = (/** @type {import("../text/figures.js").Language} */ chosen) => {
        language = chosen;
        rememberLanguage(chosen, storage);
        changed();
    };
    const past = new Past(
        (input, init) => fetch(input, init),
        changed,
        () => location.assign("./"),
    );
    changed();
    await past.search({ text: "", from: "", until: "" });
}

start().catch((error) => log.fault("start", error));
