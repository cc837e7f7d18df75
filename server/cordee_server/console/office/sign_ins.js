// Where an account is signed in, each with its end.

import { html } from "../html.js";
import { Table, when } from "./table.js";

/** @typedef {import("./views.js").Drawn} Drawn */
/** @typedef {import("./desk.js").SignIn} SignIn */

/** @param {Drawn & { signIns: SignIn[], end: (id: string) => void }} drawn */
export function SignIns({ desk, words, language, signIns, end }) {
    if (signIns.length === 0) return html`<p data-testid="no-sign-in">${words.no_sign_in}</p>`;
    return html`<${Table}
        name=${words.signed_in}
        heads=${[words.browser, words.since, words.seen, words.actions]}
        rows=${signIns.map((one) => {
            const browser = one.browser || words.unknown_browser;
            return {
                key: one.id,
                testid: "sign-in",
                cells: [
                    one.is_this ? `${browser} (${words.own_this})` : browser,
                    when(one.since_ms, language),
                    when(one.seen_ms, language),
                    html`<button
                        type="button"
                        class="outlined"
                        data-testid="revoke"
                        aria-label=${words.end_label(browser)}
                        disabled=${desk.isBusy}
                        onClick=${() => end(one.id)}
                    >
                        ${words.end}
                    </button>`,
                ],
            };
        })}
    />`;
}
