// Wiring of the second page: one's own account, and what an admin and an auditor do.
// Apart from the console: it joins no session and has no key.
//
// What end-to-end tests may hold on to, all of it `data-testid`:
//   tab-own tab-accounts tab-deeds tab-journal tab-relay to-console sign-out problem
//   sign-in (a row of one's own) revoke new-recovery secret recovery-code
//   accounts account (data-name) account-role account-lock account-reset account-sign-ins
//   new-account account-name account-shown account-new-role account-submit
//   deed journal-session journal-entry tariff customer health

import { render } from "../html.js";
import { log } from "../log.js";
import { LANGUAGES, chooseLanguage, rememberLanguage } from "../text/choose.js";
import { Desk } from "./desk.js";
import { OFFICE } from "./text.js";
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
    if (app === null) throw new Error("admin.html has lost its place for us");
    app.replaceChildren();
    const storage = storageOf();
    let language = chooseLanguage(navigator.languages, storage);
    let isPlanned = false;
    const draw = () => {
        isPlanned = false;
        document.documentElement.lang = language;
        document.title = `${OFFICE[language].title} – ${LANGUAGES[language].product}`;
        render(drawn({ desk, words: OFFICE[language], language, speak }), app);
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
    const desk = new Desk({
        ask: (input, init) => fetch(input, init),
        changed,
        leave: () => location.assign("./"),
    });
    changed();
    await desk.start();
}

start().catch((error) => log.fault("start", error));
