// Keys that this computer keeps for itself, and text typed for the customer. A password
// is the customer's to type: that is what is offered first.

import { KEYS } from "../input/hands.js";
import { Component, html } from "../html.js";
import { Menu } from "./menu.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../page.js").KeyName} KeyName */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/** Pressing a button here must not take the focus from the field that reads keys. */
const stay = (/** @type {Event} */ event) => event.preventDefault();

/** @param {Props} props */
export function SpecialKeys({ page, actions }) {
    const { words } = page;
    const names = /** @type {KeyName[]} */ (Object.keys(KEYS));
    return html`<${Menu} name="keys" label=${words.keys}>
        <div class="key-grid">
            ${names.map(
                (name) =>
                    html`<button
                        type="button"
                        key=${name}
                        class="outlined"
                        data-testid=${`key-${name}`}
                        onMouseDown=${stay}
                        onClick=${() => actions.press(name)}
                    >
                        ${words.key_names[name]}
                    </button>`,
            )}
        </div>
        <button
            type="button"
            class="quiet"
            data-testid="keyboard"
            onMouseDown=${stay}
            onClick=${actions.keyboard}
        >
            ${words.keyboard}
        </button>
        <p class="soft">${page.isLocked ? words.full_screen_locked : words.way_out}</p>
    </${Menu}>`;
}

/** @param {Props} props */
export function TypeText({ page, actions }) {
    return html`<${Menu} name="type" label=${page.words.type_open}>
        <${TypeForm} page=${page} actions=${actions} />
    </${Menu}>`;
}

/** Forgets what was typed the moment it is sent. */
class TypeForm extends Component {
    /** @override @type {{ isDone: boolean }} */
    state = { isDone: false };

    /** @param {SubmitEvent} event */
    #submit = (event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.currentTarget);
        const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
        /** @type {Props} */ (this.props).actions.typeText(field.value);
        field.value = "";
        this.setState({ isDone: true });
    };

    /** @override */
    render() {
        const { page, actions } = /** @type {Props} */ (this.props);
        const { words, engagement } = page;
        return html`<form class="type-form" data-testid="type-form" onSubmit=${this.#submit}>
            <p><strong>${words.type_password}</strong></p>
            <p class="soft">${words.type_password_why(engagement?.customer ?? "")}</p>
            <button
                type="button"
                class="primary"
                data-testid="type-hand-back"
                onClick=${actions.releaseControl}
            >
                ${words.type_hand_back(engagement?.customer ?? "")}
            </button>
            <hr />
            <label class="field">
                <span>${words.type_label}</span>
                <textarea
                    name="text"
                    rows="3"
                    maxlength="4000"
                    required
                    autocomplete="off"
                    spellcheck=${false}
                    data-testid="type-text"
                ></textarea>
            </label>
            <p class="soft" role="status">
                ${this.state.isDone ? words.type_done : words.type_hint}
            </p>
            <button class="outlined" data-testid="type-submit">${words.type_submit}</button>
        </form>`;
    }
}
