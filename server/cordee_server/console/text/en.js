// Every sentence of the console, in English. The same keys as fr.js: a test sees
// to it.

import { clock, rate, span, spokenTime, trip } from "./figures.js";

/** @typedef {import("./words.js").Words} Words */

/** @type {Words} */
export const en = {
    language: "English",
    product: "Cordée",
    tagline: "Remote assistance, with consent to every step.",
    loading: "One moment…",
    signed_in_as: (name) => `Signed in: ${name}`,
    sign_out: "Sign out",
    close: "Close",
    cancel: "Cancel",
    retry: "Try again",

    // --- sign in ---
    login_title: "Sign in",
    login_lead: "For technicians.",
    login_name: "Name",
    login_password: "Password",
    login_totp: "Code from your app",
    login_totp_hint: "6 digits, new every 30 seconds",
    login_submit: "Sign in",
    login_busy: "Checking…",

    // --- today ---
    today_title: "Today",
    today_none: "Nobody to help yet.",
    today_none_hint: "Note what was agreed on the phone, then invite the customer.",
    today_open: "Help",
    today_open_label: (customer) => `Help ${customer}`,
    earlier_title: "Earlier",
    new_title: "New engagement",
    new_lead: "What the customer agreed to on the phone. They read it again before accepting.",
    new_customer: "Customer",
    new_customer_hint: "Mrs Durand",
    new_purpose: "What for",
    new_purpose_hint: "The printer does not print any more",
    new_tariff: "Tariff",
    new_submit: "Continue",
    new_busy: "Saving…",
    tariff_rule: (price, unitS, minimumS) =>
        `${price} for each ${unitS === 3600 ? "hour" : span(unitS)} begun` +
        `${minimumS > unitS ? `, at least ${span(minimumS)}` : ""}`,
    no_tariffs: "This relay has no tariff. Ask whoever runs it.",

    // --- invite ---
    back_today: "Back to today",
    meet_title: (customer) => `Meet ${customer}`,
    invite_title: "Dictate a code",
    invite_lead: (customer) =>
        `${customer} opens Cordée on their computer and types the code that you dictate.`,
    invite_submit: "Get a code",
    invite_busy: "Asking…",
    code_title: "Dictate this code",
    code_lead: (customer) => `Digit by digit. ${customer} types it in the Cordée window.`,
    code_left: (seconds) => `Valid for ${spokenTime(seconds)}`,
    code_runs: (left) =>
        left === 1
            ? "One try failed. One is left: say the code again, digit by digit."
            : `One try failed. ${left} are left: say the code again, digit by digit.`,
    code_waiting: (customer) => `Waiting for ${customer}…`,
    claim_title: "Type the customer’s code",
    claim_lead: (customer) => `${customer} reads you the nine digits on their screen.`,
    claim_label: "The customer’s code",
    claim_hint: "9 digits",
    claim_submit: "Meet",
    claim_busy: "Looking…",
    or: "or",

    // --- wait ---
    pairing_title: "Checking the code",
    pairing_lead: "The two computers agree on a key that nobody else knows.",
    reading_title: (customer) => `${customer} is reading your request…`,
    reading_lead: "Nothing can be seen before they agree. No answer means no.",
    reading_left: (seconds) => `${spokenTime(seconds)} left`,
    asked_for: "Your request",
    step_code: "Code checked",
    step_read: (customer) => `${customer} agrees`,
    step_see: "You see the screen",

    // --- help ---
    mode_waiting: (customer) => `${customer} is reading your request`,
    mode_viewing: (customer) => `You see ${customer}’s screen`,
    mode_controlling: (customer) => `You have control at ${customer}’s`,
    mode_reclaimed: (customer) => `${customer} took control back`,
    mode_paused: (customer) => `${customer} hid the screen`,
    mode_interrupted: "Link lost",
    mode_ended: "Session ended",
    hint_viewing: "You are watching. Mouse and keyboard stay with the customer.",
    hint_controlling: "You act on their computer. The slightest move of their mouse stops everything.",
    hint_reclaimed: "Ask them when you would like to go on.",
    hint_paused: "The screen comes back when they show it again.",
    hint_link_own: "Your link is lost. The console is reconnecting…",
    hint_link_peer: (customer) => `${customer}’s link is lost. Waiting for it to come back…`,
    hint_asking: (customer, left) => `${customer} is reading your request for control: ${left}`,
    time_viewing: "Seen",
    time_controlling: "Helped",
    time_reclaimed: "Taken back",
    time_paused: "Hidden",
    time_interrupted: "Lost",
    time_consenting: "Waiting",
    ask_control: "Ask for control",
    asking_control: "Request sent…",
    release_control: "Give control back",
    end: "End",
    end_question: (customer) => `End the session with ${customer}?`,
    end_yes: "Yes, end",
    end_no: "Go on",
    interrupt: "Break off…",
    interrupt_why: "Why break off?",
    interrupt_choose: "Choose the cause",
    interrupt_yes: "Break off",
    interruptions: {
        undisclosed_modification: "An undisclosed change to the computer",
        missing_licence: "A licence is missing",
        unsafe: "Going on would be unsafe",
        other: "Another cause on the customer’s side",
        own_fault: "Our own fault: a failure or a wrong booking",
    },
    fit: "Fit",
    one_to_one: "Actual size",
    keys: "Keys",
    key_cad: "Ctrl + Alt + Del",
    key_meta: "Windows key",
    key_alt_tab: "Alt + Tab",
    full_screen: "Full screen",
    screen_label: (customer) => `${customer}’s screen`,
    keys_label: (customer) =>
        `${customer}’s keyboard. Ctrl, Alt and Shift together lead back to the console.`,
    cover_paused: (customer) => `${customer} hid their screen.`,
    cover_interrupted: "The picture stopped with the link.",
    cover_loading: "The picture is coming…",
    picture_lost: "This browser cannot show the picture.",
    way_out: "Ctrl + Alt + Shift: leave the remote screen",
    line_words: (tripMs, rateKbit) => {
        const quick = tripMs < 100 ? "Quick" : tripMs < 250 ? "Fair" : "Slow";
        const carries = rateKbit > 0 ? `, ${rate(rateKbit, "en")}` : "";
        return `${quick} line: answers in ${trip(tripMs, "en")}${carries}`;
    },
    line_hint: "There and back to the customer’s computer, and what their line was seen to carry.",
    picture_sharp: "Sharp picture",
    picture_rough: "Getting sharper…",
    picture_hint: "A small grey corner marks what is not exact yet.",

    // --- the customer says no ---
    refused_control_no: (customer) => `${customer} keeps control. Explain it on the phone, then ask again.`,
    refused_control_timeout: (customer) => `${customer} did not answer, which means no. You may ask again.`,

    // --- the end ---
    ended_title: "The session is over",
    ended_safe: (customer) => `You see nothing any more and can touch nothing at ${customer}’s.`,
    ended_duration: "Time",
    ended_helped: "In control",
    ended_billed: "To be billed",
    ended_units: (units, time) => `${units}\u00a0×\u00a0${time}`,
    ended_unbilled: "Nothing to bill",
    ended_bill_wait: "The account is coming…",
    ended_bill_none: "The account will stand in the journal.",
    ended_record: "Reference",
    ended_again: "Take up this engagement again",
    ended_today: "Back to today",

    // --- relay ---
    relay_down: "The relay does not answer. The console keeps trying.",
    relay_changed_title: "This relay is not the one that this browser knows",
    relay_changed: "Its key has changed. If nobody told you so, help nobody from here and call whoever runs the relay.",
    relay_known: (print) => `Known: ${print}`,
    relay_now: (print) => `Presented: ${print}`,
    relay_accept: "I was told: accept the new key",
    not_supported: "This browser is too old for Cordée. It takes Chrome or Edge 137, Firefox 130, Safari 18, or newer.",
    leave_question: "A session is under way.",

    // --- what is refused, by code ---
    refusals: {
        refused: "That is not possible now.",
        code_invalid: "This code is not valid. Check it with the customer, or ask for a new one.",
        code_mistyped: "One digit is not right. Ask for the code again, digit by digit.",
        code_length: "A code has nine digits.",
        too_many_guesses: "Too many tries. Wait a few minutes, then try again.",
        consent_denied: "The customer said no.",
        not_in_control: "The customer has control. Ask for it and wait for their click.",
        not_signed_in: "You have been signed out. Sign in again.",
        not_allowed: "This account may not do that.",
        bad_input: "Something in what was entered is not right.",
        login_failed: "Name, password or code: one of the three is not right.",
        unavailable: "The relay cannot record it at the moment. Try again in a while.",
        busy: "The relay is very busy. Try again in a while.",
        internal: "The relay met a problem. Try again; if it lasts, tell whoever runs it.",
        not_found: "There is no such thing on this relay.",
        too_large: "That is too long.",
        session_over: "This session is over.",
        pairing_lost: "The link was lost during the check. This code is worth nothing now: a new one is needed.",
        code_lost: "The link to the relay was lost. This code is worth nothing now: get a new one.",
        relay_unreachable: "The relay does not answer. Check your connection.",
        run_failed: "The two sides did not have the same code. Ask the customer for a new one.",
        signed_out: "You have been signed out.",
    },
    wait_more: (seconds) => `Try again in ${spokenTime(seconds)}.`,

    // --- why a session ended ---
    ends: {
        customer_ended: (customer) => `${customer} ended the session.`,
        technician_ended: () => "You ended the session.",
        consent_denied: (customer) => `${customer} preferred not to show their screen. Nothing was seen.`,
        consent_expired: (customer) => `${customer} did not answer in time. Nothing was seen.`,
        code_expired: () => "The code expired before it was typed. Get a new one.",
        code_refused: () => "The code was not the right one. To be safe it is now worth nothing: a new one is needed.",
        code_cancelled: () => "The code was cancelled.",
        key_mismatch: () => "The two computers do not agree on the key. The session was stopped to be safe.",
        link_expired: () => "The link did not come back in time.",
        idle: () => "Nobody did anything for a long time: the session ended by itself.",
        time_limit: () => "A session cannot last longer than this.",
        relay_stopped: () => "The relay was stopped by whoever runs it.",
        journal_unavailable: () => "The journal cannot be written any more. No journal, no session.",
        screen_lost: (customer) => `The screen of ${customer} can no longer be captured.`,
        violation: () => "Something abnormal happened on the line. The session was stopped to be safe.",
    },

    clock,
    span,
};
