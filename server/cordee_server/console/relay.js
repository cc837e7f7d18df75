// The relay's key: what its signatures are checked with. Stored at first sight; a
// change afterwards is shown in red, and nobody is helped before it is accepted.
//
// The same page comes from that relay, so this finds an accident or a second relay
// behind one name, not a relay that lies about its own page (security.md 1.7).

import { sha256Hex } from "./canonical.js";
import { utf8 } from "./pairing/bytes.js";

const STORED = "cordee.relay-key";

/** Knows the relay's key of this origin. */
export class RelayKey {
    #storage;

    /** @param {Pick<Storage, "getItem" | "setItem"> | null} storage of this origin */
    constructor(storage) {
        this.#storage = storage;
    }

    /**
     * @param {string} pk base64url, from the relay's welcome
     * @returns {Promise<{ known: string, now: string } | null>} fingerprints, when it
     *     is not the key that is known here
     */
    async check(pk) {
        const known = this.#storage?.getItem(STORED) ?? null;
        if (known === null) this.accept(pk);
        if (known === null || known === pk) return null;
        return { known: await fingerprint(known), now: await fingerprint(pk) };
    }

    /** @param {string} pk */
    accept(pk) {
        this.#storage?.setItem(STORED, pk);
    }
}

/**
 * Sixteen digits to compare on the telephone.
 *
 * @param {string} pk
 */
export async function fingerprint(pk) {
    const digits = (await sha256Hex(utf8(pk))).slice(0, 16);
    return digits.match(/.{4}/g)?.join(" ") ?? digits;
}
