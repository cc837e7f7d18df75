// What the views draw of a session.

/** Where meeting and helping stand, as pages of the console. */
export type Phase = "asking" | "inviting" | "pairing" | "consenting" | "live" | "ended";

/** The words and the colour of the band. */
export type Mode =
    | "waiting"
    | "viewing"
    | "controlling"
    | "reclaimed"
    | "paused"
    | "interrupted"
    | "ended";

export interface End {
    /** An EndReason, or the key of a refusal when nobody met. */
    readonly reason: string;
    /** Whose end it was: customer, technician, relay. */
    readonly by: string;
    /** From the first yes to the end. */
    readonly seconds: number;
    /** In control. */
    readonly helped: number;
    /** The customer's screen was seen at all. */
    readonly seen: boolean;
}

export interface Bill {
    readonly seconds: number;
    readonly units: number;
    readonly amountCents: number;
    readonly currency: string;
    readonly record: string;
}

/** What is known before both ends hold the same keys. */
export interface EncounterState {
    /** Who shows the code: the agent (a) or this console (b). */
    readonly direction: "a" | "b";
    /** The code to dictate, while it is good. */
    readonly spoken: string | null;
    /** Milliseconds, as `Clock.now`. */
    readonly codeUntil: number;
    readonly codeLifetimeS: number;
    readonly runsFailed: number;
    readonly runsLeft: number;
}

export interface SessionState extends EncounterState {
    readonly phase: Phase;
    /** Both ends have confirmed their keys. */
    readonly isPaired: boolean;
    readonly mode: Mode;
    /** What the customer is being asked, and until when. */
    readonly asking: "view" | "control" | null;
    readonly questionUntil: number;
    readonly consentS: number;
    /** The last answer to a request for control, if it was a no. */
    readonly controlRefused: "no" | "timeout" | null;
    /** Work beyond what was agreed, in the order proposed (R06). */
    readonly extras: readonly import("./question.js").Extra[];
    readonly mayAsk: boolean;
    /** This console's link, and the customer's. */
    readonly linkIsUp: boolean;
    readonly peerIsLost: boolean;
    /** Seconds by state. */
    readonly spent: Readonly<Record<string, number>>;
    readonly modeSeconds: number;
    readonly hasPicture: boolean;
    readonly pictureFailed: boolean;
    /** What is known of the picture's sharpness and the way; 0: not measured yet. */
    readonly sight: import("./screen/screen.js").Sight;
    readonly monitors: readonly import("./wire/picture.js").Monitor[];
    /** Seconds since the customer's computer was last heard of; 0 before it ever was. */
    readonly quietS: number;
    readonly end: End | null;
    readonly bill: Bill | null;
    readonly billIsPending: boolean;
}
