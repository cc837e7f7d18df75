// Which tab is drawn, what stands around it, and one's own account.

import { html } from "../html.js";
import { Icon, Logo } from "../views/icons.js";
import { Accounts, Deeds } from "./people.js";
import { Journal, RelayTab } from "./reading.js";
import { SignIns } from "./sign_ins.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./desk.js").Tab} Tab */
/** @typedef {import("./text.js").OfficeWords} OfficeWords */
/** @typedef {import("../text/figures.js").Language} Language */
/** @typedef {{ desk: Desk, words: OfficeWords, language: Language,
 *     speak: (language: Language) => void }} Drawn */
/** @typedef {(drawn: Drawn) => import("../html.js").VNode | null} View */

/** @type {Record<Tab, View>} */
const TABS = { own: Own, accounts: Accounts, deeds: Deeds, journal: Journal, relay: RelayTab };

/** @param {Drawn} drawn */
export function draw(drawn) {
    const { desk, words } = drawn;
    return html`<div class="page office" data-view=${desk.tab} aria-busy=${String(desk.isBusy)}>
        <${Bar} ...${drawn} />
        <main>
            <h1>${words.title}</h1>
            ${desk.me === null ? html`<p>${words.loading}</p>` : html`<${Tabs} ...${drawn} />`}
            ${
                desk.problem !== "" &&
                html`<p class="refusal" role="alert" data-testid="problem">
                    <${Icon} name="alert" /><span>${sentence(words, desk.problem)}</span>
                </p>`
            }
            ${desk.secrets !== null && html`<${Secrets} ...${drawn} />`}
            ${desk.me !== null && html`<${TABS[desk.tab]} ...${drawn} />`}
        </main>
    </div>`;
}

/**
 * @param {OfficeWords} words
 * @param {string} code
 */
function sentence(words, code) {
    /** @type {Record<string, string>} */
    const said = words.problems;
    return said[code] ?? words.problems.unavailable;
}

/** @param {Drawn} drawn */
function Bar({ desk, words, language, speak }) {
    const one = (/** @type {Language} */ which, /** @type {string} */ name) =>
        html`<button
            type="button"
            class="language"
            lang=${which}
            data-testid=${`language-${which}`}
            aria-pressed=${String(language === which)}
            onClick=${() => speak(which)}
        >
            <span aria-hidden="true">${which.toUpperCase()}</span>
            <span class="unseen">${name}</span>
        </button>`;
    const helps = desk.me?.role === "technician" || desk.me?.role === "supervisor";
    return html`<header class="bar">
        <div class="brand"><${Logo} /><span>Cordée</span></div>
        <div class="bar-subject"><span>${desk.me?.organisation ?? ""}</span></div>
        <div class="languages" role="group">${one("fr", "Français")} ${one("en", "English")}</div>
        ${
            helps &&
            html`<a class="quiet on-dark" href="./" data-testid="to-console">${words.to_console}</a>`
        }
        ${
            desk.me !== null &&
            html`<span class="bar-name">${desk.me.display_name}</span>
                <button
                    type="button"
                    class="quiet on-dark"
                    data-testid="sign-out"
                    onClick=${desk.signOut}
                >
                    ${words.sign_out}
                </button>`
        }
    </header>`;
}

/** @param {Drawn} drawn */
function Tabs({ desk, words }) {
    return html`<nav class="tabs" aria-label=${words.title}>
        ${desk.tabs.map(
            (tab) =>
                html`<button
                    type="button"
                    key=${tab}
                    class="quiet"
                    data-testid=${`tab-${tab}`}
                    aria-current=${desk.tab === tab ? "page" : null}
                    onClick=${() => desk.show(tab)}
                >
                    ${words.tabs[tab]}
                </button>`,
        )}
    </nav>`;
}

/** @param {Drawn} drawn */
function Secrets({ desk, words }) {
    const { secrets } = desk;
    if (secrets === null) return null;
    return html`<section class="card secrets" data-testid="secret" role="alert">
        <h2>${words.secrets_title(secrets.title)}</h2>
        <p class="lead">${words.secrets_lead}</p>
        <dl>
            ${
                secrets.password !== "" &&
                html`<dt>${words.password}</dt>
                    <dd data-testid="secret-password">${secrets.password}</dd>
                    <dt>${words.seed}</dt>
                    <dd data-testid="secret-seed">${secrets.seed}</dd>`
            }
            <dt>${words.recovery}</dt>
            <dd>
                <ul class="codes">
                    ${secrets.recovery.map(
                        (code) => html`<li key=${code} data-testid="recovery-code">${code}</li>`,
                    )}
                </ul>
            </dd>
        </dl>
        <button type="button" class="primary" data-testid="noted" onClick=${desk.forget}>
            ${words.noted}
        </button>
    </section>`;
}

/** @param {Drawn} drawn */
function Own(drawn) {
    const { desk, words } = drawn;
    return html`<section class="card">
            <h2>${words.own_signed_in}</h2>
            <${SignIns} ...${drawn} signIns=${desk.signIns} end=${desk.revoke} />
        </section>
        <section class="card">
            <h2>${words.recovery_title}</h2>
            <p class="lead">${words.recovery_lead}</p>
            <button
                type="button"
                class="outlined"
                data-testid="new-recovery"
                disabled=${desk.isBusy}
                onClick=${desk.newRecovery}
            >
                ${words.recovery_new}
            </button>
        </section>`;
}
