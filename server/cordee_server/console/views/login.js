// Sign in: name, password, second factor. Nothing typed here is kept by the page.

import { html } from "../html.js";
import { refusal } from "../text/choose.js";
import { Refusal } from "./frame.js";
import { Logo } from "./icons.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Login({ page, actions }) {
    const { words, busy } = page;
    const refused = page.refusal?.about === "login" ? page.refusal : null;
    const submit = (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.currentTarget);
        const said = new FormData(form);
        actions.signIn(
            String(said.get("name")).trim(),
            String(said.get("password")),
            String(said.get("totp")).replace(/\s/g, ""),
        );
        /** @type {HTMLInputElement} */ (form.elements.namedItem("totp")).value = "";
    };
    return html`<main class="centre">
        <form class="card sign-in" data-testid="login" onSubmit=${submit}>
            <div class="sign-in-head">
                <${Logo} />
                <div>
                    <h1>${words.login_title}</h1>
                    <p class="lead">${words.login_lead}</p>
                </div>
            </div>
            <label class="field">
                <span>${words.login_name}</span>
                <input
                    name="name"
                    data-testid="login-name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck=${false}
                    maxlength="32"
                    required
                    autofocus
                />
            </label>
            <label class="field">
                <span>${words.login_password}</span>
                <input
                    name="password"
                    type="password"
                    data-testid="login-password"
                    autocomplete="current-password"
                    maxlength="256"
                    required
                />
            </label>
            <label class="field">
                <span>${words.login_totp}</span>
                <input
                    name="totp"
                    class="digits"
                    data-testid="login-totp"
                    autocomplete="one-time-code"
                    autocapitalize="none"
                    spellcheck=${false}
                    pattern="[0-9 ]{6,7}|[A-Za-z2-7 \\-]{16,24}"
                    maxlength="24"
                    required
                    aria-describedby="totp-hint"
                />
                <small id="totp-hint">${words.login_totp_hint}</small>
            </label>
            ${
                refused !== null &&
                html`<${Refusal}
                    testid="login-refusal"
                    text=${said(words, refused)}
                />`
            }
            <button class="primary wide" data-testid="login-submit" disabled=${busy === "login"}>
                ${busy === "login" ? words.login_busy : words.login_submit}
            </button>
        </form>
        <p class="tagline">${words.tagline}</p>
    </main>`;
}

/**
 * @param {import("../text/words.js").Words} words
 * @param {{ code: string, waitS: number }} refused
 */
export function said(words, refused) {
    const sentence = refusal(words, refused.code);
    return refused.waitS > 0 ? `${sentence} ${words.wait_more(refused.waitS)}` : sentence;
}
