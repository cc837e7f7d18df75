// A button that opens a panel above it, closed again by Escape, by the button, or by
// going elsewhere. The panel may hold anything that is reached by Tab.

import { Component, createRef, html } from "../html.js";

/** @typedef {import("../html.js").Child} Child */

/** @typedef {{ name: string, label: string, children?: Child, isDisabled?: boolean }} Props */

/** Knows only whether it is open. */
export class Menu extends Component {
    /** @override @type {{ isOpen: boolean }} */
    state = { isOpen: false };
    /** @type {{ current: HTMLElement | null }} */
    #box = createRef();
    /** @type {{ current: HTMLButtonElement | null }} */
    #button = createRef();

    /** @param {Event} event */
    #elsewhere = (event) => {
        if (!this.#box.current?.contains(/** @type {Node} */ (event.target))) this.#close();
    };

    /** @param {KeyboardEvent} event */
    #key = (event) => {
        if (event.key !== "Escape" || !this.state.isOpen) return;
        event.stopPropagation();
        this.#close();
        this.#button.current?.focus();
    };

    #toggle = () => {
        if (this.state.isOpen) this.#close();
        else {
            document.addEventListener("pointerdown", this.#elsewhere);
            this.setState({ isOpen: true });
        }
    };

    #close = () => {
        document.removeEventListener("pointerdown", this.#elsewhere);
        this.setState({ isOpen: false });
    };

    /** @override */
    componentWillUnmount() {
        document.removeEventListener("pointerdown", this.#elsewhere);
    }

    /** @override */
    render() {
        const { name, label, children, isDisabled } = /** @type {Props} */ (this.props);
        const { isOpen } = this.state;
        return html`<div class="menu" ref=${this.#box} onKeyDown=${this.#key}>
            <button
                type="button"
                class="quiet"
                ref=${this.#button}
                data-testid=${`menu-${name}`}
                aria-expanded=${String(isOpen)}
                aria-controls=${`panel-${name}`}
                disabled=${isDisabled === true}
                onClick=${this.#toggle}
            >
                ${label}
            </button>
            <div
                class="card panel"
                id=${`panel-${name}`}
                role="group"
                aria-label=${label}
                hidden=${!isOpen}
            >
                ${isOpen && children}
            </div>
        </div>`;
    }
}

/**
 * One of several that exclude each other.
 *
 * @param {object} props
 * @param {string} props.testid
 * @param {string} props.text
 * @param {boolean} props.isOn
 * @param {() => void} props.act
 */
export function Segment({ testid, text, isOn, act }) {
    return html`<button
        type="button"
        data-testid=${testid}
        aria-pressed=${String(isOn)}
        onClick=${act}
    >
        ${text}
    </button>`;
}
