// What was stated of an engagement around its sessions, what it comes to, and one small
// form for more. Each statement is a fact in the journal; a correction is a revision.

import { Api, ApiRefused } from "../api.js";
import { Component, html } from "../html.js";
import { CAUSES, CHANNELS, KINDS, TICKED, dayOf, offered, stated } from "../stating.js";
import { refusal } from "../text/choose.js";
import { DOSSIER } from "../text/dossier.js";
import { day, money } from "../text/figures.js";
import { Refusal } from "./frame.js";

/** @typedef {import("../api.js").Engagement} Engagement */
/** @typedef {import("../api.js").Whole} Whole */
/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../stating.js").Way} Way */
/** @typedef {{ engagement: Engagement, page: PageState, api?: Api }} Props */
/** @typedef {{ whole: Whole | null, kind: string, refused: string, said: boolean,
 *     busy: boolean }} State */

/** One engagement's follow-up, folded until somebody opens it. */
export class Dossier extends Component {
    /** @override @type {State} */
    state = { whole: null, kind: "", refused: "", said: false, busy: false };

    #api = /** @type {Props} */ (this.props).api ?? new Api();

    /** @param {Event} event */
    #toggle = (event) => {
        const { open } = /** @type {HTMLDetailsElement} */ (event.currentTarget);
        if (open) void this.#load();
    };

    async #load() {
        const { engagement } = /** @type {Props} */ (this.props);
        await this.#try(async () => {
            this.setState({ whole: await this.#api.whole(engagement.id) });
        });
    }

    /** @param {Event} event */
    #choose = (event) => {
        const { value } = /** @type {HTMLSelectElement} */ (event.currentTarget);
        this.setState({ kind: value, refused: "", said: false });
    };

    /** @param {SubmitEvent} event */
    #submit = (event) => {
        event.preventDefault();
        const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
        const { engagement } = /** @type {Props} */ (this.props);
        const { kind } = this.state;
        void this.#try(async () => {
            await this.#api.state(engagement.id, kind, stated(kind, form));
            const whole = await this.#api.whole(engagement.id);
            this.setState({ whole, kind: "", said: true });
        });
    };

    /** @param {() => Promise<void>} work */
    async #try(work) {
        this.setState({ busy: true, refused: "" });
        try {
            await work();
        } catch (error) {
            const code = error instanceof ApiRefused ? error.code : "internal";
            this.setState({ refused: code });
        } finally {
            this.setState({ busy: false });
        }
    }

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        const { whole, refused, said } = this.state;
        const words = DOSSIER[page.language];
        return html`<details class="more dossier" data-testid="dossier" onToggle=${this.#toggle}>
            <summary data-testid="dossier-open">${words.title}</summary>
            <p class="soft">${words.lead}</p>
            ${whole !== null && this.#account(whole)} ${whole !== null && this.#facts(whole)}
            ${whole !== null && this.#form(whole)}
            ${
                refused !== "" &&
                html`<${Refusal} testid="dossier-refusal" text=${refusal(page.words, refused)} />`
            }
            ${said && html`<p role="status" data-testid="dossier-said">${words.saved}</p>`}
        </details>`;
    }

    /** @param {Whole} whole */
    #account({ account, is_warned_of }) {
        const { page } = /** @type {Props} */ (this.props);
        const words = DOSSIER[page.language];
        const amount = account && money(account.amount_cents, account.currency, page.language);
        return html`<p data-testid="dossier-account">
                ${amount ? words.account(amount, account?.revision ?? 1) : words.no_account}
            </p>
            ${account?.is_parked && html`<p data-testid="dossier-parked">${words.parked}</p>`}
            ${
                account?.refund_by &&
                html`<p data-testid="dossier-refund">
                    ${words.refund(day(Date.parse(account.refund_by), page.language))}
                </p>`
            }
            ${is_warned_of && html`<p data-testid="dossier-warned">${words.warned}</p>`}`;
    }

    /** @param {Whole} whole */
    #facts({ facts }) {
        const { page } = /** @type {Props} */ (this.props);
        const words = DOSSIER[page.language];
        if (facts.length === 0) return html`<p class="soft">${words.nothing}</p>`;
        return html`<section class="facts" data-testid="dossier-facts">
            ${facts.map(
                (fact) =>
                    html`<p key=${fact.n} data-kind=${fact.kind}>
                        <b>${words.kinds[fact.kind] ?? fact.kind}</b>
                        <span>${fact.reason}</span>
                        <small>${day(fact.at_ms, page.language)} ${fact.author}</small>
                    </p>`,
            )}
        </section>`;
    }

    /** @param {Whole} whole */
    #form(whole) {
        const { page } = /** @type {Props} */ (this.props);
        const words = DOSSIER[page.language];
        const { kind, busy } = this.state;
        return html`<form class="stating" data-testid="dossier-form" onSubmit=${this.#submit}>
            <label class="field">
                <span>${words.choose}</span>
                <select data-testid="dossier-kind" value=${kind} onChange=${this.#choose}>
                    <option value=""></option>
                    ${offered(whole).map(
                        (one) =>
                            html`<option key=${one} value=${one}>${words.kinds[one]}</option>`,
                    )}
                </select>
            </label>
            ${Object.entries(KINDS[kind] ?? {}).map(([name, way]) => this.#field(name, way))}
            ${
                kind !== "" &&
                html`<button class="primary" data-testid="dossier-save" disabled=${busy}>
                    ${words.save}
                </button>`
            }
        </form>`;
    }

    /**
     * @param {string} name
     * @param {Way} way
     */
    #field(name, way) {
        const { page, engagement } = /** @type {Props} */ (this.props);
        const words = DOSSIER[page.language];
        const testid = `dossier-${name}`;
        const label = words.fields[name];
        const choice = (/** @type {[string, string | undefined][]} */ options) =>
            html`<label class="field" key=${name}>
                <span>${label}</span>
                <select name=${name} data-testid=${testid}>
                    ${options.map(
                        ([value, text]) => html`<option key=${value} value=${value}>${text}</option>`,
                    )}
                </select>
            </label>`;
        switch (way) {
            case "yes":
                return html`<label class="tick" key=${name}>
                    <input
                        type="checkbox"
                        name=${name}
                        data-testid=${testid}
                        defaultChecked=${TICKED.has(name)}
                    />
                    <span>${label}</span>
                </label>`;
            case "channel":
                return choice(CHANNELS.map((one) => [one, words.channels[one]]));
            case "cause":
                return choice(CAUSES.map((one) => [one, words.causes[one]]));
            case "engagement":
                return choice(
                    page.engagements
                        .filter((one) => one.id !== engagement.id)
                        .map((one) => [one.id, `${one.customer}, ${one.purpose}`]),
                );
            case "text":
                return html`<label class="field" key=${name}>
                    <span>${label}</span>
                    <textarea name=${name} rows="3" maxlength="1000" required data-testid=${testid}></textarea>
                </label>`;
            default: {
                const type = way === "day" ? "date" : way === "number" ? "number" : "text";
                const at = name === "concluded" ? engagement.confirmed_ms : page.wallMs;
                const start = way === "day" ? dayOf(at) : way === "number" ? "1" : "";
                return html`<label class="field" key=${name}>
                    <span>${label}</span>
                    <input
                        name=${name}
                        type=${type}
                        min=${way === "number" ? 1 : undefined}
                        defaultValue=${start}
                        maxlength="1000"
                        required
                        data-testid=${testid}
                    />
                </label>`;
            }
        }
    }
}
