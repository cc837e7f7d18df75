// together/files.js: each file with its own yes, resumed after every cut, no name told.

import assert from "node:assert/strict";
import { test } from "node:test";

import { encode, encodePiece } from "../../server/cordee_server/console/wire/files.js";
import { Desk, content, joined } from "./desk.mjs";

const BODY = content(60_000);
const LONG = content(1_200_000);

/** @type {(name: string, body: Uint8Array<ArrayBuffer>) => File} */
const file = (name, body) => new File([body], name);

test("R32: a file goes out after the customer's yes, its act before its offer", async () => {
    const desk = new Desk();
    await desk.files.offer(file("pilote.exe", BODY));
    await desk.until(() => desk.row(2).stage === "kept");
    assert.deepEqual(joined(desk.theirs.get(2)?.pieces ?? []), BODY);
    assert.deepEqual(desk.said.slice(0, 2), [
        "file_offered",
        { t: "offer", id: 2, name: "pilote.exe", size: BODY.length },
    ]);
    assert.deepEqual(desk.acts, [
        { kind: "file_offered", data: { file: 2, size: BODY.length } },
    ]);
});

test("R32: nothing of it is sent while there is no yes, and a no ends it", async () => {
    const desk = new Desk();
    desk.takes = false;
    await desk.files.offer(file("a", BODY));
    await desk.until(() => desk.said.length === 2);
    assert.equal(desk.row(2).stage, "asked");
    desk.say({ t: "stop", id: 2, why: "refused" });
    assert.deepEqual([desk.row(2).stage, desk.row(2).why], ["stopped", "refused"]);
});

test("cut three times and resumed, the customer gets the same bytes", async () => {
    const desk = new Desk();
    await desk.files.offer(file("a.bin", LONG));
    await desk.until(() => desk.theirs.get(2));
    const taken = desk.theirs.get(2);
    for (const share of [0.25, 0.5, 0.75]) {
        await desk.until(() => (taken?.receiving.at ?? 0) >= share * LONG.length);
        desk.cut();
        assert.equal(desk.row(2).rate, 0);
        desk.mend();
    }
    await desk.until(() => desk.row(2).stage === "kept");
    assert.deepEqual(joined(taken?.pieces ?? []), LONG);
});

test("R32: a file comes in by a click on it, cut three times, whole", async () => {
    const desk = new Desk();
    desk.offer(1, "photo.jpg", LONG);
    assert.equal(desk.row(1).stage, "asked");
    assert.equal(desk.acts.length, 0);
    await desk.files.accept(1);
    for (const share of [0.25, 0.5, 0.75]) {
        await desk.until(() => desk.row(1).moved >= share * LONG.length);
        desk.cut();
        desk.mend();
    }
    await desk.until(() => desk.said.some((each) => each === "file_kept"));
    assert.deepEqual(joined(desk.disk.pieces), LONG);
    assert.equal(desk.disk.kept, true);
    const size = LONG.length;
    assert.deepEqual(
        [...desk.acts].map((each) => [each.kind, each.data]),
        [
            ["file_accepted", { file: 1, size }],
            ["file_kept", { file: 1, size }],
        ],
    );
    assert.equal(JSON.stringify(desk.acts).includes("photo"), false);
    const accepts = desk.said.filter((each) => typeof each !== "string" && each.t === "accept");
    assert.equal(accepts.length, 4);
    await desk.until(() => desk.said.some((each) => typeof each !== "string" && each.t === "kept"));
});

test("S-39: the name proposed is the shared rule's", () => {
    const desk = new Desk();
    desk.offer(1, "..\\..\\CON.txt", BODY);
    desk.offer(3, "..", BODY);
    assert.equal(desk.row(1).name, "_CON.txt");
    assert.equal(desk.row(3).name, "fichier-3");
});

test("a place not chosen after all leaves the question standing", async () => {
    const desk = new Desk();
    desk.disk.opens = false;
    desk.offer(1, "a", BODY);
    await desk.files.accept(1);
    assert.equal(desk.row(1).stage, "asked");
    desk.files.refuse(1);
    await desk.until(() => desk.said.length === 2);
    assert.deepEqual(desk.said, ["file_refused", { t: "stop", id: 1, why: "refused" }]);
});

