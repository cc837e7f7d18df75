// A table that people with a screen reader can walk, and one that scrolls by itself.

import { html } from "../html.js";

/** @typedef {import("../html.js").Child} Child */
/** @typedef {import("../text/figures.js").Language} Language */
/** @typedef {{ key: string, cells: Child[], testid?: string, name?: string }} Row */

/**
 * @param {object} props
 * @param {string} props.name what it is a table of
 * @param {string[]} props.heads
 * @param {Row[]} props.rows
 */
export function Table({ name, heads, rows }) {
    return html`<div class="scrolls" role="region" aria-label=${name} tabindex="0">
        <table>
            <thead>
                <tr>
                    ${heads.map((head) => html`<th scope="col" key=${head}>${head}</th>`)}
                </tr>
            </thead>
            <tbody>
                ${rows.map(
                    (row) =>
                        html`<tr key=${row.key} data-testid=${row.testid} data-name=${row.name}>
                            ${row.cells.map((cell) => html`<td>${cell}</td>`)}
                        </tr>`,
                )}
            </tbody>
        </table>
    </div>`;
}

/**
 * @param {number} ms Unix milliseconds
 * @param {Language} language
 */
export function when(ms, language) {
    const format = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
        dateStyle: "short",
        timeStyle: "short",
    });
    return format.format(ms);
}

/**
 * @param {number} bytes
 * @param {Language} language
 */
export function size(bytes, language) {
    const format = new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
        maximumFractionDigits: 1,
    });
    return `${format.format(bytes / 1e6)}\u00a0${language === "fr" ? "Mo" : "MB"}`;
}
