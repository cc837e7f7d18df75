// The clipboard: asked for and offered by a button each, text only, and the customer's
// yes in between (S-40). What came is on this page until it is copied or cleared.

import { Component, createRef, html } from "../html.js";
import { Refused } from "../errors.js";
import { TOGETHER } from "../text/together.js";
import { CLIPBOARD_MAX } from "../wire/clipboard.js";
import { Menu } from "./menu.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../text/together.js").TogetherWords} TogetherWords */
/** @typedef {import("../together/clip.js").Clip} Desk */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function ClipMenu({ page, actions }) {
    const desk = actions.together?.clip ?? null;
    if (desk === null || page.engagement === null) return null;
    const words = TOGETHER[page.language];
    const { customer } = page.engagement;
    return html`<${Menu} name="clip" label=${words.clip}>
        <${ClipPanel} desk=${desk} words=${words} customer=${customer} />
    <//>`;
}

/** What is in the panel; knows only what was just copied or cannot be sent. */
class ClipPanel extends Component {
    /** @override @type {{ isCopied: boolean, isTooLong: boolean }} */
    state = { isCopied: false, isTooLong: false };
    /** @type {{ current: HTMLTextAreaElement | null }} */
    #field = createRef();
    /** @type {{ current: HTMLTextAreaElement | null }} */
    #got = createRef();

    /** @returns {Desk} */
    get #desk() {
        return this.props.desk;
    }

    #copy = async () => {
        this.setState({ isCopied: await copied(this.#desk.state.text, this.#got.current) });
    };

    #away = () => {
        this.setState({ isCopied: false });
        this.#desk.putAway();
    };

    #offer = () => {
        const field = this.#field.current;
        if (field === null) return;
        try {
            this.#desk.offer(field.value);
            field.value = "";
            this.setState({ isTooLong: false });
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            this.setState({ isTooLong: true });
        }
    };

    /** @override */
    render() {
        const words = /** @type {TogetherWords} */ (this.props.words);
        const customer = /** @type {string} */ (this.props.customer);
        const { asked, offered, text, mayAsk, mayOffer } = this.#desk.state;
        const asking = { waiting: words.clip_waiting, no: words.clip_refused };
        const offering = {
            waiting: words.clip_offer_waiting,
            yes: words.clip_offer_yes,
            no: words.clip_offer_no,
        };
        const of = (/** @type {Record<string, any>} */ all, /** @type {string} */ answer) =>
            all[answer]?.(customer) ?? "";
        return html`<div class="clip">
            <p class="soft">${words.clip_hint(customer)}</p>
            <button
                type="button"
                class="outlined"
                data-testid="clip-ask"
                disabled=${!mayAsk}
                onClick=${() => this.#desk.ask()}
            >
                ${words.clip_ask(customer)}
            </button>
            <p role="status" data-testid="clip-asked" data-answer=${asked}>${of(asking, asked)}</p>
            ${
                text !== "" &&
                html`<label class="field">
                        <span>${words.clip_got(customer)}</span>
                        <textarea
                            readonly
                            rows="4"
                            ref=${this.#got}
                            data-testid="clip-text"
                            value=${text}
                        ></textarea>
                    </label>
                    <div class="file-acts">
                        <button type="button" class="primary" data-testid="clip-copy" onClick=${this.#copy}>
                            ${this.state.isCopied ? words.clip_copied : words.clip_copy}
                        </button>
                        <button type="button" class="quiet" data-testid="clip-away" onClick=${this.#away}>
                            ${words.clip_away}
                        </button>
                    </div>`
            }
            <label class="field">
                <span>${words.clip_text(customer)}</span>
                <textarea
                    rows="3"
                    maxlength=${CLIPBOARD_MAX}
                    ref=${this.#field}
                    data-testid="clip-field"
                ></textarea>
            </label>
            ${this.state.isTooLong && html`<p role="alert" data-testid="clip-long">${words.clip_too_long}</p>`}
            <button
                type="button"
                class="outlined"
                data-testid="clip-offer"
                disabled=${!mayOffer}
                onClick=${this.#offer}
            >
                ${words.clip_offer(customer)}
            </button>
            <p role="status" data-testid="clip-offered" data-answer=${offered}>
                ${of(offering, offered)}
            </p>
        </div>`;
    }
}

/**
 * Put a text on this computer's clipboard; where the browser does not allow it, select
 * it, so that a key does.
 *
 * @param {string} text
 * @param {HTMLTextAreaElement | null} shown
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copied(text, shown) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        shown?.focus();
        shown?.select();
        return false;
    }
}
