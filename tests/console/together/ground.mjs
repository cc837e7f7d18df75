// A ground for handlers to stand on, and what they did on it.

import { ManualClock } from "../moment.mjs";

export class Did {
    clock = new ManualClock();
    isOpen = true;
    changes = 0;
    /** @type {{ channel: number, text: string }[]} */
    sealed = [];
    /** @type {{ kind: string, data: any }[]} */
    acts = [];

    ground = {
        seal: async (/** @type {number} */ channel, /** @type {Uint8Array} */ payload) => {
            if (!this.isOpen) return;
            this.sealed.push({ channel, text: new TextDecoder().decode(payload) });
        },
        act: async (/** @type {string} */ kind, /** @type {any} */ data) => {
            this.acts.push({ kind, data });
        },
        changed: () => {
            this.changes += 1;
        },
        clock: this.clock,
    };

    /** What was said on the chat channel since last asked. */
    said() {
        const chat = this.sealed.filter(({ channel }) => channel === 5);
        this.sealed = this.sealed.filter(({ channel }) => channel !== 5);
        return chat.map(({ text }) => JSON.parse(text));
    }
}
