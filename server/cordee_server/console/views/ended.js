// The end: who ended, how long it lasted, what is billed, and that it is over.

import { html } from "../html.js";
import { ending } from "../text/choose.js";
import { money } from "../text/figures.js";
import { Dossier } from "./dossier.js";
import { Icon } from "./icons.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Ended({ page, actions }) {
    const { words, session, engagement } = page;
    if (session === null || session.end === null || engagement === null) return null;
    const { end } = session;
    const { customer } = engagement;
    return html`<main class="centre">
        <section class="card ended" data-testid="ended" data-reason=${end.reason}>
            <span class="seal"><${Icon} name="check" /></span>
            <h1>${words.ended_title}</h1>
            <p class="why" role="status" data-testid="ended-why">
                ${ending(words, end.reason, customer)}
            </p>
            <p class="lead">${end.seen && words.ended_safe(customer)}</p>
            ${
                end.seen &&
                html`<dl class="figures">
                    <div>
                        <dt>${words.ended_duration}</dt>
                        <dd data-testid="ended-duration">${words.clock(end.seconds)}</dd>
                    </div>
                    <div>
                        <dt>${words.ended_helped}</dt>
                        <dd data-testid="ended-helped">${words.clock(end.helped)}</dd>
                    </div>
                    <${Billed} page=${page} />
                </dl>`
            }
            <div class="row">
                <button
                    type="button"
                    class="primary"
                    data-testid="ended-today"
                    onClick=${actions.leave}
                >
                    ${words.ended_today}
                </button>
                <button
                    type="button"
                    class="outlined"
                    data-testid="ended-again"
                    onClick=${actions.again}
                >
                    ${words.ended_again}
                </button>
            </div>
            <${Dossier} engagement=${engagement} page=${page} />
        </section>
    </main>`;
}

/**
 * @param {object} props
 * @param {PageState} props.page
 */
function Billed({ page }) {
    const { words, session, language, engagement } = page;
    const bill = session?.bill ?? null;
    let amount = session?.billIsPending ? words.ended_bill_wait : words.ended_bill_none;
    let detail = "";
    if (bill !== null && bill.units === 0) {
        amount = words.ended_unbilled;
    } else if (bill !== null) {
        amount = money(bill.amountCents, bill.currency, language);
        if (engagement !== null) {
            detail = words.ended_units(bill.units, words.span(engagement.unit_s));
        }
    }
    return html`<div class="amount">
        <dt>${words.ended_billed}</dt>
        <dd data-testid="ended-bill" class=${bill === null ? "soft" : ""}>${amount}</dd>
        ${detail !== "" && html`<dd class="soft">${detail}</dd>`}
        ${
            bill !== null &&
            html`<dd class="soft record" data-testid="ended-record">
                ${words.ended_record} ${bill.record}
            </dd>`
        }
        ${
            // The relay makes it there and then if it did not come to it yet.
            bill !== null &&
            session?.end?.seen &&
            html`<dd class="soft document">
                <a
                    href=${`/api/documents/${encodeURIComponent(bill.record)}`}
                    download
                    data-testid="ended-document"
                    >${words.ended_document}</a
                >
            </dd>
            <dd class="soft document">
                <a
                    href=${`/api/documents/${encodeURIComponent(bill.record)}/receipt`}
                    download
                    data-testid="ended-receipt"
                    >${words.ended_receipt}</a
                >
            </dd>`
        }
    </div>`;
}
