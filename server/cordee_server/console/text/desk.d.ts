// The sentences of the technician's desk: the screen, the keyboard, today, history.

export interface Desk {
    // --- the remote screen ---
    readonly look: string;
    readonly look_size: string;
    readonly look_pan: string;
    readonly fit: string;
    readonly one_to_one: string;
    readonly zoom: string;
    readonly zoom_in: string;
    readonly zoom_out: string;
    readonly monitors: string;
    readonly monitor_all: string;
    monitor(number: number, isPrimary: boolean, size: string): string;
    readonly prefers: string;
    readonly prefers_quick: string;
    readonly prefers_sharp: string;
    readonly prefers_quick_hint: string;
    readonly prefers_sharp_hint: string;
    readonly full_screen: string;
    readonly full_screen_leave: string;
    readonly full_screen_hint: string;
    readonly full_screen_locked: string;
    line_words(tripMs: number, rateKbit: number): string;
    readonly line_hint: string;
    /** What to make of so many bars; 0: nothing is heard. */
    readonly line_advice: readonly string[];
    line_quiet(seconds: number): string;
    readonly time_waiting: string;
    readonly cost_so_far: string;
    readonly cost_hint: string;

    // --- keys ---
    readonly keys: string;
    readonly key_names: Readonly<Record<import("../input/hands.js").KeyName, string>>;
    readonly keyboard: string;
    readonly way_out: string;
    readonly type_open: string;
    readonly type_password: string;
    type_password_why(customer: string): string;
    type_hand_back(customer: string): string;
    readonly type_label: string;
    readonly type_hint: string;
    readonly type_done: string;
    readonly type_submit: string;

    // --- today ---
    customers_waiting(customers: number): string;
    customer_came(customer: string): string;
    readonly notices_ask: string;
    readonly live_title: string;
    readonly with_you: string;
    with_technician(name: string): string;
    readonly states: Readonly<Record<string, string>>;
    readonly invited_title: string;
    invited_by(name: string): string;
    readonly slots_title: string;
    slot(day: string, from: string, until: string): string;
    readonly lacking_title: string;
    readonly lacking_make: string;
    lacking_make_for(customer: string): string;
}
