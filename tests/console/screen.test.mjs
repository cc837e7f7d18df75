// The screen as a whole, with the real decoder and a canvas of memory.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";

import { RemoteScreen } from "../../server/cordee_server/console/screen/screen.js";
import { Unfolder } from "../../server/cordee_server/console/screen/decoders/unfold.js";
import { trusted } from "../../server/cordee_server/console/screen/decoders/start.js";
import { Paper, asCanvas, likeAPage } from "./paper.mjs";

likeAPage();

/**
 * @typedef {import("../../server/cordee_server/console/screen/screen.js").Decoder} Decoder
 * @typedef {import("../../server/cordee_server/console/wire/picture.js").Layout} Layout
 */

const ROOT = new URL("../../", import.meta.url);
const WASM = readFileSync(new URL("server/cordee_server/console/vendor/zstd.wasm", ROOT));
const { stream: STREAM } = JSON.parse(
    readFileSync(new URL("shared/vectors/picture.json", ROOT), "utf8"),
);
/** @param {string} hex */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
/** @type {Uint8Array[]} */
const EPOCH = STREAM.messages.map((/** @type {{ hex: string }} */ step) => bytes(step.hex));
const [LAYOUT = new Uint8Array()] = EPOCH;
const [PING, POINTER] = ["0500000001003e000003e8", "040000000100050006"].map(bytes);

/** Frames the browser would draw; the test draws them. @type {Map<number, () => void>} */
const frames = new Map();
let drawn = 0;

beforeEach(() => {
    frames.clear();
    Object.assign(globalThis, {
        requestAnimationFrame: (/** @type {() => void} */ callback) => {
            frames.set((drawn += 1), callback);
            return drawn;
        },
        cancelAnimationFrame: (/** @type {number} */ id) => frames.delete(id),
        document: { visibilityState: "visible" },
    });
});

afterEach(() => {
    Reflect.deleteProperty(globalThis, "document");
});

/** Draw the frames that were asked for. */
function drawFrames() {
    const due = [...frames.values()];
    frames.clear();
    for (const frame of due) frame();
}

/** Let messages between ports, and jobs, arrive. */
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

/** @param {() => boolean} isSo */
async function until(isSo) {
    for (let turn = 0; turn < 5000; turn += 1) {
        if (isSo()) return;
        await aTurn();
    }
    assert.fail("it did not happen");
}

/** A worker without a thread. */
class Worker {
    constructor() {
        const unfolder = new Unfolder(Promise.resolve(WASM));
        /** @type {Decoder["onmessage"]} */
        this.onmessage = null;
        /** @type {Decoder["onerror"]} */
        this.onerror = null;
        this.jobs = 0;
        this.isOver = false;
        this._last = Promise.resolve();
        this._unfolder = unfolder;
    }

    /** @param {import("../../server/cordee_server/console/screen/decoders/unfold.js").Job} job */
    postMessage(job) {
        this.jobs += 1;
        this._last = this._last.then(async () => {
            const data = await this._unfolder.run(job);
            if (data && !this.isOver) this.onmessage?.({ data });
        });
    }

    terminate() {
        this.isOver = true;
    }
}

function opened() {
    const paper = new Paper();
    /** @type {string[]} */
    const acks = [];
    /** @type {Layout[]} */
    const layouts = [];
    /** @type {Error[]} */
    const faults = [];
    /** @type {Worker[]} */
    const workers = [];
    const screen = new RemoteScreen(asCanvas(paper), {
        sendAck: (payload) => acks.push(Buffer.from(payload).toString("hex")),
        onLayout: (layout) => layouts.push(layout),
        onFault: (fault) => faults.push(fault),
        startDecoder: () => {
            const worker = new Worker();
            workers.push(worker);
            return worker;
        },
    });
    return { paper, acks, layouts, faults, workers, screen };
}

/** @param {Paper} paper */
function rgbOf(paper) {
    const rgb = Buffer.from(paper.pixels).filter((_, at) => at % 4 !== 3);
    return createHash("sha256").update(rgb).digest("hex");
}

test("a recorded epoch is drawn exactly, step by step, and acknowledged", async () => {
    const { paper, acks, layouts, screen } = opened();
    for (const [at, { rgb }] of STREAM.messages.entries()) {
        screen.receive(/** @type {Uint8Array} */ (EPOCH[at]));
        await until(() => {
            drawFrames();
            return acks.length === at + 1;
        });
        assert.equal(rgbOf(paper), rgb);
    }
    assert.deepEqual(
        acks,
        STREAM.messages.map((/** @type {unknown} */ _, /** @type {number} */ seq) => `100001${seq.toString(16).padStart(8, "0")}`),
    );
    assert.equal(layouts.length, 1);
    assert.deepEqual([layouts[0]?.width, layouts[0]?.cfg], [STREAM.width, 5]);
    const { messages, backlog, width } = screen.stats();
    assert.deepEqual([messages, backlog, width], [EPOCH.length, 0, STREAM.width]);
});

test("what came together is painted together and acknowledged once", async () => {
    const { paper, acks, screen } = opened();
    for (const message of EPOCH) screen.receive(message);
    drawFrames(); // the layout lets go of the rest
    await until(() => screen.stats().backlog === 0);
    const before = acks.length;
    drawFrames();
    assert.equal(acks.at(-1), `1000010000000${EPOCH.length - 1}`);
    assert.equal(acks.length, before + 1);
    assert.equal(rgbOf(paper), STREAM.messages.at(-1).rgb);
});

