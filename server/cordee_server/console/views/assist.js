// The live screen, and above it always: who has control, and since when.
//
// The band's words change with the journal's entries, and at once when the customer
// takes something away; its colour never says anything that its words do not.

import { Component, createRef, html } from "../html.js";
import { Foot } from "./foot.js";
import { Icon } from "./icons.js";
import { Pen } from "./pen.js";
import { EndInPlace } from "./waiting.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../assist.js").SessionState} SessionState */
/** @typedef {import("../text/words.js").Words} Words */

/** @type {Record<string, string>} */
const ICONS = {
    waiting: "clock",
    viewing: "eye",
    controlling: "pointer",
    reclaimed: "hand",
    paused: "hidden",
    interrupted: "link",
    ended: "check",
};

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Assist({ page, actions }) {
    const { words, session, engagement } = page;
    if (session === null || engagement === null) return null;
    const { customer } = engagement;
    return html`<main class="assist">
        <section class="band" data-testid="mode" data-mode=${session.mode}>
            <${Icon} name=${ICONS[session.mode] ?? "clock"} class="icon band-icon" />
            <div class="band-words">
                <div role="status" aria-live="assertive">
                    <h1 data-testid="mode-words">${modeWords(words, session.mode, customer)}</h1>
                </div>
                <!-- A countdown is not read out every second. -->
                <span
                    data-testid="mode-hint"
                    aria-live=${session.asking === "control" ? "off" : "polite"}
                    >${hint(words, session, customer, page.nowMs)}</span
                >
            </div>
            <span class="band-time" data-testid="mode-time">
                ${words.clock(session.modeSeconds)}
            </span>
            <div class="band-acts">
                ${!page.isEnding && html`<${ControlButton} page=${page} actions=${actions} />`}
                <${EndInPlace} page=${page} actions=${actions} />
            </div>
        </section>
        <${Stage} page=${page} actions=${actions} />
        <${Foot} page=${page} actions=${actions} />
    </main>`;
}

/**
 * @param {Words} words
 * @param {string} mode
 * @param {string} customer
 */
export function modeWords(words, mode, customer) {
    switch (mode) {
        case "waiting":
            return words.mode_waiting(customer);
        case "viewing":
            return words.mode_viewing(customer);
        case "controlling":
            return words.mode_controlling(customer);
        case "reclaimed":
            return words.mode_reclaimed(customer);
        case "paused":
            return words.mode_paused(customer);
        case "interrupted":
            return words.mode_interrupted;
        default:
            return words.mode_ended;
    }
}

/**
 * @param {Words} words
 * @param {SessionState} session
 * @param {string} customer
 * @param {number} nowMs
 */
function hint(words, session, customer, nowMs) {
    if (!session.linkIsUp) return words.hint_link_own;
    if (session.peerIsLost) return words.hint_link_peer(customer);
    if (session.asking === "control") {
        const left = words.clock((session.questionUntil - nowMs) / 1000);
        return words.hint_asking(customer, left);
    }
    if (session.controlRefused === "no") return words.refused_control_no(customer);
    if (session.controlRefused === "timeout") return words.refused_control_timeout(customer);
    switch (session.mode) {
        case "viewing":
            return words.hint_viewing;
        case "controlling":
            return words.hint_controlling;
        case "reclaimed":
            return words.hint_reclaimed;
        case "paused":
            return words.hint_paused;
        default:
            return "";
    }
}

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
function ControlButton({ page, actions }) {
    const { words, session } = page;
    if (session === null) return null;
    if (session.mode === "controlling") {
        return html`<button
            type="button"
            class="on-band"
            data-testid="release-control"
            onClick=${actions.releaseControl}
        >
            ${words.release_control}
        </button>`;
    }
    return html`<button
        type="button"
        class="on-band"
        data-testid="ask-control"
        disabled=${!session.mayAsk}
        onClick=${actions.askControl}
    >
        ${session.asking === "control" ? words.asking_control : words.ask_control}
    </button>`;
}

/** Holds the canvas of the session and the field that reads keys. */
class Stage extends Component {
    /** @type {{ current: HTMLElement | null }} */
    #box = createRef();
    /** @type {{ current: HTMLTextAreaElement | null }} */
    #field = createRef();
    /** @type {(() => void) | null} */
    #leave = null;

    /** @override */
    componentDidMount() {
        const box = this.#box.current;
        const field = this.#field.current;
        if (box !== null && field !== null) this.#leave = this.props.actions.mount(box, field);
    }

    /** @override */
    componentWillUnmount() {
        this.#leave?.();
    }

    /**
     * @override
     * @param {any} props
     */
    render({ page } = this.props) {
        const { words, session, engagement } = /** @type {PageState} */ (page);
        const customer = engagement?.customer ?? "";
        const cover = session === null ? null : coverWords(words, session, customer);
        return html`<div class="stage" data-fit=${page.fit}>
            <div
                class="stage-box"
                role="group"
                aria-label=${words.screen_label(customer)}
                ref=${this.#box}
            ></div>
            <textarea
                class="unseen-field"
                ref=${this.#field}
                data-testid="keys"
                aria-label=${words.keys_label(customer)}
                autocomplete="off"
                autocapitalize="none"
                spellcheck=${false}
            ></textarea>
            ${
                cover === null && html`<${Pen} page=${page} actions=${this.props.actions} />`
            }
            ${
                cover !== null &&
                html`<div class="cover" data-testid="cover">
                    <${Icon} name=${ICONS[session?.mode ?? ""] ?? "clock"} />
                    <p>${cover}</p>
                </div>`
            }
        </div>`;
    }
}

/**
 * What covers the picture, if anything does.
 *
 * @param {Words} words
 * @param {SessionState} session
 * @param {string} customer
 */
function coverWords(words, session, customer) {
    if (session.pictureFailed) return words.picture_lost;
    if (session.mode === "paused") return words.cover_paused(customer);
    if (session.mode === "interrupted") return words.cover_interrupted;
    return session.hasPicture ? null : words.cover_loading;
}
