// The page of what was: search, list, charts, and one session drawn along its time. Every
// drawing has a table beside it that says the same.

import { html } from "../html.js";
import { Table, when } from "../office/table.js";
import { LANGUAGES, ending } from "../text/choose.js";
import { clock } from "../text/figures.js";
import { counted, median } from "./past.js";

/** @typedef {import("./past.js").Past} Past */
/** @typedef {import("./past.js").Session} Session */
/** @typedef {import("./past.js").Drawn} Drawn */
/** @typedef {import("./text.js").PastWords} PastWords */
/** @typedef {import("../text/figures.js").Language} Language */
/** @typedef {{ past: Past, words: PastWords, language: Language,
 *     speak: (language: Language) => void }} Props */

/** Of the drawing, in its own units. */
const WIDE = 1000;
const HIGH = 48;
/** Before the customer's screen is seen. */
const WAITS = ["waiting", "pairing", "consenting"];

/** @param {Props} props */
export function draw(props) {
    const { past, words, language, speak } = props;
    return html`<div class="page past-page">
        <header class="bar">
            <div class="brand"><span>${LANGUAGES[language].product}</span></div>
            <div class="bar-subject"><span>${words.title}</span></div>
            <div class="languages" role="group">
                ${/** @type {Language[]} */ (["fr", "en"]).map(
                    (one) =>
                        html`<button
                            type="button"
                            class="language"
                            lang=${one}
                            aria-pressed=${String(one === language)}
                            onClick=${() => speak(one)}
                        >
                            ${one.toUpperCase()}
                        </button>`,
                )}
            </div>
            <a class="quiet on-dark" href="./" data-testid="to-console">${words.to_console}</a>
        </header>
        <main class="past">
            <h1>${words.title}</h1>
            <div role="alert">
                ${past.problem !== "" &&
                html`<p class="refusal" data-testid="problem">
                    ${words.problems[/** @type {keyof PastWords["problems"]} */ (past.problem)]}
                </p>`}
            </div>
            ${past.drawn === null
                ? html`<${List} ...${props} />`
                : html`<${One} ...${props} drawn=${past.drawn} />`}
        </main>
    </div>`;
}

/** @param {Props} props */
function List({ past, words, language }) {
    const submit = (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
        const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
        void past.search({ text: text("text"), from: text("from"), until: text("until") });
    };
    const { sessions } = past;
    return html`<form class="card past-search" data-testid="search" onSubmit=${submit}>
            <label class="field">
                <span>${words.text}</span>
                <input name="text" type="search" maxlength="200" data-testid="search-text" />
            </label>
            <label class="field">
                <span>${words.from}</span>
                <input name="from" type="date" data-testid="search-from" />
            </label>
            <label class="field">
                <span>${words.until}</span>
                <input name="until" type="date" data-testid="search-until" />
            </label>
            <button class="primary" data-testid="search-submit">${words.submit}</button>
        </form>
        ${sessions !== null && sessions.length === 0 && html`<p data-testid="none">${words.none}</p>`}
        ${sessions !== null &&
        sessions.length > 0 &&
        html`<${Table}
                name=${words.list}
                heads=${words.heads}
                rows=${sessions.map((one) => row(one, past, words, language))}
            />
            <${Charts} sessions=${sessions} words=${words} language=${language} />`}
        <form class="past-month" method="get" action="/api/history-month" data-testid="month">
            <label class="field">
                <span>${words.month}</span>
                <input name="month" type="month" required pattern="\\d{4}-\\d{2}" />
            </label>
            <button class="outlined">${words.month_submit}</button>
        </form>`;
}

/**
 * @param {Session} one
 * @param {Past} past
 * @param {PastWords} words
 * @param {Language} language
 * @returns {import("../office/table.js").Row}
 */
function row(one, past, words, language) {
    const open = html`<button
        type="button"
        class="outlined"
        data-testid="past-open"
        aria-label=${words.open_label(one.customer)}
        onClick=${() => past.open(one.session)}
    >
        ${words.open}
    </button>`;
    return {
        key: one.session,
        testid: "past",
        name: one.session,
        cells: [
            when(one.started_ms, language),
            one.customer,
            one.purpose,
            one.technician,
            clock(one.seconds["viewing"] ?? 0),
            clock(one.seconds["controlling"] ?? 0),
            reasonOf(one, words, language),
            open,
        ],
    };
}

/**
 * @param {Session} one
 * @param {PastWords} words
 * @param {Language} language
 */
function reasonOf({ reason }, words, language) {
    return reason === "" ? words.living : ending(LANGUAGES[language], reason, words.customer);
}

