// SHA-256 piece by piece (FIPS 180-4, 6.2): WebCrypto digests only what is whole, and a
// file of two gigabytes is never whole in memory.

/** @typedef {import("../pairing/bytes.js").Bytes} Bytes */

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
    // First 32 bits of the fractional parts of cube and square roots of the primes.
    let found = 0;
    for (let prime = 2; found < 64; prime++) {
        let isPrime = true;
        for (let by = 2; by * by <= prime; by++) isPrime &&= prime % by !== 0;
        if (!isPrime) continue;
        if (found < 8) START[found] = Math.floor((Math.sqrt(prime) % 1) * 2 ** 32);
        K[found++] = Math.floor((Math.cbrt(prime) % 1) * 2 ** 32);
    }
}

/** A running hash. */
export class Sha256 {
    #state = new Uint32Array(START);
    #block = new Uint8Array(64);
    #words = new Uint32Array(64);
    #filled = 0;
    #size = 0;

    /** @param {Uint8Array} data */
    update(data) {
        this.#size += data.length;
        let at = 0;
        if (this.#filled > 0) {
            at = Math.min(64 - this.#filled, data.length);
            this.#block.set(data.subarray(0, at), this.#filled);
            this.#filled += at;
            if (this.#filled < 64) return;
            this.#compress(this.#block, 0);
            this.#filled = 0;
        }
        for (; at + 64 <= data.length; at += 64) this.#compress(data, at);
        this.#block.set(data.subarray(at));
        this.#filled = data.length - at;
    }

    /** A second one that goes on from here by itself. */
    copy() {
        const copy = new Sha256();
        copy.#state.set(this.#state);
        copy.#block.set(this.#block);
        copy.#filled = this.#filled;
        copy.#size = this.#size;
        return copy;
    }

    /** @returns {string} of everything so far, in hexadecimal; more may follow */
    hex() {
        const end = this.copy();
        const tail = new Uint8Array((this.#filled < 56 ? 64 : 128) - this.#filled);
        tail[0] = 0x80;
        new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(this.#size) * 8n);
        end.update(tail);
        return Array.from(end.#state, (word) => word.toString(16).padStart(8, "0")).join("");
    }

    /**
     * @param {Uint8Array} data
     * @param {number} at where the block of 64 bytes begins
     */
    #compress(data, at) {
        const w = this.#words;
        for (let i = 0; i < 16; i++, at += 4) {
            w[i] =
                (/** @type {number} */ (data[at]) << 24) |
                (/** @type {number} */ (data[at + 1]) << 16) |
                (/** @type {number} */ (data[at + 2]) << 8) |
                /** @type {number} */ (data[at + 3]);
        }
        for (let i = 16; i < 64; i++) {
            const x = /** @type {number} */ (w[i - 15]);
            const y = /** @type {number} */ (w[i - 2]);
            const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
            const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
            w[i] = (/** @type {number} */ (w[i - 16]) + s0 + /** @type {number} */ (w[i - 7]) + s1) | 0;
        }
        const state = this.#state;
        const part = (/** @type {number} */ i) => /** @type {number} */ (state[i]) | 0;
        let [a, b, c, d] = [part(0), part(1), part(2), part(3)];
        let [e, f, g, h] = [part(4), part(5), part(6), part(7)];
        for (let i = 0; i < 64; i++) {
            const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
            const t1 =
                (h + s1 + ((e & f) ^ (~e & g)) + /** @type {number} */ (K[i]) +
                    /** @type {number} */ (w[i])) | 0;
            const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
            const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
            h = g;
            g = f;
            f = e;
            e = (d + t1) | 0;
            d = c;
            c = b;
            b = a;
            a = (t1 + t2) | 0;
        }
        const sums = [a, b, c, d, e, f, g, h];
        for (let i = 0; i < 8; i++) {
            state[i] = /** @type {number} */ (state[i]) + /** @type {number} */ (sums[i]);
        }
    }
}
