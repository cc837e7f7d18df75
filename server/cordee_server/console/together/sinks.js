// Where a received file goes on the technician's computer, piece by piece: never whole
// in memory, but for small ones where the browser knows no other way.
//
// 1. Chrome and Edge ask where to save it, and write beside that place until it is whole.
// 2. Elsewhere it is collected in the page's private storage on the disk, and handed to
//    the browser's downloads once it is whole and its SHA-256 is right.
// 3. Where there is neither (a private window), up to MEMORY_MAX.

import { log } from "../log.js";

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */

/**
 * A file that is being written.
 *
 * @typedef {object} Sink
 * @property {(data: Bytes) => Promise<void>} write
 * @property {() => Promise<void>} keep it is whole: put it in its place
 * @property {() => Promise<void>} discard leave nothing of it
 */

/** What may be collected in memory, in bytes. */
export const MEMORY_MAX = 64 * 1024 * 1024;
/** The folder of the private storage. */
const FOLDER = "cordee-files";
/** How long a download may take to copy what is handed to it, in milliseconds. */
const COPY_MS = 10 * 60 * 1000;

/** Nothing can be saved here: too large for what this browser has. */
export class NoPlace extends Error {}

/**
 * Ask where the file shall go, as the browser knows how. Called from a click.
 *
 * @param {string} name as `safeName` returned it
 * @param {number} size bytes
 * @returns {Promise<Sink | null>} null: the technician chose no place after all
 * @throws {NoPlace} the browser has no place for a file of this size
 */
export async function openSink(name, size) {
    const { showSaveFilePicker } = /** @type {any} */ (globalThis);
    if (typeof showSaveFilePicker === "function") {
        try {
            return await written(await showSaveFilePicker({ suggestedName: name }));
        } catch (error) {
            if (error instanceof DOMException && error.name === "AbortError") return null;
            log.fault("file", error); // not allowed here; the other ways remain
        }
    }
    try {
        return await stored(name);
    } catch (error) {
        log.fault("file", error);
    }
    if (size > MEMORY_MAX) throw new NoPlace();
    return remembered(name);
}

/**
 * @param {FileSystemFileHandle} handle
 * @returns {Promise<Sink>}
 */
async function written(handle) {
    const stream = await handle.createWritable();
    return {
        write: (data) => stream.write(data),
        keep: () => stream.close(),
        discard: () => stream.abort().catch(() => undefined),
    };
}

/**
 * @param {string} name
 * @returns {Promise<Sink>}
 */
async function stored(name) {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    await sweep(folder);
    const hidden = crypto.randomUUID();
    const handle = await folder.getFileHandle(hidden, { create: true });
    const sink = await written(handle);
    const remove = () => folder.removeEntry(hidden).catch(() => undefined);
    return {
        write: sink.write,
        keep: async () => {
            await sink.keep();
            download(await handle.getFile(), name, remove);
        },
        discard: async () => {
            await sink.discard();
            await remove();
        },
    };
}

/** Files of this page's life; others were left by one that was closed. */
const OWN = new Set();

/** @param {FileSystemDirectoryHandle} folder */
async function sweep(folder) {
    if (OWN.has(FOLDER)) return;
    OWN.add(FOLDER);
    for await (const left of /** @type {any} */ (folder).keys()) {
        // One that another tab is writing is locked, and stays.
        await folder.removeEntry(left).catch(() => undefined);
    }
}

/**
 * @param {string} name
 * @returns {Sink}
 */
function remembered(name) {
    /** @type {Bytes[]} */
    let pieces = [];
    return {
        write: async (data) => void pieces.push(new Uint8Array(data)),
        keep: async () => download(new Blob(pieces), name, () => undefined),
        discard: async () => {
            pieces = [];
        },
    };
}

/**
 * Hand a whole file to the browser's downloads.
 *
 * @param {Blob} blob
 * @param {string} name
 * @param {() => unknown} copied called once the browser surely has it
 */
function download(blob, name, copied) {
    // Never a type of its own: nothing is shown or run, all of it is saved.
    const address = URL.createObjectURL(blob.slice(0, blob.size, "application/octet-stream"));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => {
        URL.revokeObjectURL(address);
        void copied();
    }, COPY_MS);
}
