// The rest of what was agreed, folded away: every field has a default, so that the
// ordinary engagement takes three (R01, R02, R08, R31, B08).

import { html } from "../html.js";

/** @typedef {import("../text/words.js").Words} Words */

/** What is checked on the phone; empty means "checked", else why it was waived. */
const PREREQUISITES = /** @type {const} */ (["broadband", "supported_os", "licences"]);
/** Plain texts, as the relay calls them. */
const TEXTS = ["siren", "email", "phone", "vouched", "despite"];
/** One of several; empty means "as usual". */
const CHOICES = ["kind", "channel", "delivery", "backup"];

/**
 * Read what was filled in; what was left alone is not said at all.
 *
 * @param {FormData} form
 * @returns {Record<string, unknown>}
 */
export function details(form) {
    const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
    /** @type {Record<string, unknown>} */
    const said = {};
    for (const name of [...TEXTS, ...CHOICES]) if (text(name) !== "") said[name] = text(name);
    const post = text("post").split("\n").map((line) => line.trim());
    if (post.some((line) => line !== "")) said["post"] = post.filter((line) => line !== "");
    const from = Date.parse(text("slot_from"));
    const minutes = Number(text("slot_minutes") || 60);
    if (!Number.isNaN(from)) {
        said["slot_from_ms"] = from;
        said["slot_until_ms"] = from + minutes * 60_000;
    }
    if (PREREQUISITES.some((name) => text(`waived_${name}`) !== "")) {
        said["prerequisites"] = Object.fromEntries(
            PREREQUISITES.map((name) => [name, text(`waived_${name}`) || "yes"]),
        );
    }
    return said;
}

/**
 * @param {object} props
 * @param {Words} props.words
 */
export function Details({ words }) {
    const { labels, choices } = words.details;
    const input = (/** @type {string} */ name, type = "text", hint = "") =>
        html`<label class="field">
            <span>${labels[name]}</span>
            <input
                name=${name}
                type=${type}
                data-testid=${`details-${name}`}
                placeholder=${hint}
                autocomplete="off"
                maxlength="200"
            />
        </label>`;
    const choice = (/** @type {string} */ name) =>
        html`<label class="field">
            <span>${labels[name]}</span>
            <select name=${name} data-testid=${`details-${name}`}>
                <option value="">${words.details.usual}</option>
                ${Object.entries(choices[name] ?? {}).map(
                    ([value, text]) => html`<option key=${value} value=${value}>${text}</option>`,
                )}
            </select>
        </label>`;
    return html`<details class="more" data-testid="details">
        <summary>${words.details.title}</summary>
        <p class="soft">${words.details.lead}</p>
        ${choice("kind")} ${input("siren")} ${input("email", "email")} ${input("phone", "tel")}
        <label class="field">
            <span>${labels["post"]}</span>
            <textarea name="post" rows="3" maxlength="600" data-testid="details-post"></textarea>
        </label>
        ${choice("delivery")} ${choice("channel")} ${input("slot_from", "datetime-local")}
        ${input("slot_minutes", "number", "60")} ${choice("backup")} ${input("vouched")}
        ${PREREQUISITES.map((name) => input(`waived_${name}`, "text", words.details.checked))}
    </details>`;
}
