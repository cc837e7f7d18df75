// Keep a picture of what is seen: the act that announces it goes first, and the file is
// written by this browser alone.

import { html } from "../html.js";
import { log } from "../log.js";
import { TOGETHER } from "../text/together.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/** How long the browser may take to copy what is handed to it, in milliseconds. */
const COPY_MS = 60_000;

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function ShotButton({ page, actions }) {
    const { session, engagement, wallMs } = page;
    const shared = actions.together;
    if (shared === null || session === null || engagement === null) return null;
    const words = TOGETHER[page.language];
    const keep = async () => {
        const picture = await shared.keepPicture();
        if (picture !== null) save(picture, shotName(wallMs));
    };
    return html`<button
        type="button"
        class="quiet"
        data-testid="shot"
        title=${words.shot_hint(engagement.customer)}
        disabled=${!session.hasPicture || session.mode === "interrupted"}
        onClick=${() => void keep().catch((error) => log.fault("shot", error))}
    >
        ${words.shot}
    </button>`;
}

/**
 * @param {number} wallMs Unix milliseconds
 * @returns {string} a file's name that sorts by time and says nothing of the customer
 */
export function shotName(wallMs) {
    return `cordee-${new Date(wallMs).toISOString().slice(0, 19).replaceAll(":", "-")}.png`;
}

/**
 * Hand a file to the browser's downloads.
 *
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), COPY_MS);
}
