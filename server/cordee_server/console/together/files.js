// Files between the two computers, at the technician's side: each offered, accepted,
// checked, and never opened. The twin of agent/cordee_agent/together/files.py.
//
// 1. A file of the customer's comes in by the technician's click on it, to the place
//    chosen there; one of the technician's goes out when the customer says yes to it.
// 2. The journal hears numbers and sizes. The act goes before the record that follows
//    from it: the relay journals the one before it carries the other.
// 3. What was said while the line broke is said again when it is open.

import { MalformedFrame } from "../errors.js";
import { OPEN_MAX, SIZE_MAX, decode, encode } from "../wire/files.js";
import { Channel } from "../wire/frames.js";
import { Arriving } from "./arriving.js";
import { Leaving, Pump } from "./pump.js";
import { Row, nameOf, ours, theirs } from "./rows.js";
import { NoPlace, openSink } from "./sinks.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */
/** @typedef {import("../wire/files.js").Why} Why */
/** @typedef {import("./channels.js").Ground} Ground */

/** The file channel at the technician's side. Owned by the session. */
export class Files {
    channel = Channel.FILE;
    #ground;
    #open;
    #pump;
    /** @type {Map<number, Row>} */
    #rows = new Map();
    /** @type {Map<number, Leaving>} */
    #leaving = new Map();
    /** @type {Map<number, Arriving>} */
    #arriving = new Map();
    /** The last word about what is over: a cut may have swallowed it. */
    #lastWords = /** @type {Map<number, Bytes>} */ (new Map());
    /** Acts written while nobody can be told. @type {(() => Promise<void>)[]} */
    #owed = [];
    #nextId = 2;
    #lastOffer = 0;
    #isOpen = false;
    #isOver = false;
    #isWanting = false;

    /**
     * @param {Ground} ground
     * @param {typeof openSink} [open]
     */
    constructor(ground, open = openSink) {
        this.#ground = ground;
        this.#open = open;
        this.#pump = new Pump(ground, (leaving) => this.#breakOff(leaving, "changed"));
    }

