// Wiring of the page of what was: it joins no session and has no key.
//
// What end-to-end tests may hold on to, all of it `data-testid`:
//   search search-text search-from search-until search-submit past (a row; data-session)
//   past-open drawn band (data-state) mark none problem month-link to-console

import { log } from "../log.js";
import { mount } from "../mount.js";
import { Past } from "./past.js";
import { PAST } from "./text.js";
import { draw } from "./views.js";

async function start() {
    const changed = mount((language, speak) => {
        const words = PAST[language];
        return { title: words.title, view: draw({ past, words, language, speak }) };
    });
    const past = new Past(
        (input, init) => fetch(input, init),
        changed,
        () => location.assign("./"),
    );
    changed();
    await past.search({ text: "", from: "", until: "" });
}

start().catch((error) => log.fault("start", error));
