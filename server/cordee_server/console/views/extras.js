// Work beyond what was agreed: proposed with its price, billed only once the customer
// has accepted it with their own click (R06).

import { Component, html } from "../html.js";
import { money } from "../text/figures.js";
import { PROPOSABLE } from "../question.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/**
 * Read a price as somebody types it: `39,90`, `39.9`, `40`.
 *
 * @param {string} text
 * @returns {number} cents; 0 when it is no price
 */
export function cents(text) {
    const found = /^\s*(\d{1,5})(?:[.,](\d{1,2}))?\s*€?\s*$/.exec(text);
    if (found === null) return 0;
    return Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
}

/** The button, the small form behind it, and what became of each proposal. */
export class Extras extends Component {
    /** @override @type {{ isOpen: boolean, isWrong: boolean }} */
    state = { isOpen: false, isWrong: false };

    #toggle = () => this.setState({ isOpen: !this.state.isOpen, isWrong: false });

    /** @param {SubmitEvent} event */
    #submit = (event) => {
        event.preventDefault();
        const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
        const label = String(given.get("label")).trim();
        const price = cents(String(given.get("price")));
        if (label === "" || price === 0) {
            this.setState({ isWrong: true });
            return;
        }
        this.props.actions.proposeExtra(label, price);
        this.setState({ isOpen: false, isWrong: false });
    };

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        const { words, session, engagement, language } = page;
        if (session === null || engagement === null) return null;
        const price = (/** @type {number} */ amount) =>
            money(amount, engagement.currency, language);
        return html`<div class="extras">
            ${session.extras.map(
                (one) =>
                    html`<span
                        key=${one.id}
                        class="soft"
                        data-testid="extra"
                        data-answer=${one.answer}
                    >
                        ${one.label}, ${price(one.cents)}${words.colon}
                        <b>${words.extra_answers[one.answer]}</b>
                    </span>`,
            )}
            <button
                type="button"
                class="quiet"
                data-testid="extra-open"
                aria-expanded=${String(this.state.isOpen)}
                disabled=${!PROPOSABLE.has(session.mode)}
                onClick=${this.#toggle}
            >
                ${words.extra_open}
            </button>
            ${this.state.isOpen && this.#form(page)}
        </div>`;
    }

    /** @param {PageState} page */
    #form({ words }) {
        return html`<form class="card extra-form" onSubmit=${this.#submit}>
            <label class="field">
                <span>${words.extra_label}</span>
                <input name="label" data-testid="extra-label" maxlength="200" required />
            </label>
            <label class="field">
                <span>${words.extra_price}</span>
                <input
                    name="price"
                    data-testid="extra-price"
                    inputmode="decimal"
                    placeholder="39,90"
                    maxlength="10"
                    required
                />
            </label>
            <p class="soft">${words.extra_hint}</p>
            ${
                this.state.isWrong &&
                html`<p role="alert" data-testid="extra-wrong">${words.extra_wrong}</p>`
            }
            <button class="primary" data-testid="extra-propose">${words.extra_propose}</button>
        </form>`;
    }
}
