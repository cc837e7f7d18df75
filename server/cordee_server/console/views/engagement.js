// Today: whom to help, and what was agreed with them, in three fields.

import { Component, html } from "../html.js";
import { day, money, timeOfDay } from "../text/figures.js";
import { Details, details } from "./details.js";
import { Dossier } from "./dossier.js";
import { Refusal } from "./frame.js";
import { Icon } from "./icons.js";
import { said } from "./login.js";
import { Papers } from "./papers.js";
import { Now } from "./standing.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../api.js").Engagement} Engagement */
/** @typedef {import("../api.js").Tariff} Tariff */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Today({ page, actions }) {
    const { words, engagements, language } = page;
    const start = new Date(page.wallMs).setHours(0, 0, 0, 0);
    const today = engagements.filter((one) => one.confirmed_ms >= start);
    const earlier = engagements.filter((one) => one.confirmed_ms < start).slice(0, 5);
    return html`<main class="columns">
        <section class="today">
            <h1>${words.today_title}</h1>
            <p class="lead day">${day(page.wallMs, language)}</p>
            <${Now} page=${page} actions=${actions} />
            ${
                today.length === 0
                    ? html`<div class="empty" data-testid="today-empty">
                          <${Icon} name="phone" />
                          <p>
                              <strong>${words.today_none}</strong>
                              <span>${words.today_none_hint}</span>
                          </p>
                      </div>`
                    : html`<${Engagements} list=${today} page=${page} actions=${actions} />`
            }
            ${
                earlier.length > 0 &&
                html`<h2>${words.earlier_title}</h2>
                    <${Engagements} list=${earlier} page=${page} actions=${actions} />`
            }
            <${Papers} page=${page} />
        </section>
        <${NewEngagement} page=${page} actions=${actions} />
    </main>`;
}

/**
 * @param {object} props
 * @param {Engagement[]} props.list
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function Engagements({ list, page, actions }) {
    const { words, language } = page;
    return html`<ul class="engagements" data-testid="engagements">
        ${list.map(
            (one) =>
                html`<li key=${one.id} data-testid="engagement">
                    <time>${timeOfDay(one.confirmed_ms, language)}</time>
                    <div>
                        <strong>${one.customer}</strong>
                        <span>${one.purpose}</span>
                    </div>
                    <button
                        type="button"
                        class="outlined"
                        data-testid="engagement-open"
                        aria-label=${words.today_open_label(one.customer)}
                        onClick=${() => actions.open(one)}
                    >
                        ${words.today_open}
                    </button>
                    <${Dossier} engagement=${one} page=${page} />
                </li>`,
        )}
    </ul>`;
}

/** @typedef {{ page: PageState, actions: Actions }} NewProps */

/** What was agreed on the phone. Knows which tariff is chosen, to say its rule. */
class NewEngagement extends Component {
    /** @override @type {{ tariff: string }} */
    state = { tariff: "" };

    /** @param {SubmitEvent} event */
    #submit = (event) => {
        event.preventDefault();
        const agreed = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
        this.props.actions.engage({
            customer: String(agreed.get("customer")).trim(),
            purpose: String(agreed.get("purpose")).trim(),
            tariff: String(agreed.get("tariff")),
            details: details(agreed),
        });
    };

    /** @param {Event} event */
    #choose = (event) => {
        const { value } = /** @type {HTMLSelectElement} */ (event.currentTarget);
        this.setState({ tariff: value });
    };

    /** @override */
    render() {
        const { page } = /** @type {NewProps} */ (this.props);
        const { words, busy, tariffs, language } = page;
        const refused = page.refusal?.about === "engage" ? page.refusal : null;
        const chosen = tariffs.find((one) => one.id === this.state.tariff) ?? tariffs[0];
        const price = (/** @type {Tariff} */ one) =>
            money(one.price_cents, one.currency, language);
        return html`<form class="card new" data-testid="engagement-form" onSubmit=${this.#submit}>
            <h2>${words.new_title}</h2>
            <p class="lead">${words.new_lead}</p>
            <label class="field">
                <span>${words.new_customer}</span>
                <input
                    name="customer"
                    data-testid="engagement-customer"
                    placeholder=${words.new_customer_hint}
                    autocomplete="off"
                    maxlength="200"
                    required
                />
            </label>
            <label class="field">
                <span>${words.new_purpose}</span>
                <input
                    name="purpose"
                    data-testid="engagement-purpose"
                    placeholder=${words.new_purpose_hint}
                    autocomplete="off"
                    maxlength="200"
                    required
                />
            </label>
            <label class="field">
                <span>${words.new_tariff}</span>
                <select
                    name="tariff"
                    data-testid="engagement-tariff"
                    required
                    aria-describedby="tariff-rule"
                    onChange=${this.#choose}
                >
                    ${tariffs.map(
                        (one) =>
                            html`<option key=${one.id} value=${one.id}>
                                ${one.label} — ${price(one)}
                            </option>`,
                    )}
                </select>
                <small id="tariff-rule">
                    ${
                        chosen !== undefined &&
                        words.tariff_rule(
                            price(chosen),
                            chosen.unit_s,
                            chosen.unit_s * chosen.minimum_units,
                        )
                    }
                </small>
            </label>
            <${Details} words=${words} />
            ${
                refused?.code === "bad_input.despite" &&
                html`<label class="field">
                    <span>${words.details.labels["despite"]}</span>
                    <input
                        name="despite"
                        data-testid="engagement-despite"
                        autocomplete="off"
                        maxlength="200"
                        required
                    />
                </label>`
            }
            ${
                page.isReady &&
                tariffs.length === 0 &&
                html`<${Refusal} testid="no-tariffs" text=${words.no_tariffs} />`
            }
            ${
                refused !== null &&
                html`<${Refusal} testid="engagement-refusal" text=${said(words, refused)} />`
            }
            <button
                class="primary wide"
                data-testid="engagement-submit"
                disabled=${busy === "engage" || tariffs.length === 0}
            >
                ${busy === "engage" ? words.new_busy : words.new_submit}
            </button>
        </form>`;
    }
}
