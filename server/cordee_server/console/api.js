// What the console asks the relay over HTTP. Every refusal becomes an ApiRefused whose
// `code` is the key of its sentence in text/.

/** @typedef {"technician" | "supervisor" | "admin" | "auditor"} Role */
/** @typedef {{ name: string, display_name: string, organisation: string,
 *     role: Role, phone: string, origin: string }} Me */
/** @typedef {{ id: string, label: string, price_cents: number, currency: string,
 *     unit_s: number, minimum_units: number }} Tariff */
/** @typedef {{ id: string, customer: string, purpose: string, tariff: string,
 *     price_cents: number, currency: string, unit_s: number, minimum_units: number,
 *     confirmed_ms: number }} Engagement */

/** @typedef {{ session: string, engagement: string, state: string, customer: string,
 *     technician: string, technician_name: string, code_left_s: number }} Standing */
/** @typedef {{ engagement: string, customer: string, from_ms: number, until_ms: number }} Slot */
/** @typedef {{ engagement: string, customer: string, record: string }} Lacking */
/** @typedef {{ session: string, seconds: number, units: number, amount_cents: number,
 *     currency: string }} SoFar what a session would be billed if it ended now */
/** @typedef {{ waiting: number, standing: Standing[], so_far: SoFar[], slots: Slot[],
 *     lacking: Lacking[] }} Today what stands on the relay now */

/** @typedef {{ record: string, revision: number, due: string, seconds: number,
 *     units: number, amount_cents: number, currency: string, flags: string[],
 *     is_parked: boolean, refund_by: string }} Account */
/** @typedef {{ n: number, kind: string, at_ms: number, side: string, author: string,
 *     reason: string }} Fact */
/** @typedef {Engagement & { facts: Fact[], account: Account | null,
 *     is_warned_of: boolean }} Whole an engagement, and what was stated of it */
/** @typedef {{ record: string, engagement: string, revision: number, customer: string,
 *     amount_cents: number, currency: string, made_ms: number, way: string, to: string,
 *     posted_ms: number }} Paper */

/** A rule of the house said no, or nobody answered. */
export class ApiRefused extends Error {
    /**
     * @param {string} code
     * @param {number} [waitS] seconds until it is worth trying again
     */
    constructor(code, waitS = 0) {
        super(code);
        this.name = "ApiRefused";
        this.code = code;
        this.waitS = waitS;
    }
}

/** The relay's resources. */
export class Api {
    #fetch;
    #relay = "";

    /** @param {typeof fetch} [ask] */
    constructor(ask = (input, init) => fetch(input, init)) {
        this.#fetch = ask;
    }

    /**
     * @param {string} name
     * @param {string} password
     * @param {string} totp
     */
    async login(name, password, totp) {
        await this.#ask("POST", "/api/login", { name, password, totp });
    }

    async logout() {
        await this.#ask("POST", "/api/logout", {});
    }

    /** @returns {Promise<Me | null>} null when nobody is signed in */
    async me() {
        const said = /** @type {any} */ (await this.#ask("GET", "/api/me"));
        this.#relay = typeof said?.relay === "string" ? said.relay : "";
        return said?.technician ?? null;
    }

    /**
     * The relay that both ends pair under: where the page comes from, unless it comes
     * from this very machine (`cordee console`), which says for whom. A relay cannot say
     * so: what it calls itself would undo the check that it is the right one.
     *
     * @param {{ hostname: string, origin: string }} from the page's `location`
     */
    relayOrigin({ hostname, origin }) {
        const here = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
        return here && this.#relay !== "" ? this.#relay : origin;
    }

    /** @returns {Promise<Today>} */
    async today() {
        const said = /** @type {any} */ (await this.#ask("GET", "/api/today"));
        return {
            waiting: Number(said?.waiting ?? 0),
            standing: listOf(said, "standing"),
            so_far: listOf(said, "so_far"),
            slots: listOf(said, "slots"),
            lacking: listOf(said, "lacking"),
        };
    }

    /** @returns {Promise<Tariff[]>} */
    async tariffs() {
        return listOf(await this.#ask("GET", "/api/tariffs"), "tariffs");
    }

    /** @returns {Promise<Engagement[]>} */
    async engagements() {
        return listOf(await this.#ask("GET", "/api/engagements"), "engagements");
    }

    /**
     * @param {{ customer: string, purpose: string, tariff: string, details?: object }} agreed
     * @returns {Promise<Engagement>}
     */
    async engage(agreed) {
        return /** @type {Engagement} */ (await this.#ask("POST", "/api/engagements", agreed));
    }

    /**
     * @param {string} engagement
     * @returns {Promise<Whole>}
     */
    async whole(engagement) {
        const path = `/api/engagements/${encodeURIComponent(engagement)}`;
        return /** @type {Whole} */ (await this.#ask("GET", path));
    }

    /**
     * @param {string} engagement
     * @param {string} kind
     * @param {Record<string, string | number | boolean>} data
     */
    async state(engagement, kind, data) {
        const path = `/api/engagements/${encodeURIComponent(engagement)}/facts`;
        await this.#ask("POST", path, { kind, data });
    }

    /** @returns {Promise<Paper[]>} */
    async papers() {
        return listOf(await this.#ask("GET", "/api/documents"), "documents");
    }

    /** @param {string} record */
    async posted(record) {
        await this.#ask("POST", `/api/documents/${encodeURIComponent(record)}/posted`, {});
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @returns {Promise<unknown>}
     */
    async #ask(method, path, body) {
        /** @type {RequestInit} */
        const init = { method, credentials: "same-origin", cache: "no-store" };
        if (body !== undefined) {
            init.body = JSON.stringify(body);
            init.headers = { "Content-Type": "application/json" };
        }
        let answer;
        try {
            answer = await this.#fetch(path, init);
        } catch {
            throw new ApiRefused("relay_unreachable");
        }
        const said = await answer.json().catch(() => null);
        if (answer.ok) return said;
        const named = typeof said?.field === "string" ? `.${said.field}` : "";
        const code = typeof said?.code === "string" ? said.code + named : "unavailable";
        const wait = Number(answer.headers.get("Retry-After"));
        throw new ApiRefused(code, Number.isFinite(wait) ? wait : 0);
    }
}

/**
 * @template T
 * @param {any} said a list, or an object that holds one
 * @param {string} name
 * @returns {T[]}
 */
function listOf(said, name) {
    const found = Array.isArray(said) ? said : said?.[name];
    return Array.isArray(found) ? found : [];
}
