// Files both ways: offered by a button or by dropping them on the page, taken by a click,
// with how far each is, how fast, how long still, and a way to break it off.

import { Component, createRef, html } from "../html.js";
import { spokenTime } from "../text/figures.js";
import { FILES } from "../text/files.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../text/files.js").FileWords} FileWords */
/** @typedef {import("../together/files.js").Files} Desk */
/** @typedef {import("../together/rows.js").Row} Row */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/** The button, its panel, and the place where files are dropped. */
export class Files extends Component {
    /** @override @type {{ isOpen: boolean, isOver: boolean }} */
    state = { isOpen: false, isOver: false };
    /** @type {{ current: HTMLInputElement | null }} */
    #input = createRef();
    /** @type {{ current: HTMLButtonElement | null }} */
    #button = createRef();
    #asked = 0;

    /** @override */
    componentDidMount() {
        document.addEventListener("dragover", this.#over);
        document.addEventListener("dragleave", this.#away);
        document.addEventListener("drop", this.#drop);
    }

    /** @override */
    componentWillUnmount() {
        document.removeEventListener("dragover", this.#over);
        document.removeEventListener("dragleave", this.#away);
        document.removeEventListener("drop", this.#drop);
    }

    /** @returns {Desk | null} */
    get #desk() {
        return this.props.actions.together?.files ?? null;
    }

    /** @param {DragEvent} event */
    #over = (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault(); // else the browser would leave this page for the file
        const may = this.#desk?.state.mayOffer === true;
        event.dataTransfer.dropEffect = may ? "copy" : "none";
        if (may && !this.state.isOver) this.setState({ isOver: true });
    };

    /** @param {DragEvent} event */
    #away = (event) => {
        if (event.relatedTarget === null) this.setState({ isOver: false });
    };

    /** @param {DragEvent} event */
    #drop = (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        this.#offer(event.dataTransfer.files);
        this.setState({ isOver: false, isOpen: true });
    };

    /** @param {FileList | null} files */
    #offer(files) {
        for (const file of files ?? []) void this.#desk?.offer(file);
    }

    #toggle = () => this.setState({ isOpen: !this.state.isOpen });

    /** @param {KeyboardEvent} event */
    #key = (event) => {
        if (event.key !== "Escape" || !this.state.isOpen) return;
        event.stopPropagation();
        this.setState({ isOpen: false });
        this.#button.current?.focus();
    };

    #choose = () => this.#input.current?.click();

    #chosen = () => {
        const input = this.#input.current;
        if (input === null) return;
        this.#offer(input.files);
        input.value = ""; // the same file may be chosen again
    };

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        const desk = this.#desk;
        if (desk === null || page.engagement === null) return null;
        const words = FILES[page.language];
        const { customer } = page.engagement;
        const asked = desk.state.rows.filter((row) => !row.isLeaving && row.stage === "asked");
        if (asked.length > this.#asked) this.state.isOpen = true; // something to answer
        this.#asked = asked.length;
        const { isOpen, isOver } = this.state;
        return html`<div class="menu" onKeyDown=${this.#key}>
            <button
                type="button"
                class="quiet"
                ref=${this.#button}
                data-testid="files"
                aria-expanded=${String(isOpen)}
                aria-controls="panel-files"
                onClick=${this.#toggle}
            >
                ${words.title(asked.length)}
            </button>
            <span class="unseen" role="status">
                ${asked.map((row) => words.offered(customer, row.name, words.size(row.size)))}
            </span>
            <div
                class="card panel files"
                id="panel-files"
                role="group"
                aria-label=${words.title(0)}
                hidden=${!isOpen}
            >
                ${isOpen && this.#panel(desk, words, customer)}
            </div>
            ${isOver && html`<div class="drop" data-testid="files-drop">${words.drop(customer)}</div>`}
        </div>`;
    }

    /**
     * @param {Desk} desk
     * @param {FileWords} words
     * @param {string} customer
     */
    #panel(desk, words, customer) {
        const { rows, mayOffer, isWanting } = desk.state;
        return html`<p class="soft">${words.hint(customer)}</p>
            <ul class="file-list">
                ${rows.map(
                    (row) => html`<li key=${row.id} data-testid="file" data-stage=${row.stage}>
                        <${One} row=${row} desk=${desk} words=${words} customer=${customer} />
                    </li>`,
                )}
            </ul>
            <div class="file-acts">
                <input
                    type="file"
                    multiple
                    hidden
                    ref=${this.#input}
                    data-testid="files-input"
                    onChange=${this.#chosen}
                />
                <button
                    type="button"
                    data-testid="files-offer"
                    disabled=${!mayOffer}
                    onClick=${this.#choose}
                >
                    ${words.offer}
                </button>
                <button
                    type="button"
                    data-testid="files-want"
                    disabled=${!mayOffer || isWanting}
                    onClick=${() => desk.want()}
                >
                    ${isWanting ? words.wanting(customer) : words.want(customer)}
                </button>
                ${
                    rows.some((row) => row.isOver) &&
                    html`<button
                        type="button"
                        class="quiet"
                        data-testid="files-clear"
                        onClick=${() => desk.forget()}
                    >
                        ${words.clear}
                    </button>`
                }
            </div>`;
    }
}

/**
 * @param {object} props
 * @param {Row} props.row
 * @param {Desk} props.desk
 * @param {FileWords} props.words
 * @param {string} props.customer
 */
function One({ row, desk, words, customer }) {
    const { id, name, size, moved, stage } = row;
    const button = (/** @type {string} */ act, /** @type {() => void} */ then, label = "") =>
        html`<button
            type="button"
            class=${act === "save" ? "" : "quiet"}
            data-testid=${`file-${act}`}
            aria-label=${`${label} ${name}`}
            onClick=${then}
        >
            ${label}
        </button>`;
    const isOffered = stage === "asked" && !row.isLeaving;
    return html`<span class="file-name" data-testid="file-name">${name}</span>
        <span class="soft">${words.size(size)}</span>
        ${
            stage === "moving" &&
            html`<progress
                max=${Math.max(size, 1)}
                value=${moved}
                aria-label=${words.progress(name)}
            ></progress>`
        }
        <span class="soft" data-testid="file-words">${wordsOf(row, words, customer)}</span>
        ${isOffered && button("save", () => void desk.accept(id), words.save)}
        ${isOffered && button("refuse", () => desk.refuse(id), words.refuse)}
        ${!row.isOver && !isOffered && button("stop", () => desk.cancel(id), words.stop)}`;
}

/**
 * @param {Row} row
 * @param {FileWords} words
 * @param {string} customer
 */
function wordsOf(row, words, customer) {
    switch (row.stage) {
        case "asked":
            return row.isLeaving ? words.asked(customer) : "";
        case "moving": {
            const left = row.secondsLeft;
            if (left === null) return words.starting;
            return words.moving(words.size(row.rate), spokenTime(left));
        }
        case "kept":
            return row.isLeaving ? words.sent : words.received;
        default:
            return words.why[/** @type {keyof FileWords["why"]} */ (row.why)] ?? "";
    }
}
