// The decoder in front of a hostile agent: exact, bounded, and never the second time.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { decode } from "../../server/cordee_server/console/wire/picture.js";
import { loadZstd } from "../../server/cordee_server/console/screen/decoders/zstd.js";
import { Unfolder, opaque, upright } from "../../server/cordee_server/console/screen/decoders/unfold.js";

const ROOT = new URL("../../", import.meta.url);
const WASM = readFileSync(new URL("server/cordee_server/console/vendor/zstd.wasm", ROOT));
const { stream: STREAM } = JSON.parse(
    readFileSync(new URL("shared/vectors/picture.json", ROOT), "utf8"),
);
const WINDOW = 25;
/** A frame header as the wire wants it. */
const HEADER = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (WINDOW - 10) << 3];

/** @type {import("../../server/cordee_server/console/screen/decoders/zstd.js").Zstd} */
let zstd;
before(async () => {
    zstd = await loadZstd(WASM);
});

/**
 * Return a zstd block (RFC 8878, 3.1.1.2).
 * @param {"raw" | "rle"} type
 * @param {number} size
 * @param {number[]} content
 */
function block(type, size, content, isLast = false) {
    const head = (isLast ? 1 : 0) | ((type === "rle" ? 1 : 0) << 1) | (size << 3);
    return [head & 0xff, (head >> 8) & 0xff, (head >> 16) & 0xff, ...content];
}

/** @param {number[][]} parts */
const message = (...parts) => Uint8Array.from(parts.flat());

test("the recorded epoch unfolds to the recorded screen", () => {
    const { width, height, messages } = STREAM;
    const shown = new Uint8Array(width * height * 3);
    /** @type {import("../../server/cordee_server/console/wire/picture.js").Layout | null} */
    let screen = null;
    for (const { hex, rgb, rgba } of messages) {
        const step = decode(new Uint8Array(Buffer.from(hex, "hex")), screen);
        if (step.kind === "layout") {
            screen = step;
            zstd.open(step.windowLog);
        } else if (step.kind === "shape") {
            const pixels = zstd.unfold(step.payload, step.width * step.height * 4);
            assert.equal(Buffer.from(pixels).toString("hex"), rgba);
        } else if (step.kind === "rects") {
            const size = step.rects.reduce((sum, { w, h }) => sum + w * h * 3, 0);
            const pixels = zstd.unfold(step.payload, size);
            let from = 0;
            for (const { x, y, w, h } of step.rects) {
                for (let row = y; row < y + h; row += 1, from += w * 3) {
                    shown.set(pixels.subarray(from, from + w * 3), (row * width + x) * 3);
                }
            }
        }
        assert.equal(createHash("sha256").update(shown).digest("hex"), rgb);
    }
});

/** @type {[string, Uint8Array, number][]} */
const HOSTILE = [
    ["one byte more than announced", message(HEADER, block("raw", 3, [1, 2, 3])), 2],
    ["one byte less than announced", message(HEADER, block("raw", 3, [1, 2, 3])), 4],
    ["a bomb of 128 KiB for 4 bytes", message(HEADER, block("rle", 1 << 17, [7])), 3],
    [
        "a bomb of blocks, 64 GiB in one message",
        message(HEADER, ...Array(60_000).fill(block("rle", 1 << 17, [7]))),
        786_432,
    ],
    ["a block larger than zstd allows", message(HEADER, block("rle", (1 << 17) + 1, [7])), 9],
    ["a stream that ends", message(HEADER, block("raw", 3, [1, 2, 3], true)), 3],
    [
        "a second frame behind the first",
        message(HEADER, block("raw", 3, [1, 2, 3], true), HEADER, block("raw", 3, [1, 2, 3])),
        6,
    ],
    ["another window than announced", message([...HEADER.slice(0, 5), 0x80]), 0],
    ["a window of 2 GiB", message([...HEADER.slice(0, 5), (31 - 10) << 3]), 0],
    ["a dictionary", message([...HEADER.slice(0, 4), 0x01, HEADER[5] ?? 0, 9]), 0],
    ["a content size", message([...HEADER.slice(0, 4), 0xc0, HEADER[5] ?? 0]), 0],
    ["a single segment", message([...HEADER.slice(0, 4), 0x20, 0xff]), 0],
    ["a skippable frame", message([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]), 0],
    ["a header cut short", message(HEADER.slice(0, 5)), 0],
    ["nothing", message(), 0],
    ["noise", message(HEADER, [0xff, 0xff, 0xff, 0xff, 0xff]), 3],
    ["a block that is not all there", message(HEADER, block("raw", 300, [1, 2, 3])), 300],
    ["more than a record", new Uint8Array(256 * 1024 + 1), 3],
];

