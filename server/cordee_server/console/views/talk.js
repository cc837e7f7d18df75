// Words to the customer and from them: a panel that stays open beside the picture, its
// count of what was not read, and nothing that takes the keyboard by coming.

import { Component, createRef, html } from "../html.js";
import { TOGETHER } from "../text/together.js";
import { SAID_MAX } from "../wire/talk.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../text/together.js").TogetherWords} TogetherWords */
/** @typedef {import("../together/chat.js").Line} Line */
/** @typedef {import("../together/talk.js").Talk} Desk */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/** The button, and the conversation behind it. */
export class Talk extends Component {
    /** @override @type {{ isOpen: boolean }} */
    state = { isOpen: false };
    /** @type {{ current: HTMLButtonElement | null }} */
    #button = createRef();
    /** @type {{ current: HTMLTextAreaElement | null }} */
    #field = createRef();
    /** @type {{ current: HTMLElement | null }} */
    #list = createRef();
    #shown = 0;
    /** The technician wants to write: the keyboard goes to the field, once. */
    #isOpening = false;

    /** @override */
    componentDidMount() {
        document.addEventListener("visibilitychange", this.#read);
        addEventListener("focus", this.#read);
    }

    /** @override */
    componentWillUnmount() {
        document.removeEventListener("visibilitychange", this.#read);
        removeEventListener("focus", this.#read);
    }

    /** @override */
    componentDidUpdate() {
        const count = this.#desk?.chat.state.lines.length ?? 0;
        const list = this.#list.current;
        if (list !== null && count !== this.#shown) list.scrollTop = list.scrollHeight;
        this.#shown = list === null ? 0 : count;
        if (this.#isOpening) this.#field.current?.focus();
        this.#isOpening = false;
        this.#read();
    }

    /** @returns {Desk | null} */
    get #desk() {
        return this.props.actions.together?.talk ?? null;
    }

    /** Read is what stands on a page that somebody looks at. */
    #read = () => {
        if (this.state.isOpen && document.hasFocus()) this.#desk?.read();
    };

    #toggle = () => {
        this.#isOpening = !this.state.isOpen;
        this.setState({ isOpen: this.#isOpening });
    };

    /** @param {KeyboardEvent} event */
    #key = (event) => {
        if (event.key === "Escape" && this.state.isOpen) {
            event.stopPropagation();
            this.setState({ isOpen: false });
            this.#button.current?.focus();
        } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            if (event.target !== this.#field.current) return;
            event.preventDefault();
            this.#send();
        }
    };

    /** @param {Event} event */
    #submit = (event) => {
        event.preventDefault();
        this.#send();
    };

    #send() {
        const field = this.#field.current;
        if (field === null || this.#desk?.say(field.value) !== true) return;
        // What one message cannot hold stays, and is not lost.
        field.value = [...field.value.trim()].slice(SAID_MAX).join("");
        field.focus();
    }

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        const desk = this.#desk;
        if (desk === null || page.engagement === null) return null;
        const words = TOGETHER[page.language];
        const { customer } = page.engagement;
        const { lines, unread } = desk.chat.state;
        const last = lines.at(-1);
        const { isOpen } = this.state;
        return html`<div class="menu" onKeyDown=${this.#key}>
            <button
                type="button"
                class=${unread > 0 ? "quiet unread" : "quiet"}
                ref=${this.#button}
                data-testid="talk"
                aria-expanded=${String(isOpen)}
                aria-controls="panel-talk"
                onClick=${this.#toggle}
            >
                ${words.talk(unread)}
            </button>
            <span class="unseen" role="status" data-testid="talk-news">
                ${unread > 0 && last !== undefined && !last.isMine && words.talk_new(customer, last.text)}
            </span>
            <div
                class="card panel talk"
                id="panel-talk"
                role="group"
                aria-label=${words.talk(0)}
                hidden=${!isOpen}
            >
                ${isOpen && this.#panel(page, words, customer, lines)}
            </div>
        </div>`;
    }

    /**
     * @param {PageState} page
     * @param {TogetherWords} words
     * @param {string} customer
     * @param {Line[]} lines
     */
    #panel({ language, session }, words, customer, lines) {
        const isCut = session !== null && session.mode === "interrupted";
        const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
        return html`<ul
                class="talk-lines"
                ref=${this.#list}
                tabindex="0"
                aria-label=${words.talk_messages}
                data-testid="talk-lines"
            >
                ${lines.length === 0 && html`<li class="soft">${words.talk_empty(customer)}</li>`}
                ${lines.map(
                    (line) => html`<li
                        key=${`${line.isMine}-${line.id}`}
                        class=${line.isMine ? "mine" : "theirs"}
                        data-testid="talk-line"
                        data-fate=${line.fate}
                    >
                        <span class="talk-about">
                            ${line.isMine ? words.talk_you : customer}, ${time.format(line.atMs)}
                            ${line.isMine && html` – ${words.fates[line.fate]}`}
                        </span>
                        <span class="talk-words">${line.text}</span>
                    </li>`,
                )}
            </ul>
            ${isCut && html`<p class="soft" role="status">${words.talk_closed}</p>`}
            <form onSubmit=${this.#submit}>
                <label class="unseen" for="talk-field">${words.talk_field}</label>
                <textarea
                    id="talk-field"
                    data-testid="talk-field"
                    rows="2"
                    aria-describedby="talk-hint"
                    ref=${this.#field}
                ></textarea>
                <div class="talk-acts">
                    <span class="soft" id="talk-hint">${words.talk_hint}</span>
                    <button class="primary" data-testid="talk-send">${words.talk_send}</button>
                </div>
            </form>`;
    }
}
