// What the views draw of the page.

import type { Engagement, Me } from "./api.js";
import type { DeskState } from "./desk.js";
import type { LookState } from "./looking.js";
import type { SessionState } from "./state.js";
import type { Language } from "./text/figures.js";
import type { Words } from "./text/words.js";

export interface PageState extends DeskState {
    readonly language: Language;
    readonly words: Words;
    readonly view: import("./page.js").ViewName;
    readonly me: Me | null;
    /** Whom the technician is about to help. */
    readonly engagement: Engagement | null;
    readonly busy: import("./page.js").About | null;
    readonly refusal: {
        readonly about: import("./page.js").About;
        readonly code: string;
        readonly waitS: number;
    } | null;
    readonly relay: {
        readonly isLost: boolean;
        readonly organisation: string;
        readonly changed: { readonly known: string; readonly now: string } | null;
    };
    readonly mayMeet: boolean;
    readonly session: SessionState | null;
    /** The question before the end stands. */
    readonly isEnding: boolean;
    /** Why the technician breaks off, if so. */
    readonly interruption: string | null;
    readonly look: LookState;
    /** The console has the whole screen; and every key with it. */
    readonly isFull: boolean;
    readonly isLocked: boolean;
    /** Whether the system's notices are on, may be asked for, or are not to be had. */
    readonly notices: "on" | "ask" | "never";
    /** Milliseconds that never go back; and the time of day. */
    readonly nowMs: number;
    readonly wallMs: number;
}