test("nothing is acknowledged before it is painted", async () => {
    const { acks, screen } = opened();
    screen.receive(LAYOUT);
    await aTurn();
    assert.deepEqual(acks, []);
    drawFrames();
    assert.deepEqual(acks, ["10000100000000"]);
});

test("a ping is acknowledged at once", () => {
    const { acks, screen } = opened();
    screen.receive(LAYOUT);
    drawFrames();
    screen.receive(/** @type {Uint8Array} */ (PING));
    assert.deepEqual(acks, ["10000100000000", "10000100000001"]);
    assert.equal(frames.size, 0);
});

test("a hidden tab goes on painting and acknowledging", async () => {
    Object.assign(globalThis, { document: { visibilityState: "hidden" } });
    const { paper, acks, screen } = opened();
    for (const message of EPOCH) screen.receive(message);
    await until(() => acks.at(-1) === `1000010000000${EPOCH.length - 1}`);
    assert.equal(frames.size, 0);
    assert.equal(rgbOf(paper), STREAM.messages.at(-1).rgb);
});

test("a browser that draws no frames is not waited for", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { acks, screen } = opened();
    screen.receive(LAYOUT);
    t.mock.timers.tick(99);
    assert.deepEqual(acks, []);
    t.mock.timers.tick(1);
    assert.deepEqual(acks, ["10000100000000"]);
    assert.equal(frames.size, 0);
});

test("layouts that pour in cost one painting each, with the page awake in between", async () => {
    const { acks, layouts, screen } = opened();
    for (let count = 0; count < 100; count += 1) screen.receive(LAYOUT);
    for (let count = 1; count <= 100; count += 1) {
        await until(() => layouts.length === count);
        await aTurn();
        assert.equal(layouts.length, count);
        drawFrames();
        assert.equal(acks.length, count);
    }
});

test("layouts that pour into a hidden tab are done one a turn", async () => {
    const { acks, layouts, screen } = opened();
    for (let count = 0; count < 1000; count += 1) screen.receive(LAYOUT);
    Object.assign(globalThis, { document: { visibilityState: "hidden" } });
    assert.equal(layouts.length, 1);
    drawFrames();
    assert.equal(layouts.length, 1);
    await until(() => layouts.length === 1000);
    assert.equal(acks.length, 1000);
});

test("an agent that pushes instead of waiting is refused", () => {
    const { faults, screen } = opened();
    screen.receive(LAYOUT);
    const rects = new Uint8Array(200_000);
    rects.set(bytes("0200000001000001" + "0000000000010001"));
    assert.throws(
        () => {
            for (let seq = 1; seq < 20; seq += 1) {
                new DataView(rects.buffer).setUint32(1, seq);
                screen.receive(rects);
            }
        },
        { name: "RemoteViolation" },
    );
    assert.equal(faults.length, 1);
    assert.ok(screen.stats().messages < 8);
});

test("a message out of its order is refused", () => {
    const { screen } = opened();
    screen.receive(LAYOUT);
    assert.throws(() => screen.receive(bytes("0500000002000000000000")), { name: "RemoteViolation" });
});

test("after a fault nothing is believed and nothing is acknowledged", async () => {
    const { acks, faults, workers, screen } = opened();
    screen.receive(LAYOUT);
    drawFrames();
    screen.receive(bytes("0200000001000001" + "0000000000010001" + "28b52ffd0088ffffff"));
    await until(() => faults.length > 0);
    assert.equal(faults[0]?.name, "MalformedFrame");
    assert.equal(workers[0]?.isOver, true);
    assert.throws(() => screen.receive(LAYOUT), { name: "MalformedFrame" });
    drawFrames();
    assert.equal(acks.length, 1);
});

test("a worker that does not start is our fault, not the agent's", async () => {
    const { faults, workers, screen } = opened();
    screen.receive(LAYOUT);
    workers[0]?.onerror?.({ message: "404" });
    assert.equal(faults[0]?.name, "LocalViolation");
});

test("after a reset everything begins anew, and late pixels are forgotten", async () => {
    const { paper, acks, workers, screen } = opened();
    for (const message of EPOCH) screen.receive(message);
    screen.reset();
    assert.equal(screen.toWire(1, 1), null);
    await aTurn();
    drawFrames();
    assert.deepEqual(acks, []);
    for (const message of EPOCH) screen.receive(message);
    await until(() => {
        drawFrames();
        return acks.at(-1) === `1000010000000${EPOCH.length - 1}`;
    });
    assert.deepEqual(workers.map((worker) => worker.isOver), [true, false]);
    assert.equal(rgbOf(paper), STREAM.messages.at(-1).rgb);
});

test("a point of the picture is a pixel of the customer's", () => {
    const { screen } = opened();
    assert.equal(screen.toWire(0, 0), null);
    screen.receive(LAYOUT);
    assert.deepEqual(screen.toWire(0, 0), { mon: 0, cfg: 5, x: 0, y: 0 });
    assert.equal(screen.toWire(-1, 0), null);
    assert.equal(screen.toWire(-1, 0, { clamp: true })?.x, 0);
});

test("the pointer moves without any pixels", () => {
    const { acks, workers, screen } = opened();
    screen.receive(LAYOUT);
    screen.receive(/** @type {Uint8Array} */ (POINTER));
    drawFrames();
    assert.deepEqual(acks, ["10000100000001"]);
    assert.equal(workers[0]?.jobs, 1);
});

test("only the picture worker's address is trusted", () => {
    assert.throws(() => trusted("https://elsewhere.example/worker.js"), TypeError);
});
