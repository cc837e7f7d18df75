// The layout of a binary frame. The same as shared/cordee_shared/wire/frames.py,
// where it is drawn; shared/vectors/channel.json keeps the two honest.

import { FrameTooLarge, MalformedFrame } from "../errors.js";

/** First byte of every frame. */
export const VERSION = 0x01;
/** Version, epoch, channel. */
export const HEADER_BYTES = 3;
/** AES-GCM's full tag. */
export const TAG_BYTES = 16;
/** Plaintext of one sealed record, at most; `limits.RECORD_PLAINTEXT_MAX`. */
export const RECORD_PLAINTEXT_MAX = 256 * 1024;
export const FRAME_MIN = HEADER_BYTES + TAG_BYTES;
export const RECORD_MAX = HEADER_BYTES + RECORD_PLAINTEXT_MAX + TAG_BYTES;
/** The epoch is one byte and never wraps. */
export const EPOCH_MAX = 255;

/** What a record carries; the numbers are the wire's. */
export const Channel = Object.freeze({
    CONTROL: 0,
    SCREEN: 1,
    INPUT: 2,
    CLIPBOARD: 3,
    FILE: 4,
    CHAT: 5,
    /** The last record of a direction: without it the end was `lost` (S-16). */
    CLOSE: 255,
});

/**
 * What the two people share besides picture and hands; `SHARED` says when.
 *
 * @type {ReadonlySet<number>}
 */
export const TOGETHER = new Set([Channel.CLIPBOARD, Channel.FILE, Channel.CHAT]);

const CHANNELS = new Set(/** @type {number[]} */ (Object.values(Channel)));

/**
 * @param {number} epoch 0 to 255
 * @param {number} channel
 */
export function header(epoch, channel) {
    return Uint8Array.of(VERSION, epoch, channel);
}

/**
 * Read a frame's header; the payload stays sealed.
 *
 * @param {Uint8Array} frame
 * @returns {{ epoch: number, channel: number }}
 * @throws {MalformedFrame} too short, another version, no such channel
 * @throws {FrameTooLarge} longer than the longest record
 */
export function readHeader(frame) {
    if (frame.length < FRAME_MIN) {
        throw new MalformedFrame(`a frame of ${frame.length} bytes holds no record`);
    }
    if (frame.length > RECORD_MAX) {
        throw new FrameTooLarge(
            `a frame of ${frame.length} bytes, at most ${RECORD_MAX}`,
        );
    }
    const [version = 0, epoch = 0, channel = 0] = frame;
    if (version !== VERSION) throw new MalformedFrame(`frame version ${version}`);
    if (!CHANNELS.has(channel)) throw new MalformedFrame(`no channel ${channel}`);
    return { epoch, channel };
}
