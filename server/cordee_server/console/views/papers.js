// The documents of this technician's interventions: opened, kept, and marked as posted.

import { Api, ApiRefused } from "../api.js";
import { Component, html } from "../html.js";
import { refusal } from "../text/choose.js";
import { DOSSIER } from "../text/dossier.js";
import { day, money } from "../text/figures.js";
import { Refusal } from "./frame.js";

/** @typedef {import("../api.js").Paper} Paper */
/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {{ page: PageState, api?: Api }} Props */
/** @typedef {{ papers: Paper[] | null, refused: string }} State */

/**
 * What waits for the post stands first; else the latest first, as the relay lists them.
 *
 * @param {Paper[]} papers
 * @returns {Paper[]}
 */
export function inOrder(papers) {
    const waits = (/** @type {Paper} */ one) => one.way === "for_post";
    return [...papers.filter(waits), ...papers.filter((one) => !waits(one))];
}

/** The list, folded until somebody opens it. */
export class Papers extends Component {
    /** @override @type {State} */
    state = { papers: null, refused: "" };

    #api = /** @type {Props} */ (this.props).api ?? new Api();

    /** @param {Event} event */
    #toggle = (event) => {
        const { open } = /** @type {HTMLDetailsElement} */ (event.currentTarget);
        if (open) void this.#try(async () => {});
    };

    /** @param {() => Promise<void>} work what to do before the list is asked for */
    async #try(work) {
        try {
            await work();
            this.setState({ papers: inOrder(await this.#api.papers()), refused: "" });
        } catch (error) {
            const code = error instanceof ApiRefused ? error.code : "internal";
            this.setState({ refused: code });
        }
    }

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        const words = DOSSIER[page.language];
        const { papers, refused } = this.state;
        const waiting = papers?.filter((one) => one.way === "for_post").length ?? 0;
        return html`<details class="more papers" data-testid="papers" onToggle=${this.#toggle}>
            <summary data-testid="papers-open">${words.papers}</summary>
            ${
                refused !== "" &&
                html`<${Refusal} testid="papers-refusal" text=${refusal(page.words, refused)} />`
            }
            ${papers?.length === 0 && html`<p class="soft">${words.papers_none}</p>`}
            ${
                waiting > 0 &&
                html`<p data-testid="papers-waiting">${words.papers_waiting(waiting)}</p>`
            }
            <section class="facts">
                ${papers?.map((one) => this.#row(one))}
            </section>
        </details>`;
    }

    /** @param {Paper} one */
    #row(one) {
        const { page } = /** @type {Props} */ (this.props);
        const { language } = page;
        const words = DOSSIER[language];
        const address = `/api/documents/${encodeURIComponent(one.record)}`;
        const posted = one.posted_ms > 0 ? day(one.posted_ms, language) : "";
        return html`<p key=${one.record} data-testid="paper" data-way=${one.way}>
            <b>${one.customer}</b>
            <span>
                ${day(one.made_ms, language)}, ${money(one.amount_cents, one.currency, language)}
                ${one.revision > 1 && html`, ${words.revision(one.revision)}`}
            </span>
            <small data-testid="paper-way">${words.ways[one.way]?.(one.to, posted)}</small>
            <a href=${`${address}?inline`} target="_blank" rel="noopener" data-testid="paper-open"
                >${words.open}</a
            >
            <a href=${address} download data-testid="paper-download">${words.download}</a>
            ${
                one.way === "for_post" &&
                html`<button
                    type="button"
                    class="quiet"
                    data-testid="paper-posted"
                    onClick=${() => void this.#try(() => this.#api.posted(one.record))}
                >
                    ${words.mark}
                </button>`
            }
        </p>`;
    }
}
