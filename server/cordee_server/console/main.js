// Wiring: the one place where the console is put together. Nothing here decides
// anything.
//
// What end-to-end tests may hold on to, all of it `data-testid`:
//   language-fr language-en sign-out relay-down relay-changed relay-accept
//   login: login login-name login-password login-totp login-submit login-refusal
//   today: engagements engagement engagement-open today-empty
//     engagement-form engagement-customer engagement-purpose engagement-tariff
//     engagement-submit engagement-refusal
//   meet: back invite invite-refusal code (its text is the code) code-left code-runs
//     code-cancel claim-form claim-code claim-submit claim-refusal
//   wait: waiting (data-phase: pairing, consenting) consent-left
//   assist: mode (data-mode: waiting, viewing, controlling, reclaimed, paused,
//     interrupted, ended) mode-words mode-hint mode-time ask-control release-control
//     end end-question end-yes end-no interrupt interrupt-cause interrupt-yes cover keys (the field that reads the keyboard)
//     time-viewing time-controlling … full-screen, and canvas#screen
//     menu-look: fit-fit fit-actual zoom-in zoom zoom-out monitor-all monitor-0 …
//     prefer-quick prefer-sharp; menu-keys: key-cad key-meta … keyboard
//     menu-type: type-hand-back type-text type-submit
//   ended: ended (data-reason) ended-why ended-duration ended-helped ended-bill
//     ended-record ended-today ended-again

import { Api } from "./api.js";
import { Assist } from "./assist.js";
import { browserCalls } from "./calls.js";
import { FullScreen } from "./fullscreen.js";
import { render } from "./html.js";
import { Link, linkUrl } from "./link.js";
import { newKey } from "./keys.js";
import { log } from "./log.js";
import { oncePerTurn, place, storageOf } from "./mount.js";
import { isOfficeOnly } from "./office/desk.js";
import { Page } from "./page.js";
import { RelayKey } from "./relay.js";
import { Stage } from "./stage.js";
import { LANGUAGES, chooseLanguage } from "./text/choose.js";
import { draw } from "./views/all.js";

/** How often countdowns and timers are drawn. */
const DRAW_MS = 250;

async function start() {
    const app = place();
    const storage = storageOf();
    const language = chooseLanguage(navigator.languages, storage);

    const key = await newKey();
    if (key === null) {
        app.textContent = LANGUAGES[language].not_supported;
        app.className = "plain";
        return;
    }

    const changed = oncePerTurn(() => {
        const { state } = page;
        document.documentElement.lang = state.language;
        const { calling } = page;
        document.title = calling === "" ? state.words.product : `● ${calling}`;
        render(draw({ page: state, actions: page }), app);
    });

    const api = new Api();
    /** @type {Page} */
    const page = new Page(
        {
            api,
            relayKey: new RelayKey(storage),
            storage,
            clock: { now: () => performance.now(), wall: () => Date.now() },
            changed,
            calls: browserCalls(window),
            elsewhere: (role) => {
                if (!isOfficeOnly(role)) return false;
                location.assign("admin.html");
                return true;
            },
            screen: new FullScreen(document, Object(navigator).keyboard, changed),
            makeLink: (listener) =>
                new Link({
                    url: linkUrl(location),
                    hello: () => ({ lang: page.state.language, pk: key.pk }),
                    listener,
                }),
            makeAssist: (meant) => new Assist({ ...meant, key, origin: api.relayOrigin(location) }),
            makeStage: (wiring) => new Stage(wiring, navigator.platform),
        },
        language,
    );

    setInterval(() => {
        if (page.state.session !== null || page.state.today !== null) changed();
        page.tend();
    }, DRAW_MS);
    addEventListener("online", () => page.hurry());
    addEventListener("focus", () => page.hurry());
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") page.hurry();
    });
    addEventListener("beforeunload", (event) => {
        if (page.isLive) event.preventDefault();
    });
    changed();
    await page.start();
}

start().catch((error) => log.fault("start", error));
