// What stands around every view: the bar at the top, warnings about the relay.

import { html } from "../html.js";
import { OFFICE } from "../office/text.js";
import { PAST } from "../past/text.js";
import { Icon, Logo } from "./icons.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../html.js").Child} Child */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function TopBar({ page, actions }) {
    const { words, me, session } = page;
    const busy = session !== null && session.phase !== "ended";
    return html`<header class="bar">
        <div class="brand"><${Logo} /><span>${words.product}</span></div>
        ${
            busy && page.engagement !== null
                ? html`<div class="bar-subject">
                      <strong>${page.engagement.customer}</strong>
                      <span>${page.engagement.purpose}</span>
                  </div>`
                : html`<div class="bar-subject">
                      <span>${me?.organisation ?? page.relay.organisation}</span>
                  </div>`
        }
        <${Languages} page=${page} actions=${actions} />
        ${
            me !== null &&
            html`<span class="bar-name" title=${words.signed_in_as(me.display_name)}
                    >${me.display_name}</span
                >
                ${
                    !busy &&
                    html`<a class="quiet on-dark" href="history.html" data-testid="history"
                            >${PAST[page.language].title}</a
                        ><a class="quiet on-dark" href="admin.html" data-testid="account"
                            >${OFFICE[page.language].tabs.own}</a
                        ><button
                        type="button"
                        class="quiet on-dark"
                        data-testid="sign-out"
                        onClick=${actions.signOut}
                    >
                        ${words.sign_out}
                    </button>`
                }`
        }
    </header>`;
}

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Languages({ page, actions }) {
    const one = (/** @type {"fr" | "en"} */ language, /** @type {string} */ name) =>
        html`<button
            type="button"
            class="language"
            lang=${language}
            data-testid=${`language-${language}`}
            aria-pressed=${String(page.language === language)}
            onClick=${() => actions.speak(language)}
        >
            <span aria-hidden="true">${language.toUpperCase()}</span>
            <span class="unseen">${name}</span>
        </button>`;
    return html`<div class="languages" role="group">
        ${one("fr", "Français")} ${one("en", "English")}
    </div>`;
}

/**
 * The relay does not answer, or is another one than before.
 *
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function RelayNotice({ page, actions }) {
    const { words, relay } = page;
    if (relay.changed !== null) {
        return html`<div class="notice danger" role="alert" data-testid="relay-changed">
            <${Icon} name="alert" />
            <div>
                <strong>${words.relay_changed_title}</strong>
                <p>${words.relay_changed}</p>
                <p class="prints">
                    <span>${words.relay_known(relay.changed.known)}</span>
                    <span>${words.relay_now(relay.changed.now)}</span>
                </p>
                <button
                    type="button"
                    class="outlined danger"
                    data-testid="relay-accept"
                    onClick=${actions.acceptRelay}
                >
                    ${words.relay_accept}
                </button>
            </div>
        </div>`;
    }
    if (page.me === null || !relay.isLost || page.session?.phase === "live") return null;
    return html`<div class="notice" role="status" data-testid="relay-down">
        <${Icon} name="link" />
        <p>${words.relay_down}</p>
    </div>`;
}

/**
 * A sentence that says no, read out as it appears.
 *
 * @param {object} props
 * @param {string} props.text
 * @param {string} props.testid
 */
export function Refusal({ text, testid }) {
    return html`<p class="refusal" role="alert" data-testid=${testid}>
        <${Icon} name="alert" /><span>${text}</span>
    </p>`;
}

/**
 * A time that runs out, as a bar; the words beside it say the same.
 *
 * @param {object} props
 * @param {number} props.left seconds
 * @param {number} props.whole seconds
 */
export function TimeBar({ left, whole }) {
    return html`<progress
        class=${left <= 30 ? "time-bar soon" : "time-bar"}
        aria-hidden="true"
        max=${whole}
        value=${Math.max(0, Math.min(whole, left))}
    ></progress>`;
}
