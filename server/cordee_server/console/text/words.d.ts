// Every sentence that a language has to have, and what it is made with. A language
// that lacks one does not pass the type check.

import type { Desk } from "./desk.js";

export interface Words extends Desk {
    readonly product: string;
    readonly tagline: string;
    readonly loading: string;
    signed_in_as(name: string): string;
    readonly sign_out: string;
    readonly cancel: string;

    // --- sign in ---
    readonly login_title: string;
    readonly login_lead: string;
    readonly login_name: string;
    readonly login_password: string;
    readonly login_totp: string;
    readonly login_totp_hint: string;
    readonly login_submit: string;
    readonly login_busy: string;

    // --- today ---
    readonly today_title: string;
    readonly today_none: string;
    readonly today_none_hint: string;
    readonly today_open: string;
    today_open_label(customer: string): string;
    readonly earlier_title: string;
    readonly new_title: string;
    readonly new_lead: string;
    readonly new_customer: string;
    readonly new_customer_hint: string;
    readonly new_purpose: string;
    readonly new_purpose_hint: string;
    readonly new_tariff: string;
    readonly details: {
        readonly title: string;
        readonly lead: string;
        readonly usual: string;
        readonly checked: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };
    readonly new_submit: string;
    readonly new_busy: string;
    tariff_rule(price: string, unitS: number, minimumS: number): string;
    readonly no_tariffs: string;

    // --- invite ---
    readonly back_today: string;
    meet_title(customer: string): string;
    readonly invite_title: string;
    invite_lead(customer: string): string;
    readonly invite_needs: string;
    readonly invite_submit: string;
    readonly invite_busy: string;
    readonly code_title: string;
    code_lead(customer: string): string;
    code_left(seconds: number): string;
    code_runs(left: number): string;
    code_waiting(customer: string): string;
    readonly claim_title: string;
    claim_lead(customer: string): string;
    readonly claim_label: string;
    readonly claim_submit: string;
    readonly claim_busy: string;
    readonly or: string;

    // --- wait ---
    readonly pairing_title: string;
    readonly pairing_lead: string;
    reading_title(customer: string): string;
    readonly reading_lead: string;
    reading_left(seconds: number): string;
    readonly asked_for: string;
    readonly step_code: string;
    step_read(customer: string): string;
    readonly step_see: string;

    // --- help ---
    mode_waiting(customer: string): string;
    mode_viewing(customer: string): string;
    mode_controlling(customer: string): string;
    mode_reclaimed(customer: string): string;
    mode_paused(customer: string): string;
    readonly mode_interrupted: string;
    readonly mode_ended: string;
    readonly hint_viewing: string;
    readonly hint_controlling: string;
    readonly hint_reclaimed: string;
    readonly hint_paused: string;
    readonly hint_link_own: string;
    hint_link_peer(customer: string): string;
    hint_asking(customer: string, left: string): string;
    readonly time_viewing: string;
    readonly time_controlling: string;
    readonly time_reclaimed: string;
    readonly time_paused: string;
    readonly time_interrupted: string;
    readonly ask_control: string;
    readonly asking_control: string;
    readonly extra_open: string;
    readonly extra_label: string;
    readonly extra_price: string;
    readonly extra_hint: string;
    readonly extra_wrong: string;
    readonly extra_propose: string;
    readonly extra_answers: Readonly<Record<import("../question.js").Answered, string>>;
    readonly colon: string;
    readonly release_control: string;
    readonly end: string;
    end_question(customer: string): string;
    readonly end_yes: string;
    readonly end_no: string;
    readonly interrupt: string;
    readonly interrupt_why: string;
    readonly interrupt_choose: string;
    readonly interrupt_yes: string;
    readonly interruptions: Readonly<Record<string, string>>;
    screen_label(customer: string): string;
    keys_label(customer: string): string;
    cover_paused(customer: string): string;
    readonly cover_interrupted: string;
    readonly cover_loading: string;
    readonly picture_lost: string;
    readonly picture_sharp: string;
    readonly picture_rough: string;
    readonly picture_hint: string;

    // --- the customer says no ---
    refused_control_no(customer: string): string;
    refused_control_timeout(customer: string): string;

    // --- the end ---
    readonly ended_title: string;
    ended_safe(customer: string): string;
    readonly ended_duration: string;
    readonly ended_helped: string;
    readonly ended_billed: string;
    ended_units(units: number, time: string): string;
    readonly ended_unbilled: string;
    readonly ended_bill_wait: string;
    readonly ended_bill_none: string;
    readonly ended_record: string;
    readonly ended_document: string;
    readonly ended_receipt: string;
    readonly ended_again: string;
    readonly ended_today: string;

    // --- relay ---
    readonly relay_down: string;
    readonly relay_changed_title: string;
    readonly relay_changed: string;
    relay_known(print: string): string;
    relay_now(print: string): string;
    readonly relay_accept: string;
    readonly not_supported: string;

    // --- what is refused, by code ---
    readonly refusals: Readonly<Record<string, string>>;
    wait_more(seconds: number): string;

    // --- why a session ended ---
    readonly ends: Readonly<Record<string, (customer: string) => string>>;
    clock(seconds: number): string;
    span(seconds: number): string;
}
