// Wiring of the second page: one's own account, and what an admin and an auditor do.
// Apart from the console: it joins no session and has no key.
//
// What end-to-end tests may hold on to, all of it `data-testid`:
//   tab-own tab-accounts tab-deeds tab-journal tab-relay to-console sign-out problem
//   sign-in (a row of one's own) revoke new-recovery secret recovery-code
//   accounts account (data-name) account-role account-lock account-reset account-sign-ins
//   new-account account-name account-shown account-new-role account-submit
//   deed journal-session journal-entry tariff customer health

import { log } from "../log.js";
import { mount } from "../mount.js";
import { Desk } from "./desk.js";
import { OFFICE } from "./text.js";
import { draw } from "./views.js";

async function start() {
    const changed = mount((language, speak) => {
        const words = OFFICE[language];
        return { title: words.title, view: draw({ desk, words, language, speak }) };
    });
    const desk = new Desk({
        ask: (input, init) => fetch(input, init),
        changed,
        leave: () => location.assign("./"),
    });
    changed();
    await desk.start();
}

start().catch((error) => log.fault("start", error));
