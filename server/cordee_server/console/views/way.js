// The line to the customer, for somebody who knows nothing of lines: four bars, two
// words, and what is being waited for.

import { html } from "../html.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../assist.js").SessionState} SessionState */

/**
 * Seconds without a sign of life that are not the ordinary: while it is driven the
 * agent says something twice a second, else every three (agent's pacer, rule 6).
 */
export const QUIET_S = { driven: 3, seen: 8 };

/**
 * How good a line is.
 *
 * @param {number} tripMs there and back
 * @param {number} rateKbit what it carries; 0: not known yet
 * @returns {1 | 2 | 3 | 4} 4: as if one sat beside; 1: one has to be patient
 */
export function bars(tripMs, rateKbit) {
    const carries = rateKbit === 0 ? Infinity : rateKbit;
    if (tripMs < 100 && carries >= 4000) return 4;
    if (tripMs < 250 && carries >= 1000) return 3;
    return tripMs < 600 && carries >= 300 ? 2 : 1;
}

/** @param {SessionState} session @returns {boolean} nothing came for too long */
export function isQuiet({ mode, quietS }) {
    return quietS > (mode === "controlling" ? QUIET_S.driven : QUIET_S.seen);
}

/**
 * @param {object} props
 * @param {PageState} props.page
 */
export function Way({ page }) {
    const { words, session } = page;
    if (!session?.hasPicture) return null;
    const { isSharp, tripMs, rateKbit } = session.sight;
    const quiet = isQuiet(session);
    const level = quiet || tripMs === 0 ? 0 : bars(tripMs, rateKbit);
    const advice = words.line_advice[level] ?? "";
    return html`<div class="sight soft">
        <svg class="bars" viewBox="0 0 20 16" aria-hidden="true" data-level=${level}>
            ${[1, 2, 3, 4].map(
                (bar) =>
                    html`<rect
                        class=${bar <= level ? "on" : ""}
                        x=${(bar - 1) * 5}
                        y=${16 - bar * 4}
                        width="4"
                        height=${bar * 4}
                    />`,
            )}
        </svg>
        <div>
            <span data-testid="sharpness" data-sharp=${String(isSharp)} title=${words.picture_hint}>
                ${isSharp ? words.picture_sharp : words.picture_rough}
            </span>
            ${
                quiet
                    ? html`<span data-testid="line-quiet" role="status"
                          >${words.line_quiet(Math.floor(session.quietS))}</span
                      >`
                    : tripMs > 0 &&
                      html`<span data-testid="line" title=${`${words.line_hint} ${advice}`}>
                          ${words.line_words(tripMs, rateKbit)}
                      </span>`
            }
        </div>
    </div>`;
}
