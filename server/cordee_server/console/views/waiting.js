// From the engagement to the first yes: a code said on the phone, then the
// customer reads and decides.
//
// The secret half of a code is a text node and nothing else: never an attribute, an
// address or a title (S-09).

import { html } from "../html.js";
import { refusal } from "../text/choose.js";
import { money } from "../text/figures.js";
import { Refusal, TimeBar } from "./frame.js";
import { Icon } from "./icons.js";
import { InviteText } from "./inviting.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Meet({ page, actions }) {
    const { words, engagement, session } = page;
    if (engagement === null) return null;
    const { customer, purpose } = engagement;
    if (session?.phase === "pairing" || session?.phase === "consenting") {
        return html`<${Reading} page=${page} actions=${actions} />`;
    }
    const spoken = session?.phase === "inviting" ? session.spoken : null;
    return html`<main class="meet">
        <button type="button" class="quiet back" data-testid="back" onClick=${actions.leave}>
            <${Icon} name="back" />${words.back_today}
        </button>
        <h1>${words.meet_title(customer)}</h1>
        <p class="lead">${purpose}</p>
        ${
            spoken !== null
                ? html`<${Dictate} page=${page} actions=${actions} spoken=${spoken} />`
                : html`<div class="two-ways">
                      <${Invite} page=${page} actions=${actions} />
                      <span class="or" aria-hidden="true">${words.or}</span>
                      <${Claim} page=${page} actions=${actions} />
                  </div>`
        }
        <${InviteText} page=${page} />
    </main>`;
}

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Invite({ page, actions }) {
    const { words, engagement, busy } = page;
    const refused = page.refusal?.about === "invite" ? page.refusal : null;
    return html`<section class="card way">
        <h2>${words.invite_title}</h2>
        <p class="lead">${words.invite_lead(engagement?.customer ?? "")}</p>
        <p class="soft" data-testid="invite-needs">${words.invite_needs}</p>
        ${
            refused !== null &&
            html`<${Refusal} testid="invite-refusal" text=${refusal(words, refused.code)} />`
        }
        <button
            type="button"
            class="primary wide"
            data-testid="invite"
            disabled=${busy !== null || !page.mayMeet}
            onClick=${actions.invite}
        >
            ${busy === "invite" ? words.invite_busy : words.invite_submit}
        </button>
    </section>`;
}

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Claim({ page, actions }) {
    const { words, engagement, busy } = page;
    const refused = page.refusal?.about === "claim" ? page.refusal : null;
    const submit = (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.currentTarget);
        const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("code"));
        // What is right leaves the page's fields at once; what is not may be mended.
        if (actions.claim(field.value)) field.value = "";
    };
    return html`<form class="card way" data-testid="claim-form" onSubmit=${submit}>
        <h2>${words.claim_title}</h2>
        <p class="lead">${words.claim_lead(engagement?.customer ?? "")}</p>
        <label class="field">
            <span class="unseen">${words.claim_label}</span>
            <input
                name="code"
                class="digits large"
                data-testid="claim-code"
                placeholder="000 000 000"
                autocomplete="off"
                inputmode="numeric"
                maxlength="40"
                required
            />
        </label>
        ${
            refused !== null &&
            html`<${Refusal} testid="claim-refusal" text=${refusal(words, refused.code)} />`
        }
        <button
            class="outlined wide"
            data-testid="claim-submit"
            disabled=${busy !== null || !page.mayMeet}
        >
            ${busy === "claim" ? words.claim_busy : words.claim_submit}
        </button>
    </form>`;
}

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 * @param {string} props.spoken
 */
function Dictate({ page, actions, spoken }) {
    const { words, engagement, session } = page;
    const customer = engagement?.customer ?? "";
    const left = ((session?.codeUntil ?? 0) - page.nowMs) / 1000;
    const failed = session !== null && session.runsFailed > 0;
    return html`<section class="card dictate">
        <h2>${words.code_title}</h2>
        <p class="code" data-testid="code">
            ${spoken.split(" ").map((group) => html`<span>${group}</span> `)}
        </p>
        <${TimeBar} left=${left} whole=${session?.codeLifetimeS ?? 1} />
        <p class="time-left" data-testid="code-left">${words.code_left(left)}</p>
        <p class="lead">${words.code_lead(customer)}</p>
        ${
            failed &&
            html`<${Refusal}
                testid="code-runs"
                text=${words.code_runs(session.runsLeft)}
            />`
        }
        <div class="row spread">
            <p class="pending" role="status">
                <span class="pulse"></span>${words.code_waiting(customer)}
            </p>
            <button
                type="button"
                class="outlined"
                data-testid="code-cancel"
                onClick=${actions.cancelCode}
            >
                ${words.cancel}
            </button>
        </div>
    </section>`;
}