    /** What the views draw. */
    get state() {
        return {
            rows: [...this.#rows.values()],
            mayOffer: this.#isOpen,
            /** The customer was asked for a file and has not answered. */
            isWanting: this.#isWanting,
        };
    }

    // --- what the technician does ------------------------------------------------------

    /** @param {File} file */
    async offer(file) {
        if (!this.#isOpen) return;
        const id = this.#nextId;
        this.#nextId += 2;
        const row = new Row(id, nameOf(file.name, id), file.size, true);
        this.#rows.set(id, row);
        const under = [...this.#rows.values()].filter((each) => !each.isOver).length;
        if (file.size > SIZE_MAX || under > OPEN_MAX) {
            row.end("stopped", "busy");
        } else {
            this.#leaving.set(id, new Leaving(row, file));
            await this.#act("file_offered", { file: id, size: row.size });
            this.#say({ t: "offer", id, name: row.name, size: row.size });
        }
        this.#ground.changed();
    }

    /** Ask the customer to choose a file. */
    want() {
        if (!this.#isOpen || this.#isWanting) return;
        this.#isWanting = true;
        this.#say({ t: "want" });
        this.#ground.changed();
    }

    /** @param {number} id a file of the customer's that is taken; from a click */
    async accept(id) {
        const row = this.#rows.get(id);
        if (row === undefined || row.isLeaving || row.stage !== "asked") return;
        let sink;
        try {
            sink = await this.#open(row.name, row.size);
        } catch (error) {
            if (!(error instanceof NoPlace)) throw error;
            this.#refuse(row, "disk");
            return;
        }
        if (sink === null) return;
        if (row.stage !== "asked" || this.#isOver) {
            await sink.discard(); // taken back while the place was chosen
            return;
        }
        row.stage = "moving";
        await this.#act("file_accepted", { file: id, size: row.size });
        const arriving = new Arriving(row, sink, {
            wrote: (ack) => this.#seal(ack),
            kept: () => this.#kept(row),
            broken: (why) => this.#stopArriving(arriving, why),
            now: () => this.#ground.clock.now(),
        });
        this.#arriving.set(id, arriving);
        this.#seal(arriving.receiving.accept());
        this.#ground.changed();
    }

    /** @param {number} id a file of the customer's that is not taken */
    refuse(id) {
        const row = this.#rows.get(id);
        if (row !== undefined && !row.isLeaving && row.stage === "asked") {
            this.#refuse(row, "refused");
        }
    }

    /** @param {number} id */
    cancel(id) {
        const leaving = this.#leaving.get(id);
        const arriving = this.#arriving.get(id);
        if (leaving !== undefined) this.#breakOff(leaving, "cancelled");
        else if (arriving !== undefined) this.#stopArriving(arriving, "cancelled");
        this.#ground.changed();
    }

    /** Clear away the files whose way is over. */
    forget() {
        for (const row of [...this.#rows.values()]) if (row.isOver) this.#rows.delete(row.id);
        this.#ground.changed();
    }

    // --- what arrives ------------------------------------------------------------------

    /**
     * @param {Bytes} payload
     * @throws {import("../errors.js").CordeeError} it breaks the rules of wire/files.js
     */
    take(payload) {
        const said = decode(payload);
        switch (said.t) {
            case "piece": {
                this.#arriving.get(theirs(said.id))?.take(said.at, said.data);
                return; // drawn with the clock: there are many of them
            }
            case "ack": {
                const leaving = this.#leaving.get(ours(said.id));
                if (leaving === undefined) return;
                leaving.sending.ack(said.at);
                leaving.row.move(leaving.sending.acked, this.#ground.clock.now());
                this.#pump.acked(leaving, said.at);
                return;
            }
            case "offer":
                this.#onOffer(theirs(said.id), said.name, said.size);
                break;
            case "done":
                this.#arriving.get(theirs(said.id))?.done(said.sha256);
                break;
            case "accept": {
                const leaving = this.#leaving.get(ours(said.id));
                if (leaving !== undefined) this.#onAccept(leaving, said.at, said.sha256);
                break;
            }
            case "kept": {
                const leaving = this.#leaving.get(ours(said.id));
                if (leaving === undefined) break;
                if (!leaving.sending.isDone) throw new MalformedFrame("kept before it was sent");
                this.#endLeaving(leaving, "kept");
                break;
            }
            case "stop":
                this.#onStop(said.id, said.why);
                break;
            case "none":
                this.#isWanting = false;
                break;
            case "want":
                throw new MalformedFrame("a customer asks for no file");
        }
        this.#ground.changed();
    }

    /**
     * @param {number} id
     * @param {string} announced
     * @param {number} size
     */
    #onOffer(id, announced, size) {
        if (id <= this.#lastOffer) return; // said again after a cut
        this.#lastOffer = id;
        this.#isWanting = false;
        const row = new Row(id, nameOf(announced, id), size, false);
        const under = [...this.#rows.values()].filter((each) => !each.isOver).length;
        this.#rows.set(id, row);
        if (under >= OPEN_MAX) this.#refuse(row, "busy");
    }

    /**
     * @param {Leaving} leaving
     * @param {number} at
     * @param {string} sha256
     */
    #onAccept(leaving, at, sha256) {
        if (!leaving.sending.accept(at, sha256)) {
            this.#breakOff(leaving, "changed");
            return;
        }
        leaving.isAccepted = true;
        leaving.row.stage = "moving";
        leaving.row.move(at, this.#ground.clock.now());
        this.#pump.add(leaving);
    }

    /** @param {Row} row whole, checked, in its place */
    async #kept(row) {
        this.#arriving.delete(row.id);
        row.end("kept");
        await this.#act("file_kept", { file: row.id, size: row.size });
        this.#sayLast(row.id, encode({ t: "kept", id: row.id }));
        this.#ground.changed();
    }

    /**
     * @param {number} id
     * @param {Why} why
     */
    #onStop(id, why) {
        const leaving = this.#leaving.get(id);
        const row = this.#rows.get(id);
        if (leaving !== undefined) this.#endLeaving(leaving, "stopped", why);
        else if (row !== undefined && !row.isOver) this.#endArriving(row, why);
    }

    // --- the session -------------------------------------------------------------------

    /** @param {boolean} isOpen */
    settle(isOpen) {
        const was = this.#isOpen;
        this.#isOpen = isOpen;
        if (was && !isOpen) {
            for (const { sending } of this.#leaving.values()) sending.cut();
            for (const row of this.#rows.values()) row.cut();
            this.#isWanting = false; // the answer may be lost: asked again by who still wants
        } else if (isOpen && !was) {
            this.#comeBack();
        }
    }

    #comeBack() {
        const owed = this.#owed;
        this.#owed = [];
        for (const act of owed) void act();
        for (const word of this.#lastWords.values()) this.#seal(word);
        for (const { row, isAccepted } of this.#leaving.values()) {
            if (!isAccepted) this.#say({ t: "offer", id: row.id, name: row.name, size: row.size });
        }
        for (const { receiving } of this.#arriving.values()) this.#seal(receiving.accept());
    }

    /** The end: nothing more is read or written, what is not whole is gone. */
    stop() {
        this.#isOver = true;
        this.#isOpen = false;
        this.#pump.stop();
        for (const arriving of this.#arriving.values()) {
            arriving.row.end("stopped", "cancelled");
            arriving.discard();
        }
        this.#arriving.clear();
        this.#leaving.clear();
        this.#rows.clear();
        this.#lastWords.clear();
        this.#owed = [];
    }

    // --- inside ------------------------------------------------------------------------

    /**
     * @param {Row} row
     * @param {Why} why
     */
    #refuse(row, why) {
        void this.#actAndSay("file_refused", { file: row.id, why }, row.id, why);
        this.#endArriving(row, why);
        this.#ground.changed();
    }

    /**
     * @param {Arriving} arriving
     * @param {Why} why
     */
    #stopArriving({ row, receiving }, why) {
        const data = { file: row.id, bytes: receiving.written, why };
        void this.#actAndSay("file_stopped", data, row.id, why);
        this.#endArriving(row, why);
        this.#ground.changed();
    }

    /**
     * @param {Leaving} leaving
     * @param {Why} why
     */
    #breakOff(leaving, why) {
        const { id, moved } = leaving.row;
        void this.#actAndSay("file_stopped", { file: id, bytes: moved, why }, id, why);
        this.#endLeaving(leaving, "stopped", why);
        this.#ground.changed();
    }

    /**
     * @param {Row} row
     * @param {Why} why
     */
    #endArriving(row, why) {
        row.end("stopped", why);
        const arriving = this.#arriving.get(row.id);
        this.#arriving.delete(row.id);
        arriving?.discard();
    }

    /**
     * @param {Leaving} leaving
     * @param {import("./rows.js").Stage} stage
     * @param {string} [why]
     */
    #endLeaving(leaving, stage, why = "") {
        this.#leaving.delete(leaving.row.id);
        leaving.row.end(stage, why);
        this.#pump.remove(leaving);
    }

    /**
     * @param {import("../session.js").Kind} kind
     * @param {import("../canonical.js").JsonObject} data
     */
    async #act(kind, data) {
        if (this.#isOver) return;
        if (this.#isOpen) await this.#ground.act(kind, data);
        else this.#owed.push(async () => void (await this.#ground.act(kind, data)));
    }

    /**
     * @param {import("../session.js").Kind} kind
     * @param {import("../canonical.js").JsonObject} data
     * @param {number} id
     * @param {Why} why
     */
    async #actAndSay(kind, data, id, why) {
        await this.#act(kind, data);
        this.#sayLast(id, encode({ t: "stop", id, why }));
    }

    /**
     * @param {number} id
     * @param {Bytes} word
     */
    #sayLast(id, word) {
        this.#lastWords.set(id, word);
        this.#seal(word);
    }

    /** @param {import("../wire/files.js").Said} said */
    #say(said) {
        this.#seal(encode(said));
    }

    /** @param {Bytes} payload */
    #seal(payload) {
        if (this.#isOpen) void this.#ground.seal(Channel.FILE, payload);
    }
}
