// What the two people share besides picture and hands: one handler a channel. The same
// division as agent/cordee_agent/channels.py.
//
// 1. A record is taken in the states that allow it (`SHARED`) and in no other.
// 2. Nothing reaches this computer's clipboard or disk without a click here.
// 3. At the end every handler forgets what it held.

import { MalformedFrame } from "../errors.js";
import { SHARED } from "../session.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("../session.js").Kind} Kind */
/** @typedef {import("../session.js").State} State */

/**
 * What a handler may do with the session.
 *
 * @typedef {object} Ground
 * @property {(channel: number, payload: Bytes) => Promise<void>} seal nothing happens
 *     while the line is shut
 * @property {(kind: Kind, data: import("../canonical.js").JsonObject) => Promise<void>} act
 *     write an act of the technician's, and say it; what is sealed once it is done goes
 *     behind it
 * @property {() => void} changed what the views show has changed
 * @property {import("../input/stream.js").Clock} clock
 */

/**
 * One channel's side of the session.
 *
 * @typedef {object} Handler
 * @property {number} channel whose records it takes
 * @property {(payload: Bytes) => void | Promise<void>} take throws MalformedFrame for
 *     what this channel does not carry; that ends the session
 * @property {(isOpen: boolean) => void} settle whether the two may share from now on;
 *     told after whatever happened. What was not acknowledged is said again once it
 *     is open
 * @property {() => void} stop the session is over: stop what is under way, and forget
 */

/** Passes on to the handlers what is theirs. Owned by the session. */
export class Channels {
    #handlers;

    /** @param {readonly Handler[]} handlers */
    constructor(handlers) {
        this.#handlers = handlers;
    }

    /**
     * @param {number} channel
     * @param {Bytes} payload
     * @param {State} state that the journal says
     * @throws {MalformedFrame} nobody takes this channel, not in this state, or its
     *     handler cannot read it
     */
    async take(channel, payload, state) {
        const handler = this.#handlers.find((each) => each.channel === channel);
        if (handler === undefined || !SHARED.has(state)) {
            throw new MalformedFrame(`channel ${channel} while ${state}`);
        }
        await handler.take(payload);
    }

    /** @param {boolean} isOpen */
    settle(isOpen) {
        for (const handler of this.#handlers) handler.settle(isOpen);
    }

    stop() {
        for (const handler of this.#handlers) handler.stop();
    }
}