/**
 * Keys are being agreed on, then the customer reads.
 *
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Reading({ page, actions }) {
    const { words, engagement, session } = page;
    if (engagement === null || session === null) return null;
    const { customer, purpose } = engagement;
    const reads = session.phase === "consenting";
    const left = (session.questionUntil - page.nowMs) / 1000;
    const step = (/** @type {string} */ text, /** @type {string} */ state) =>
        html`<li class=${state}>
            <span class="dot">${state === "done" && html`<${Icon} name="check" />`}</span>${text}
        </li>`;
    return html`<main class="centre">
        <section class="card reading" data-testid="waiting" data-phase=${session.phase}>
            <ol class="steps">
                ${step(words.step_code, reads ? "done" : "now")}
                ${step(words.step_read(customer), reads ? "now" : "next")}
                ${step(words.step_see, "next")}
            </ol>
            <div role="status">
                <h1>${reads ? words.reading_title(customer) : words.pairing_title}</h1>
            </div>
            <p class="lead">${reads ? words.reading_lead : words.pairing_lead}</p>
            ${
                reads &&
                html`<${TimeBar} left=${left} whole=${session.consentS} />
                    <p class="time-left" data-testid="consent-left">
                        ${words.reading_left(left)}
                    </p>`
            }
            ${
                !session.linkIsUp &&
                html`<${Refusal} testid="link-lost" text=${words.hint_link_own} />`
            }
            ${
                session.linkIsUp &&
                session.peerIsLost &&
                html`<${Refusal} testid="link-lost" text=${words.hint_link_peer(customer)} />`
            }
            <dl class="asked">
                <dt>${words.asked_for}</dt>
                <dd>${purpose}</dd>
                <dd class="soft">${priceOf(page, engagement)}</dd>
            </dl>
            <${EndInPlace} page=${page} actions=${actions} />
        </section>
    </main>`;
}

/**
 * @param {PageState} page
 * @param {import("../api.js").Engagement} agreed
 */
function priceOf({ words, language }, agreed) {
    const price = money(agreed.price_cents, agreed.currency, language);
    return words.tariff_rule(price, agreed.unit_s, agreed.unit_s * agreed.minimum_units);
}

/**
 * End, with its question where the button was.
 *
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function EndInPlace({ page, actions }) {
    const { words, engagement, isEnding } = page;
    if (!isEnding) {
        return html`<button
            type="button"
            class="outlined end"
            data-testid="end"
            onClick=${actions.askEnd}
        >
            ${words.end}
        </button>`;
    }
    if (page.interruption !== null) return html`<${Interrupt} page=${page} actions=${actions} />`;
    return html`<div class="confirm" role="group" data-testid="end-question">
        <span>${words.end_question(engagement?.customer ?? "")}</span>
        <button type="button" class="danger" data-testid="end-yes" onClick=${actions.end}>
            ${words.end_yes}
        </button>
        <button
            type="button"
            class="outlined"
            data-testid="interrupt"
            onClick=${() => actions.interrupt("")}
        >
            ${words.interrupt}
        </button>
        <button type="button" class="outlined" data-testid="end-no" onClick=${actions.keepGoing}>
            ${words.end_no}
        </button>
    </div>`;
}

/**
 * Break off: the cause is mandatory, for it decides what is owed (R35, B04).
 *
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Interrupt({ page, actions }) {
    const { words, interruption } = page;
    return html`<div class="confirm" role="group" data-testid="interrupt-question">
        <label>
            ${words.interrupt_why}${" "}
            <select
                data-testid="interrupt-cause"
                value=${interruption}
                onChange=${(/** @type {Event} */ event) => {
                    if (event.target instanceof HTMLSelectElement) {
                        actions.interrupt(event.target.value);
                    }
                }}
            >
                <option value="">${words.interrupt_choose}</option>
                ${Object.entries(words.interruptions).map(
                    ([cause, text]) => html`<option value=${cause}>${text}</option>`,
                )}
            </select>
        </label>
        <button
            type="button"
            class="danger"
            data-testid="interrupt-yes"
            disabled=${interruption === ""}
            onClick=${actions.end}
        >
            ${words.interrupt_yes}
        </button>
        <button type="button" class="outlined" data-testid="end-no" onClick=${actions.keepGoing}>
            ${words.end_no}
        </button>
    </div>`;
}