/**
 * @param {object} props
 * @param {Session[]} props.sessions
 * @param {PastWords} props.words
 * @param {Language} props.language
 */
function Charts({ sessions, words, language }) {
    const sum = (/** @type {Session} */ one, /** @type {boolean} */ isWait) =>
        Object.entries(one.seconds)
            .filter(([state]) => WAITS.includes(state) === isWait)
            .reduce((all, [, seconds]) => all + seconds, 0);
    const seen = sessions.filter((one) => one.seconds["viewing"] !== undefined);
    const day = (/** @type {Session} */ one) =>
        new Date(one.started_ms).toLocaleDateString(language === "fr" ? "fr-FR" : "en-GB");
    return html`<section class="past-charts" aria-label=${words.charts}>
        <p>
            ${words.lengths(
                median(seen.map((one) => sum(one, false))),
                median(seen.map((one) => sum(one, true))),
            )}
        </p>
        <${Bars} title=${words.by_day} rows=${counted(sessions, day)} />
        <${Bars}
            title=${words.by_reason}
            rows=${counted(sessions, (one) => reasonOf(one, words, language))}
        />
    </section>`;
}

/**
 * Bars whose numbers stand beside them: nothing is said by length alone.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {{ name: string, count: number }[]} props.rows
 */
function Bars({ title, rows }) {
    const most = Math.max(1, ...rows.map(({ count }) => count));
    return html`<figure class="past-bars">
        <figcaption>${title}</figcaption>
        <dl>
            ${rows.map(
                ({ name, count }) =>
                    html`<div key=${name}>
                        <dt>${name}</dt>
                        <dd>
                            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                                <rect width=${(100 * count) / most} height="10" />
                            </svg>
                            ${count}
                        </dd>
                    </div>`,
            )}
        </dl>
    </figure>`;
}

/** @param {Props & { drawn: Drawn }} props */
function One({ past, words, language, drawn }) {
    const { session, bands, marks } = drawn;
    const states = /** @type {Record<string, string>} */ (words.states);
    const sides = /** @type {Record<string, string>} */ (words.sides);
    const kinds = /** @type {Record<string, string>} */ (words.kinds);
    const what = (/** @type {string} */ kind) => kinds[kind] ?? kind;
    const moment = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
        dateStyle: "short",
        timeStyle: "medium",
    });
    return html`<section data-testid="drawn">
        <button type="button" class="quiet" onClick=${past.close}>${words.back}</button>
        <h2>${session.customer}</h2>
        <p class="lead">${session.purpose}, ${when(session.started_ms, language)}</p>
        <${Line} words=${words} drawn=${drawn} />
        <${Table}
            name=${words.bands}
            heads=${words.band_heads}
            rows=${bands.map((band, at) => ({
                key: String(at),
                testid: "band-row",
                cells: [states[band.state] ?? band.state, clock(band.seconds)],
            }))}
        />
        <h3>${words.marks}</h3>
        <${Table}
            name=${words.marks}
            heads=${words.mark_heads}
            rows=${marks.map((mark) => ({
                key: String(mark.n),
                testid: "mark",
                cells: [
                    mark.n,
                    moment.format(mark.at_ms),
                    sides[mark.side] ?? mark.side,
                    mark.late ? `${what(mark.kind)} (${words.late})` : what(mark.kind),
                    html`<code>${mark.hash}</code>`,
                ],
            }))}
        />
    </section>`;
}

/**
 * States as bands of their colours, acts of the two people as marks above.
 *
 * @param {object} props
 * @param {PastWords} props.words
 * @param {Drawn} props.drawn
 */
function Line({ words, drawn }) {
    const whole = Math.max(
        1,
        drawn.bands.reduce((sum, { seconds }) => sum + seconds, 0),
    );
    const x = (/** @type {number} */ seconds) => (WIDE * seconds) / whole;
    let at = 0;
    return html`<svg
        class="past-line"
        viewBox=${`0 0 ${WIDE} ${HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-label=${words.line}
    >
        ${drawn.bands.map(({ state, seconds }, n) => {
            const from = at;
            at += seconds;
            return html`<rect
                key=${n}
                class=${`state-${state}`}
                data-testid="band"
                data-state=${state}
                x=${x(from)}
                y="12"
                width=${Math.max(1, x(seconds))}
                height=${HIGH - 12}
            />`;
        })}
        ${drawn.marks
            .filter(({ side }) => side !== "relay")
            .map(
                ({ n, offset_s, side }) =>
                    html`<rect key=${`m${n}`} class=${`by-${side}`} x=${x(offset_s)} width="3" height="12" />`,
            )}
    </svg>`;
}
