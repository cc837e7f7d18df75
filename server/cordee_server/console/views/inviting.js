// The link, the e-mail and the SMS that lead a customer to the download page, ready to
// copy. No digit of a code is in any of them.

import { Component, html } from "../html.js";
import { invitation } from "../invitation.js";
import { log } from "../log.js";
import { INVITING } from "../text/inviting.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../text/figures.js").Language} Language */
/** @typedef {"link" | "email" | "sms"} Way */

/** Knows the customer's language, and what was copied last. */
export class InviteText extends Component {
    /** @override @type {{ language: Language | null, copied: Way | null }} */
    state = { language: null, copied: null };

    /**
     * @param {Way} way
     * @param {string} text
     */
    #copy = async (way, text) => {
        try {
            await navigator.clipboard.writeText(text);
            this.setState({ copied: way });
        } catch (error) {
            log.fault("copy", error); // the text stands there, to be marked by hand
        }
    };

    /** @override */
    render() {
        const page = /** @type {PageState} */ (this.props.page);
        if (page.me === null) return null;
        const words = INVITING[page.language];
        const language = this.state.language ?? page.language;
        const made = invitation(page.me, language);
        const speak = (/** @type {Language} */ one, /** @type {string} */ name) =>
            html`<button
                type="button"
                class="quiet"
                lang=${one}
                data-testid=${`inviting-${one}`}
                aria-pressed=${String(language === one)}
                onClick=${() => this.setState({ language: one, copied: null })}
            >
                ${name}
            </button>`;
        const row = (/** @type {Way} */ way, /** @type {string} */ text) =>
            html`<div class="inviting-row">
                <h3>${words[way]}</h3>
                <p class="inviting-text" lang=${language} data-testid=${`inviting-${way}`}>
                    ${text}
                </p>
                <button
                    type="button"
                    class="outlined"
                    data-testid=${`copy-${way}`}
                    aria-label=${words.copy_label(words[way])}
                    onClick=${() => this.#copy(way, text)}
                >
                    ${this.state.copied === way ? words.copied : words.copy}
                </button>
            </div>`;
        return html`<details class="card inviting" data-testid="inviting">
            <summary>${words.title}</summary>
            <p class="lead">${words.lead}</p>
            <div class="row" role="group" aria-label=${words.language}>
                ${speak("fr", "Français")} ${speak("en", "English")}
            </div>
            ${row("link", made.link)} ${row("sms", made.sms)}
            ${row("email", `${made.subject}\n\n${made.email}`)}
            <p role="status" class="unseen">
                ${this.state.copied === null ? "" : words.was_copied(words[this.state.copied])}
            </p>
        </details>`;
    }
}
