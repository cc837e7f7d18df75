// What the second page knows and does, without a line of markup. Who may see which tab
// is the relay's table (web/rights.py); the one here only spares people a refusal.
//
// Owned by main.js, which draws after every change.

/** @typedef {import("../api.js").Me} Me */
/** @typedef {import("../api.js").Role} Role */
/** @typedef {"own" | "accounts" | "deeds" | "journal" | "relay"} Tab */
/** @typedef {{ id: string, since_ms: number, seen_ms: number, browser: string,
 *     is_this: boolean }} SignIn */
/** @typedef {{ name: string, display_name: string, role: Role, locked: boolean,
 *     blocked_until_ms: number, recovery_left: number, sign_ins: number,
 *     created_ms: number }} Account */
/** @typedef {{ at_ms: number, by: string, account: string, done: string,
 *     detail: string }} Deed */
/** @typedef {{ session: string, engagement: string | null, started_ms: number,
 *     state: string, entries: number }} Session */
/** @typedef {{ title: string, password: string, seed: string,
 *     recovery: readonly string[] }} Secrets shown once */
/** @typedef {{ now_ms: number, tariffs: Record<string, any>[],
 *     policy: { id: string, version: number }, policies: string[],
 *     terms: { version: string, hash: string },
 *     customers: { customer: string, engagements: number, last_ms: number }[],
 *     kept: Record<string, number>, health: Record<string, any> }} Relay */
/** @typedef {{ ask: typeof fetch, changed: () => void, leave: () => void }} Parts */

/** Which tabs each role has. */
/** @type {Record<Role, readonly Tab[]>} */
export const TABS = {
    technician: ["own"],
    supervisor: ["own", "journal"],
    admin: ["accounts", "relay", "deeds", "own"],
    auditor: ["journal", "deeds", "own"],
};

/** @type {readonly Role[]} */
export const ROLES = ["technician", "supervisor", "admin", "auditor"];

/**
 * Whether a role joins no session: the relay would refuse it the socket.
 *
 * @param {string} role
 */
export function isOfficeOnly(role) {
    return role === "admin" || role === "auditor";
}

class Refusal extends Error {}

/** The page's state, and everything a view may ask for. */
export class Desk {
    #parts;
    /** @type {Me | null} */
    me = null;
    /** @type {Tab} */
    tab = "own";
    isBusy = false;
    /** Key of the sentence about what went wrong, if anything did. */
    problem = "";
    /** @type {SignIn[]} */
    signIns = [];
    /** @type {Account[]} */
    accounts = [];
    /** The account whose sign-ins are open; empty: none. */
    looked = "";
    /** @type {SignIn[]} */
    lookedSignIns = [];
    /** @type {Deed[]} */
    deeds = [];
    /** @type {Session[]} */
    sessions = [];
    /** The session whose entries are open; empty: none. */
    read = "";
    /** @type {string[]} */
    entries = [];
    /** @type {Relay | null} */
    relay = null;
    /** @type {Secrets | null} */
    secrets = null;

    /** @param {Parts} parts */
    constructor(parts) {
        this.#parts = parts;
    }

    /** @returns {readonly Tab[]} */
    get tabs() {
        return this.me === null ? [] : TABS[this.me.role];
    }

