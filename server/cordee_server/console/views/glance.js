// The customer's machine at a glance, once they agreed: read here, copied by one click,
// kept nowhere.

import { Component, createRef, html } from "../html.js";
import { TOGETHER } from "../text/together.js";
import { copied } from "./clip.js";
import { Menu } from "./menu.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../text/together.js").TogetherWords} TogetherWords */
/** @typedef {import("../together/talk.js").Talk} Desk */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function GlanceMenu({ page, actions }) {
    const desk = actions.together?.talk ?? null;
    if (desk === null || page.engagement === null) return null;
    const words = TOGETHER[page.language];
    const { customer } = page.engagement;
    return html`<${Menu} name="machine" label=${words.machine}>
        <${GlancePanel} desk=${desk} words=${words} customer=${customer} />
    <//>`;
}

class GlancePanel extends Component {
    /** @override @type {{ isCopied: boolean }} */
    state = { isCopied: false };
    /** @type {{ current: HTMLTextAreaElement | null }} */
    #shown = createRef();

    #copy = async () => {
        const desk = /** @type {Desk} */ (this.props.desk);
        const text = desk.glance.state.lines.join("\n");
        this.setState({ isCopied: await copied(text, this.#shown.current) });
    };

    /** @override */
    render() {
        const words = /** @type {TogetherWords} */ (this.props.words);
        const customer = /** @type {string} */ (this.props.customer);
        const desk = /** @type {Desk} */ (this.props.desk);
        const { asked, lines, mayAsk } = desk.glance.state;
        return html`<div class="clip">
            <p class="soft">${words.machine_hint(customer)}</p>
            <button
                type="button"
                class="outlined"
                data-testid="machine-ask"
                disabled=${!mayAsk}
                onClick=${() => desk.askMachine()}
            >
                ${words.machine_ask}
            </button>
            <p role="status" data-testid="machine-asked" data-answer=${asked}>
                ${asked === "waiting" && words.machine_waiting(customer)}
                ${asked === "no" && words.machine_refused(customer)}
            </p>
            ${
                lines.length > 0 &&
                html`<textarea
                        readonly
                        rows=${Math.min(lines.length, 12)}
                        ref=${this.#shown}
                        aria-label=${words.machine}
                        data-testid="machine-lines"
                        value=${lines.join("\n")}
                    ></textarea>
                    <button type="button" class="primary" data-testid="machine-copy" onClick=${this.#copy}>
                        ${this.state.isCopied ? words.machine_copied : words.machine_copy}
                    </button>`
            }
        </div>`;
    }
}
