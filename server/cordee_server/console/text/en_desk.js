// The sentences of the technician's desk: the screen, the keyboard, today, history.

import { rate, trip } from "./figures.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @type {Desk} */
export const desk = {
    // --- the remote screen ---
    look: "View",
    look_size: "Size",
    look_pan: "Larger than the window: drag the picture, or touch the edge while you have control.",
    fit: "Fit",
    one_to_one: "Actual size",
    zoom: "Zoom",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    monitors: "Monitors",
    monitor_all: "All",
    monitor: (number, isPrimary, size) =>
        `Monitor ${number}${isPrimary ? ", the main one" : ""}, ${size}`,
    prefers: "On a slow line",
    prefers_quick: "Quick first",
    prefers_sharp: "Sharp first",
    prefers_quick_hint: "Photos and films come fast, blurred at first; what rests becomes exact.",
    prefers_sharp_hint: "Every picture is exact as it appears; photos and films take longer.",
    full_screen: "Full screen",
    full_screen_leave: "Leave full screen",
    full_screen_hint: "The band that says who has control stays in sight.",
    full_screen_locked: "Every key goes to the customer. Hold Escape to leave.",
    line_words: (tripMs, rateKbit) => {
        const quick = tripMs < 100 ? "Fast" : tripMs < 250 ? "Fair" : "Slow";
        const carries = rateKbit > 0 ? `, ${rate(rateKbit, "en")}` : "";
        return `${quick} line: answers in ${trip(tripMs, "en")}${carries}`;
    },
    line_hint: "There and back to the customer's computer, and what their line carries.",
    line_advice: [
        "Nothing comes for now.",
        "Be patient after each step: the picture comes late.",
        "Simple steps, one at a time.",
        "All is well; only films stutter.",
        "As if you sat beside them.",
    ],
    line_quiet: (seconds) => `Nothing for ${seconds}\u00a0s. Waiting for the customer's line…`,
    time_waiting: "Waited",
    cost_so_far: "So far",
    cost_hint: "What the relay would bill if the session ended now, by the rules of the bill.",

    // --- keys ---
    keys: "Keys",
    key_names: {
        cad: "Ctrl + Alt + Del",
        meta: "Windows key",
        alt_tab: "Alt + Tab",
        alt_f4: "Alt + F4",
        task: "Ctrl + Shift + Esc",
        close_tab: "Ctrl + W",
        print: "Print Screen",
        escape: "Esc",
        full: "F11",
        menu: "Menu key",
    },
    keyboard: "Use the keyboard",
    way_out: "Ctrl + Alt + Shift: leave the remote screen",
    type_open: "Type a text",
    type_password: "A password?",
    type_password_why: (customer) =>
        `${customer} types it on their own keyboard. You need not know it.`,
    type_hand_back: (customer) => `Hand control back to ${customer}`,
    type_label: "Anything but a password",
    type_hint: "The text is typed where the customer's cursor is. The console keeps none of it.",
    type_done: "Sent.",
    type_submit: "Type this text",

    // --- today ---
    customers_waiting: (customers) =>
        customers === 1
            ? "A customer waits, with a code on their screen."
            : `${customers} customers wait, with codes on their screens.`,
    customer_came: (customer) => `${customer} is here.`,
    notices_ask: "Tell me when a customer waits",
    live_title: "Right now",
    with_you: "with you",
    with_technician: (name) => `with ${name}`,
    states: {
        pairing: "checking the code",
        consenting: "reading the request",
        viewing: "screen seen",
        controlling: "being driven",
        reclaimed: "control taken back",
        paused: "screen hidden",
        interrupted: "line cut",
    },
    invited_title: "Invitations that wait",
    invited_by: (name) => `code read out by ${name}`,
    slots_title: "Appointments",
    slot: (day, from, until) => `${day}, from ${from} to ${until}`,
    lacking_title: "Without a record of service",
    lacking_make: "Make the record (PDF)",
    lacking_make_for: (customer) => `Make the record of ${customer} (PDF)`,
};
