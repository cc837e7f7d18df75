// Who waits, who is with whom, which hours were agreed on, and which interventions still
// lack their justificatif.

import { html } from "../html.js";
import { timeOfDay } from "../text/figures.js";
import { Icon } from "./icons.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Now({ page, actions }) {
    const { words, today, me, language } = page;
    if (today === null) return null;
    const waited = (page.nowMs - page.todayMs) / 1000;
    const codes = today.standing.filter(({ state }) => state === "waiting");
    const live = today.standing.filter(({ state }) => state !== "waiting");
    return html`<div class="now">
        <div role="status">
            ${
                today.waiting > 0 &&
                html`<p class="notice" data-testid="customers-waiting">
                    <${Icon} name="phone" />
                    <span>${words.customers_waiting(today.waiting)}</span>
                </p>`
            }
        </div>
        ${
            page.notices === "ask" &&
            html`<button
                type="button"
                class="quiet"
                data-testid="notices-ask"
                onClick=${actions.askNotices}
            >
                ${words.notices_ask}
            </button>`
        }
        ${
            live.length > 0 &&
            html`<h2>${words.live_title}</h2>
                <ul class="standing" data-testid="live">
                    ${live.map(
                        (one) =>
                            html`<li key=${one.session} data-testid="standing" data-state=${one.state}>
                                <strong>${one.customer}</strong>
                                <span>
                                    ${
                                        one.technician === me?.name
                                            ? words.with_you
                                            : words.with_technician(one.technician_name)
                                    }
                                </span>
                                <span class="soft">${words.states[one.state] ?? one.state}</span>
                            </li>`,
                    )}
                </ul>`
        }
        ${
            codes.length > 0 &&
            html`<h2>${words.invited_title}</h2>
                <ul class="standing" data-testid="invited">
                    ${codes.map(
                        (one) =>
                            html`<li key=${one.session}>
                                <strong>${one.customer}</strong>
                                <span>${words.invited_by(one.technician_name)}</span>
                                <span class="soft">
                                    ${words.code_left(Math.max(0, one.code_left_s - waited))}
                                </span>
                            </li>`,
                    )}
                </ul>`
        }
        ${
            today.slots.length > 0 &&
            html`<h2>${words.slots_title}</h2>
                <ul class="standing" data-testid="slots">
                    ${today.slots.map(
                        (one) =>
                            html`<li key=${one.engagement}>
                                <strong>${one.customer}</strong>
                                <span>
                                    ${words.slot(
                                        new Date(one.from_ms).toLocaleDateString(
                                            language === "fr" ? "fr-FR" : "en-GB",
                                        ),
                                        timeOfDay(one.from_ms, language),
                                        timeOfDay(one.until_ms, language),
                                    )}
                                </span>
                            </li>`,
                    )}
                </ul>`
        }
        ${
            today.lacking.length > 0 &&
            html`<h2>${words.lacking_title}</h2>
                <ul class="standing" data-testid="lacking">
                    ${today.lacking.map(
                        (one) =>
                            html`<li key=${one.record}>
                                <strong>${one.customer}</strong>
                                <a
                                    href=${`/api/documents/${encodeURIComponent(one.record)}`}
                                    download
                                    aria-label=${words.lacking_make_for(one.customer)}
                                    >${words.lacking_make}</a
                                >
                            </li>`,
                    )}
                </ul>`
        }
    </div>`;
}
