// What the page of what was knows: the sessions found, and the one that is drawn. The
// lengths are the relay's (services/history.py); nothing is counted here but sessions.

/** @typedef {{ session: string, engagement: string, customer: string, purpose: string,
 *     technician: string, started_ms: number, state: string, reason: string,
 *     seconds: Record<string, number> }} Session */
/** @typedef {{ state: string, at_ms: number, seconds: number }} Band */
/** @typedef {{ n: number, at_ms: number, offset_s: number, side: string, kind: string,
 *     late: boolean, hash: string }} Mark */
/** @typedef {{ session: Session, bands: Band[], marks: Mark[] }} Drawn */
/** @typedef {{ text: string, from: string, until: string }} Wanted */

/** Owned by the page. */
export class Past {
    #ask;
    #changed;
    #leave;
    /** @type {Session[] | null} null: not asked yet */
    sessions = null;
    /** @type {Drawn | null} */
    drawn = null;
    /** Key of a sentence, if something is wrong. */
    problem = "";

    /**
     * @param {typeof fetch} ask
     * @param {() => void} changed
     * @param {() => void} leave nobody is signed in here
     */
    constructor(ask, changed, leave) {
        this.#ask = ask;
        this.#changed = changed;
        this.#leave = leave;
    }

    /** @param {Wanted} wanted days as `2026-11-23`, or empty */
    search = async (wanted) => {
        const query = new URLSearchParams(Object.entries(wanted).filter(([, one]) => one !== ""));
        const said = await this.#get(`/api/history?${query}`);
        if (said !== null) this.sessions = /** @type {any} */ (said).sessions;
        this.#changed();
    };

    /** @param {string} session */
    open = async (session) => {
        const said = await this.#get(`/api/history/${encodeURIComponent(session)}`);
        if (said !== null) this.drawn = /** @type {Drawn} */ (said);
        this.#changed();
    };

    close = () => {
        this.drawn = null;
        this.#changed();
    };

    /** @param {string} path @returns {Promise<unknown>} null when it was refused */
    async #get(path) {
        this.problem = "";
        try {
            const answer = await this.#ask(path, { cache: "no-store" });
            if (answer.status === 401) this.#leave();
            if (answer.ok) return await answer.json();
            this.problem = answer.status === 422 ? "bad_day" : "refused";
        } catch {
            this.problem = "unreachable";
        }
        return null;
    }
}

/**
 * Count sessions by something about them, the most first.
 *
 * @param {Session[]} sessions
 * @param {(one: Session) => string} by
 * @returns {{ name: string, count: number }[]}
 */
export function counted(sessions, by) {
    /** @type {Map<string, number>} */
    const found = new Map();
    for (const one of sessions) found.set(by(one), (found.get(by(one)) ?? 0) + 1);
    return [...found]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/**
 * The middle value: half of them are no longer.
 *
 * @param {number[]} seconds
 */
export function median(seconds) {
    const sorted = seconds.toSorted((a, b) => a - b);
    const at = sorted.length / 2;
    if (sorted.length === 0) return 0;
    const [low, high] = [sorted[Math.ceil(at) - 1] ?? 0, sorted[Math.floor(at)] ?? 0];
    return (low + high) / 2;
}
