// The few drawings of the console. Each stands beside words, so none is read out.

import { html } from "../html.js";

/** @type {Record<string, string>} */
const PATHS = {
    eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
    hand: "M8 12.5V5.6a1.5 1.5 0 0 1 3 0V11 M11 10.5V4.2a1.5 1.5 0 0 1 3 0V11 M14 11V5.8a1.5 1.5 0 0 1 3 0v8.4c0 3.8-2.3 6.6-6 6.6-2.7 0-4.3-1.3-5.6-3.7l-2.2-4a1.5 1.5 0 0 1 2.5-1.6L8 14.2",
    pointer: "M5.5 3.5 19 11.2l-6.1 1.6-3.1 5.6z",
    clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M12 7.5V12l3 2",
    hidden: "M3 4.5 20.5 20 M9.9 5.8A9.6 9.6 0 0 1 12 5.5c6.4 0 10 6.5 10 6.5a17 17 0 0 1-3 3.7 M6.2 7.6A16.6 16.6 0 0 0 2 12s3.6 6.5 10 6.5c1.6 0 3-.4 4.2-1 M9.8 10.3a2.8 2.8 0 0 0 3.9 3.9",
    link: "M9.5 14.5l5-5 M10.5 7l1.8-1.8a4.2 4.2 0 0 1 6 6L16.5 13 M13.5 17l-1.8 1.8a4.2 4.2 0 0 1-6-6L7.5 11 M4 4l3 2 M20 20l-3-2",
    check: "M5 12.5l4.5 4.5L19 7.5",
    phone: "M5 4.5h3.6l1.7 4.2-2.2 1.6a12 12 0 0 0 5.6 5.6l1.6-2.2 4.2 1.7V19a1.6 1.6 0 0 1-1.7 1.6C10.5 20.2 3.8 13.5 3.4 6.2A1.6 1.6 0 0 1 5 4.5z",
    keyboard: "M3.5 6.5h17v11h-17z M7 10h.01 M10.3 10h.01 M13.6 10h.01 M17 10h.01 M8 14h8",
    back: "M14.5 5.5 8 12l6.5 6.5",
    alert: "M12 4 2.8 19.5h18.4z M12 10v4.5 M12 17h.01",
};

/**
 * @param {object} props
 * @param {string} props.name
 * @param {string} [props.class]
 */
export function Icon({ name, class: className = "icon" }) {
    return html`<svg class=${className} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d=${PATHS[name] ?? ""} />
    </svg>`;
}

/** Two climbers on one rope: each can untie. */
export function Logo() {
    return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path class="logo-rope" d="M8 9c0 9 16 5 16 14" />
        <circle class="logo-one" cx="8" cy="7.5" r="5.5" />
        <circle class="logo-two" cx="24" cy="24.5" r="5.5" />
    </svg>`;
}
