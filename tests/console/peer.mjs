// A console on a pipe: reads one JSON command a line, answers one JSON line. Driven
// by tests/shared/pairing/test_both_languages.py, so that the two languages meet in
// whole exchanges and not in golden files only.

import { createInterface } from "node:readline";

import { transcript } from "../../server/cordee_server/console/canonical.js";
import { random } from "../../server/cordee_server/console/pairing/bytes.js";
import { SealedChannel } from "../../server/cordee_server/console/pairing/channel.js";
import { Pairing } from "../../server/cordee_server/console/pairing/machine.js";
import * as pake from "../../server/cordee_server/console/pairing/pake.js";
import { Resume } from "../../server/cordee_server/console/pairing/resume.js";
import { hex, keysAsHex, toHex } from "./ends.mjs";

/** @typedef {import("../../server/cordee_server/console/pairing/machine.js").Agreement} Agreement */

/** @type {Pairing | Resume | null} */
let run = null;
/** @type {Agreement | null} */
let agreement = null;
/** @type {SealedChannel | null} */
let channel = null;

/**
 * @template T
 * @param {T | null} value
 * @returns {T}
 */
function now(value) {
    if (value === null) throw new Error("out of order");
    return value;
}

/** @type {Record<string, (given: any) => unknown>} */
const COMMANDS = {
    /** One end of CPace with everything given, and what comes of it. */
    async pake({ prs, ci, sid, scalar, peer, ads }) {
        const base = await pake.generator(hex(prs), hex(ci), hex(sid), random);
        const share = await pake.scalarMult(hex(scalar), base);
        const k = await pake.scalarMult(hex(scalar), hex(peer));
        const said = transcript(hex(peer), hex(ads[0]), share, hex(ads[1]));
        const isk = await pake.intermediateKey(hex(sid), k, said);
        const key = await pake.confirmationKey(hex(sid), isk);
        const tag = await pake.confirmation(key, share, hex(ads[1]));
        return [base, share, isk, tag].map(toHex);
    },
    pairing({ pk, ...options }) {
        run = new Pairing({ ...options, pk: hex(pk) });
    },
    resume() {
        run = new Resume(now(agreement));
    },
    async receive({ message }) {
        const answer = await now(run).receive(message);
        agreement = now(run).agreement;
        const held = agreement && {
            th: toHex(agreement.th),
            keys: keysAsHex(agreement.keys),
        };
        return { answer, held };
    },
    channel({ rekeyRecords }) {
        channel = new SealedChannel("console", now(agreement).keys, 0, {
            rekeyRecords,
        });
    },
    async seal({ records }) {
        // All at once: the order is the channel's affair.
        const sealing = records.map(
            (/** @type {[number, string, number]} */ [on, payload, at]) =>
                now(channel).seal(on, hex(payload), at),
        );
        return (await Promise.all(sealing)).map(toHex);
    },
    async open({ frames }) {
        const opening = frames.map((/** @type {string} */ frame) =>
            now(channel).open(hex(frame)),
        );
        const opened = await Promise.all(opening);
        return opened.map(({ channel: on, payload }) => [on, toHex(payload)]);
    },
    async close({ reason, at }) {
        return toHex(await now(channel).close(reason, at));
    },
    closed() {
        return now(channel).closed;
    },
};

for await (const line of createInterface({ input: process.stdin })) {
    const { command, ...given } = JSON.parse(line);
    /** @type {unknown} */
    let answer;
    try {
        answer = { result: (await COMMANDS[command]?.(given)) ?? null };
    } catch (error) {
        answer = { error: error instanceof Error ? error.name : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
