// The chat channel at the technician's side: each message to whom it concerns.

import { Channel } from "../wire/frames.js";
import { readTalk, writeTalk } from "../wire/talk.js";
import { Chat } from "./chat.js";
import { Clip } from "./clip.js";
import { Glance } from "./glance.js";
import { Marks } from "./marks.js";

/** @typedef {import("./channels.js").Ground} Ground */

/** Takes the chat channel. Owned by the session's channels. */
export class Talk {
    channel = Channel.CHAT;
    #ground;
    #asked = 0;

    /**
     * @param {Ground} ground
     * @param {() => number} [wall] Unix milliseconds
     */
    constructor(ground, wall = () => Date.now()) {
        this.#ground = ground;
        const tell = (/** @type {object} */ talk) => {
            void ground.seal(this.channel, writeTalk(talk));
        };
        const number = () => (this.#asked += 1);
        this.chat = new Chat(tell, wall);
        /** Takes its own channel. */
        this.clip = new Clip(ground, tell, number);
        this.glance = new Glance(tell, number);
        this.marks = new Marks(tell, ground.clock, ground.changed);
    }

    /**
     * @param {import("../pairing/bytes.js").Bytes} payload
     * @throws {import("../errors.js").RemoteViolation} nothing that an agent says here
     */
    take(payload) {
        const talk = readTalk(payload);
        switch (talk.t) {
            case "say":
                this.chat.onSay(talk);
                break;
            case "got":
            case "seen":
                this.chat.onReceipt(talk);
                break;
            case "clip":
                this.clip.onAnswer(talk);
                break;
            case "machine":
                this.glance.onMachine(talk);
                break;
        }
        this.#ground.changed();
    }

    /** @param {string} typed */
    say(typed) {
        const isSaid = this.chat.say(typed);
        this.#ground.changed();
        return isSaid;
    }

    /** The conversation is before the technician's eyes. */
    read() {
        if (this.chat.state.unread === 0) return;
        this.chat.read();
        this.#ground.changed();
    }

    /** May I know what machine this is? */
    askMachine() {
        this.glance.ask();
        this.#ground.changed();
    }

    /** A picture of the screen is about to be kept: said and journaled first. */
    announcePicture() {
        return this.#ground.act("screenshot_taken", {});
    }

    /** @param {boolean} isOpen */
    settle(isOpen) {
        for (const part of [this.chat, this.glance, this.marks]) part.settle(isOpen);
    }

    stop() {
        for (const part of [this.chat, this.glance, this.marks]) part.stop();
    }
}