test("a full disk is said and leaves nothing", async () => {
    const desk = new Desk();
    desk.disk.isFull = true;
    desk.offer(1, "a", BODY);
    await desk.files.accept(1);
    await desk.until(() => desk.row(1).stage === "stopped" && desk.disk.discarded === 1);
    assert.equal(desk.row(1).why, "disk");
    await desk.until(() => desk.acts.length === 2);
    assert.deepEqual(desk.acts[1], {
        kind: "file_stopped",
        data: { file: 1, bytes: 0, why: "disk" },
    });
});

test("what was not sent so is not kept", async () => {
    const desk = new Desk();
    desk.say({ t: "offer", id: 1, name: "a", size: 3 });
    await desk.files.accept(1);
    desk.files.take(encodePiece(1, 0, content(3)));
    desk.say({ t: "done", id: 1, sha256: "0".repeat(64) });
    assert.equal(desk.row(1).why, "damaged");
    await desk.until(() => desk.disk.discarded === 1);
    assert.equal(desk.disk.kept, false);
});

test("either side breaks off, and the rows can be cleared", async () => {
    const desk = new Desk();
    desk.takes = false;
    await desk.files.offer(file("a", BODY));
    desk.files.cancel(2);
    await desk.until(() => desk.acts.length === 2);
    assert.deepEqual(desk.acts[1]?.data, { file: 2, bytes: 0, why: "cancelled" });
    desk.offer(1, "b", BODY);
    await desk.files.accept(1);
    desk.say({ t: "stop", id: 1, why: "cancelled" });
    assert.equal(desk.row(1).stage, "stopped");
    desk.files.forget();
    assert.deepEqual(desk.files.state.rows, []);
});

test("a file that is gone when its turn comes is stopped", async () => {
    const desk = new Desk();
    const gone = file("a", BODY);
    gone.slice = () => {
        throw new DOMException("gone", "NotReadableError");
    };
    await desk.files.offer(gone);
    await desk.until(() => desk.row(2).stage === "stopped");
    assert.equal(desk.row(2).why, "changed");
});

test("the customer is asked for a file once, until an answer or a cut", async () => {
    const desk = new Desk();
    desk.files.want();
    desk.files.want();
    await desk.until(() => desk.said.length > 0);
    assert.deepEqual(desk.said, [{ t: "want" }]);
    assert.equal(desk.files.state.isWanting, true);
    desk.say({ t: "none" });
    assert.equal(desk.files.state.isWanting, false);
    desk.files.want();
    desk.cut();
    assert.equal(desk.files.state.isWanting, false);
});

test("what was said into a cut is said again", async () => {
    const desk = new Desk();
    desk.offer(1, "a", BODY);
    desk.cut();
    desk.files.refuse(1);
    desk.mend();
    await desk.until(() => desk.said.length >= 2);
    assert.deepEqual(desk.acts, [{ kind: "file_refused", data: { file: 1, why: "refused" } }]);
    assert.ok(desk.said.some((each) => typeof each !== "string" && each.t === "stop"));
    desk.takes = false;
    await desk.files.offer(file("b", BODY));
    desk.cut();
    desk.mend();
    desk.takes = true;
    await desk.until(() => desk.row(2).stage === "kept");
});

test("who takes the other side's part breaks the rules", () => {
    const desk = new Desk();
    const sha256 = "0".repeat(64);
    for (const payload of [
        encodePiece(2, 0, content(1)),
        encode({ t: "offer", id: 2, name: "a", size: 1 }),
        encode({ t: "done", id: 2, sha256 }),
        encode({ t: "ack", id: 1, at: 0 }),
        encode({ t: "accept", id: 1, at: 0, sha256 }),
        encode({ t: "want" }),
    ]) {
        assert.throws(() => desk.files.take(payload), { name: "MalformedFrame" });
    }
});

test("too many offers are refused unasked", async () => {
    const desk = new Desk();
    for (let number = 0; number < 17; number++) desk.offer(1 + 2 * number, "a", BODY);
    assert.deepEqual([desk.row(33).stage, desk.row(33).why], ["stopped", "busy"]);
    assert.equal(desk.row(31).stage, "asked");
});

test("the end forgets every name and what is not whole", async () => {
    const desk = new Desk();
    desk.offer(1, "a", BODY);
    await desk.files.accept(1);
    desk.files.stop();
    await desk.until(() => desk.disk.discarded === 1);
    assert.deepEqual(desk.files.state, { rows: [], mayOffer: false, isWanting: false });
});