    /** Find out who is signed in; nobody is sent to the sign-in. */
    async start() {
        await this.#do(async () => {
            const said = await this.#ask("GET", "/api/me");
            this.me = said.technician;
            if (this.me === null) this.#parts.leave();
            else await this.#load(this.tabs[0] ?? "own");
        });
    }

    /** @param {Tab} tab */
    show = (tab) => this.#do(() => this.#load(tab));

    signOut = () =>
        this.#do(async () => {
            await this.#ask("POST", "/api/logout", {});
            this.#parts.leave();
        });

    /** What was shown once has been written down. */
    forget = () => {
        this.secrets = null;
        this.#parts.changed();
    };

    /** @param {string} id */
    revoke = (id) =>
        this.#do(async () => {
            await this.#ask("POST", "/api/me/sign-ins/revoke", { id });
            await this.#load("own");
        });

    newRecovery = () =>
        this.#do(async () => {
            const { recovery } = await this.#ask("POST", "/api/me/recovery", {});
            this.secrets = { title: this.me?.name ?? "", password: "", seed: "", recovery };
        });

    // --- an admin's ----------------------------------------------------------------------

    /**
     * @param {string} name
     * @param {string} shown
     * @param {Role} role
     */
    add = (name, shown, role) =>
        this.#do(async () => {
            const body = { name, display_name: shown, role };
            this.#showOnce(await this.#ask("POST", "/api/accounts", body));
            await this.#load("accounts");
        });

    /**
     * @param {string} name
     * @param {Role} role
     */
    setRole = (name, role) =>
        this.#do(async () => {
            await this.#ask("POST", at(name, "role"), { role });
            await this.#load("accounts");
        });

    /**
     * @param {string} name
     * @param {boolean} locked
     */
    setLocked = (name, locked) =>
        this.#do(async () => {
            await this.#ask("POST", at(name, "lock"), { locked });
            await this.#load("accounts");
        });

    /** @param {string} name */
    reset = (name) =>
        this.#do(async () => {
            this.#showOnce(await this.#ask("POST", at(name, "reset"), {}));
            await this.#load("accounts");
        });

    /** @param {string} name again: closes */
    look = (name) =>
        this.#do(async () => {
            this.looked = this.looked === name ? "" : name;
            await this.#lookAgain();
        });

    /** @param {string} id */
    revokeOf = (id) =>
        this.#do(async () => {
            await this.#ask("POST", at(this.looked, "sign-ins/revoke"), { id });
            await this.#load("accounts");
            await this.#lookAgain();
        });

    /** @param {string} session again: closes */
    open = (session) =>
        this.#do(async () => {
            this.read = this.read === session ? "" : session;
            this.entries = [];
            if (this.read === "") return;
            this.entries = (await this.#ask("GET", `/api/journal/${session}`)).entries;
        });

    // --- the relay's resources -----------------------------------------------------------

    /** @param {Tab} tab */
    async #load(tab) {
        const ask = (/** @type {string} */ path) => this.#ask("GET", path);
        if (tab === "own") this.signIns = (await ask("/api/me/sign-ins")).sign_ins;
        if (tab === "accounts") this.accounts = (await ask("/api/accounts")).accounts;
        if (tab === "deeds") this.deeds = (await ask("/api/accounts/deeds")).deeds;
        if (tab === "journal") this.sessions = (await ask("/api/journal")).sessions;
        if (tab === "relay") this.relay = await ask("/api/office");
        this.tab = tab;
    }

    async #lookAgain() {
        if (this.looked === "") return;
        const said = await this.#ask("GET", at(this.looked, "sign-ins"));
        this.lookedSignIns = said.sign_ins;
    }

    /** @param {any} made */
    #showOnce(made) {
        const { name, password, seed, recovery } = made;
        this.secrets = { title: name, password, seed, recovery };
    }

    /** @param {() => Promise<void>} what */
    async #do(what) {
        this.isBusy = true;
        this.problem = "";
        this.#parts.changed();
        try {
            await what();
        } catch (error) {
            this.problem = error instanceof Refusal ? error.message : "unavailable";
            if (this.problem === "not_signed_in") this.#parts.leave();
        } finally {
            this.isBusy = false;
            this.#parts.changed();
        }
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @returns {Promise<any>}
     */
    async #ask(method, path, body) {
        /** @type {RequestInit} */
        const init = { method, credentials: "same-origin", cache: "no-store" };
        if (body !== undefined) {
            init.body = JSON.stringify(body);
            init.headers = { "Content-Type": "application/json" };
        }
        const answer = await this.#parts.ask(path, init);
        const said = await answer.json().catch(() => null);
        if (answer.ok) return said;
        throw new Refusal(typeof said?.code === "string" ? said.code : "unavailable");
    }
}

/**
 * @param {string} name
 * @param {string} what
 */
function at(name, what) {
    return `/api/accounts/${encodeURIComponent(name)}/${what}`;
}