for (const [name, data, size] of HOSTILE) {
    test(`${name}: the stream is over, nothing else happens`, () => {
        zstd.open(WINDOW);
        assert.throws(() => zstd.unfold(data, size), { name: "MalformedFrame" });
        const good = message(HEADER, block("raw", 3, [1, 2, 3]));
        assert.throws(() => zstd.unfold(good, 3), { name: "MalformedFrame" });
        zstd.open(WINDOW);
        assert.deepEqual([...zstd.unfold(good, 3)], [1, 2, 3]);
    });
}

test("more output than a message may hold is not even tried", () => {
    zstd.open(WINDOW);
    assert.throws(() => zstd.unfold(message(HEADER), 786_433), { name: "MalformedFrame" });
});

test("what one message leaves open, the next one has to finish", () => {
    zstd.open(WINDOW);
    zstd.unfold(message(HEADER, block("raw", 2, [1, 2])), 2);
    assert.deepEqual([...zstd.unfold(message(block("rle", 4, [9])), 4)], [9, 9, 9, 9]);
});

test("memory does not grow with the epochs", async () => {
    const fresh = await loadZstd(WASM);
    const good = message(HEADER, block("rle", 1 << 17, [7]));
    for (let epoch = 0; epoch < 2; epoch += 1) {
        fresh.open(WINDOW);
        fresh.unfold(good, 1 << 17);
    }
    const size = fresh._lib.memory.buffer.byteLength;
    for (let epoch = 0; epoch < 50; epoch += 1) {
        fresh.open(WINDOW);
        fresh.unfold(good, 1 << 17);
    }
    assert.equal(fresh._lib.memory.buffer.byteLength, size);
});

test("RGB becomes RGBA without any transparency", () => {
    assert.deepEqual(
        [...opaque(Uint8Array.of(1, 2, 3, 250, 251, 252))],
        [1, 2, 3, 255, 250, 251, 252, 255],
    );
});

test("columns are put upright, rectangle after rectangle", () => {
    // 2 by 3, column by column: 1 4 5 | 2 6 7; then 3 by 1 and 1 by 2.
    const values = [1, 4, 5, 2, 6, 7, 11, 12, 13, 21, 22];
    const rgb = Uint8Array.from(values.flatMap((value) => [value, value, value]));
    const rects = [
        { x: 0, y: 0, w: 2, h: 3 },
        { x: 5, y: 9, w: 3, h: 1 },
        { x: 0, y: 0, w: 1, h: 2 },
    ];
    const rgba = upright(rgb, rects);
    const shown = values.map((_, at) => rgba[at * 4]);
    assert.deepEqual(shown, [1, 2, 4, 6, 5, 7, 11, 12, 13, 21, 22]);
    assert.ok(values.every((_, at) => rgba[at * 4 + 3] === 255));
});

const ONE = { x: 0, y: 0, w: 1, h: 1 };

test("the unfolder does jobs and reports faults, ours apart from theirs", async () => {
    const unfolder = new Unfolder(Promise.resolve(WASM));
    assert.equal(await unfolder.run({ do: "open", windowLog: WINDOW }), null);
    const payload = message(HEADER, block("raw", 3, [1, 2, 3]), block("raw", 4, [5, 6, 7, 8]));
    const refused = await unfolder.run({ do: "exact", payload, rects: [ONE] });
    assert.ok(refused && "fault" in refused && !refused.isOurs);
    await unfolder.run({ do: "open", windowLog: WINDOW });
    const one = message(HEADER, block("raw", 3, [1, 2, 3]));
    const done = await unfolder.run({ do: "exact", payload: one, rects: [ONE] });
    assert.ok(done && "rgba" in done);
    assert.deepEqual([...done.rgba], [1, 2, 3, 255]);
    const shape = await unfolder.run({
        do: "shape",
        payload: message(block("raw", 4, [5, 6, 7, 8])),
        pixels: 1,
    });
    assert.ok(shape && "rgba" in shape);
    assert.deepEqual([...shape.rgba], [5, 6, 7, 8]);
    const broken = new Unfolder(Promise.reject(new Error("404")));
    const ours = await broken.run({ do: "open", windowLog: WINDOW });
    assert.deepEqual(ours, { fault: "404", isOurs: true });
});
