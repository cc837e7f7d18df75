// Pointing at things on the customer's screen, before any control is granted: a button,
// and the place over the picture where lines are drawn. They appear here at once, on the
// customer's screen a moment later, and fade on both.

import { Component, createRef, html } from "../html.js";
import { TOGETHER } from "../text/together.js";
import { MARK_MS } from "../wire/talk.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {{ page: PageState, actions: Actions }} Props */

const COLOUR = "#e5007d";
const LINE_PX = 5;
const DOT_PX = 10;

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function PenButton({ page, actions }) {
    const marks = actions.together?.talk.marks ?? null;
    if (marks === null) return null;
    const words = TOGETHER[page.language];
    const { session } = page;
    const may = marks.mayDraw && session?.hasPicture === true;
    return html`<button
            type="button"
            class="quiet"
            data-testid="pen-toggle"
            disabled=${!may && !marks.isOn}
            onClick=${() => marks.toggle()}
        >
            ${marks.isOn ? words.pen_on : words.pen}
        </button>
        ${
            marks.isOn &&
            html`<button type="button" class="quiet" data-testid="pen-clear" onClick=${() => marks.clear()}>
                ${words.pen_clear}
            </button>`
        }`;
}

/** Lies over the picture while the pen is in the hand. */
export class Pen extends Component {
    /** @type {{ current: HTMLCanvasElement | null }} */
    #canvas = createRef();
    /** Lines in this page's pixels, and when each was last drawn at. */
    #lines = /** @type {{ points: [number, number][], atMs: number }[]} */ ([]);
    #isDown = false;

    get #marks() {
        return /** @type {Props} */ (this.props).actions.together?.talk.marks ?? null;
    }

    /** @param {PointerEvent} event */
    #down = (event) => {
        const place = this.#place(event);
        if (event.button !== 0 || place === null) return;
        event.preventDefault();
        this.#canvas.current?.setPointerCapture(event.pointerId);
        this.#isDown = true;
        this.#marks?.begin(place);
        this.#lines.push({ points: [], atMs: 0 });
        this.#ink(event);
    };

    /** @param {PointerEvent} event */
    #move = (event) => {
        if (!this.#isDown) return;
        const place = this.#place(event);
        if (place === null) return;
        this.#marks?.move(place);
        this.#ink(event);
    };

    #up = () => {
        this.#isDown = false;
        this.#marks?.end();
    };

    /** @param {PointerEvent} event */
    #place(event) {
        const { actions } = /** @type {Props} */ (this.props);
        return actions.together?.place(event.clientX, event.clientY) ?? null;
    }

    /** @param {PointerEvent} event */
    #ink(event) {
        const line = this.#lines.at(-1);
        const box = this.#canvas.current?.getBoundingClientRect();
        if (line === undefined || box === undefined) return;
        line.points.push([event.clientX - box.left, event.clientY - box.top]);
        line.atMs = performance.now();
        this.#draw();
    }

    /** @override */
    componentDidUpdate() {
        // The page is drawn several times a second: that is how lines fade.
        const now = performance.now();
        const left = this.#lines.filter(({ atMs }) => now - atMs < MARK_MS);
        const isCleared = this.#marks !== null && this.#marks.strokes.length === 0;
        const kept = isCleared && !this.#isDown ? [] : left;
        if (kept.length === this.#lines.length) return;
        this.#lines = kept;
        this.#draw();
    }

    #draw() {
        const canvas = this.#canvas.current;
        const ink = canvas?.getContext("2d") ?? null;
        if (canvas === null || ink === null) return;
        const density = devicePixelRatio || 1;
        canvas.width = canvas.clientWidth * density;
        canvas.height = canvas.clientHeight * density;
        ink.scale(density, density);
        ink.strokeStyle = ink.fillStyle = COLOUR;
        ink.lineWidth = LINE_PX;
        ink.lineCap = ink.lineJoin = "round";
        for (const { points } of this.#lines) {
            const [first, ...rest] = points;
            if (first === undefined) continue;
            ink.beginPath();
            if (rest.length === 0) {
                ink.arc(first[0], first[1], DOT_PX, 0, 2 * Math.PI);
                ink.fill();
                continue;
            }
            ink.moveTo(...first);
            for (const point of rest) ink.lineTo(...point);
            ink.stroke();
        }
    }

    /** @override */
    render() {
        const { page } = /** @type {Props} */ (this.props);
        if (this.#marks?.isOn !== true) {
            this.#lines = [];
            return null;
        }
        return html`<canvas
            class="pen"
            data-testid="pen"
            role="img"
            aria-label=${TOGETHER[page.language].pen_label}
            ref=${this.#canvas}
            onPointerDown=${this.#down}
            onPointerMove=${this.#move}
            onPointerUp=${this.#up}
            onPointerCancel=${this.#up}
        ></canvas>`;
    }
}
