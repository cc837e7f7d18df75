// together/sinks.js: where a received file goes in each kind of browser.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { MEMORY_MAX, NoPlace, openSink } from "../../server/cordee_server/console/together/sinks.js";

const world = /** @type {any} */ (globalThis);
/** @type {string[]} */
let did = [];
/** @type {any} */
let before;

/** @param {string} name of the file that is written */
const handle = (name) => ({
    createWritable: async () => ({
        write: async (/** @type {Uint8Array} */ data) => void did.push(`${name} +${data.length}`),
        close: async () => void did.push(`${name} closed`),
        abort: async () => void did.push(`${name} aborted`),
    }),
    getFile: async () => new Blob(["stored"]),
});

beforeEach(() => {
    did = [];
    before = { document: world.document, showSaveFilePicker: world.showSaveFilePicker };
    world.document = {
        createElement: () => {
            const link = { download: "", click: () => did.push(`download ${link.download}`) };
            return link;
        },
    };
    world.setTimeoutBefore = world.setTimeout;
    world.setTimeout = (/** @type {() => void} */ then) => void did.push(`later ${typeof then}`);
    Object.defineProperty(globalThis, "navigator", {
        configurable: true,
        value: { storage: { getDirectory: async () => Promise.reject(new Error("private")) } },
    });
});

afterEach(() => {
    world.setTimeout = world.setTimeoutBefore;
    delete world.setTimeoutBefore;
    Object.assign(world, before);
});

test("where the browser asks for a place, pieces go there and close it", async () => {
    world.showSaveFilePicker = async (/** @type {any} */ { suggestedName }) => handle(suggestedName);
    const sink = await openSink("a.pdf", 10);
    assert.ok(sink !== null);
    await sink.write(new Uint8Array(3));
    await sink.keep();
    assert.deepEqual(did, ["a.pdf +3", "a.pdf closed"]);
    const other = await openSink("b.pdf", 10);
    await other?.discard();
    assert.equal(did.at(-1), "b.pdf aborted");
});

test("no place chosen is no place", async () => {
    world.showSaveFilePicker = async () => {
        throw new DOMException("closed", "AbortError");
    };
    assert.equal(await openSink("a.pdf", 10), null);
});

test("elsewhere it is stored by the page and handed to the downloads when whole", async () => {
    /** @type {string[]} */
    const removed = [];
    const folder = {
        getFileHandle: async () => handle("hidden"),
        removeEntry: async (/** @type {string} */ name) => void removed.push(name),
        keys: async function* () {
            yield "left by a page that was closed";
        },
    };
    Object.defineProperty(globalThis, "navigator", {
        configurable: true,
        value: {
            storage: { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) },
        },
    });
    const sink = await openSink("a.pdf", 10 * MEMORY_MAX);
    await sink?.write(new Uint8Array(3));
    await sink?.keep();
    assert.deepEqual(removed, ["left by a page that was closed"]);
    assert.deepEqual(did, ["hidden +3", "hidden closed", "download a.pdf", "later function"]);
    const other = await openSink("b.pdf", 10);
    await other?.discard();
    assert.equal(did.at(-1), "hidden aborted");
    assert.equal(removed.length, 2);
});

test("in a private window small files go through memory, and large ones are refused", async () => {
    const sink = await openSink("a.pdf", 10);
    await sink?.write(new Uint8Array(3));
    await sink?.keep();
    assert.deepEqual(did, ["download a.pdf", "later function"]);
    await assert.rejects(openSink("a.pdf", MEMORY_MAX + 1), NoPlace);
});
