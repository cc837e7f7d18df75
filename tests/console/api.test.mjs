// What is asked of the relay over HTTP, and what its refusals become.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, ApiRefused } from "../../server/cordee_server/console/api.js";

/**
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function answering(status, body, headers = {}) {
    /** @type {{ path: string, init: RequestInit }[]} */
    const asked = [];
    const api = new Api(async (path, init = {}) => {
        asked.push({ path: String(path), init });
        const text = typeof body === "string" ? body : JSON.stringify(body);
        return new Response(text, { status, headers });
    });
    return { api, asked };
}

/**
 * @param {string} code
 * @param {number} [waitS]
 */
function refusal(code, waitS = 0) {
    return (/** @type {unknown} */ error) => {
        assert.ok(error instanceof ApiRefused);
        assert.deepEqual([error.code, error.waitS], [code, waitS]);
        return true;
    };
}

test("signing in sends everything at once, as JSON, and never in the address", async () => {
    const { api, asked } = answering(200, {});
    await api.login("claire", "secret", "123456");
    assert.equal(asked[0]?.path, "/api/login");
    assert.equal(asked[0]?.init.method, "POST");
    assert.deepEqual(JSON.parse(String(asked[0]?.init.body)), {
        name: "claire",
        password: "secret",
        totp: "123456",
    });
    assert.deepEqual(asked[0]?.init.headers, { "Content-Type": "application/json" });
});

test("who is signed in is found out, and nobody is an answer too", async () => {
    const claire = { name: "claire", display_name: "Claire Martin", organisation: "Aide & Cie" };
    assert.deepEqual(await answering(200, { technician: claire }).api.me(), claire);
    assert.equal(await answering(200, { technician: null }).api.me(), null);
});

test("lists come out of their envelope", async () => {
    assert.deepEqual(await answering(200, { tariffs: [1] }).api.tariffs(), [1]);
    assert.deepEqual(await answering(200, { engagements: [2] }).api.engagements(), [2]);
    assert.deepEqual(await answering(200, {}).api.engagements(), []);
});

test("an engagement is what was sent, with what the relay made of it", async () => {
    const { api, asked } = answering(201, { id: "e-1" });
    const agreed = { customer: "Mme Durand", purpose: "imprimante", tariff: "standard" };
    assert.deepEqual(await api.engage(agreed), { id: "e-1" });
    assert.deepEqual(JSON.parse(String(asked[0]?.init.body)), agreed);
});

test("a refusal keeps its key, and how long to wait", async () => {
    const { api } = answering(429, { code: "too_many_guesses" }, { "Retry-After": "90" });
    await assert.rejects(api.login("a", "b", "c"), refusal("too_many_guesses", 90));
});

test("an answer that is none of ours is no reason to wait for", async () => {
    await assert.rejects(answering(502, "<html>").api.logout(), refusal("unavailable"));
});

test("a relay that does not answer is told apart from one that refuses", async () => {
    const api = new Api(async () => {
        throw new TypeError("failed to fetch");
    });
    await assert.rejects(api.tariffs(), refusal("relay_unreachable"));
});

test("a page of a relay pairs under where it comes from, whatever the relay says", async () => {
    const { api } = answering(200, { technician: null, relay: "https://other.example" });
    await api.me();
    const served = { hostname: "help.example", origin: "https://help.example" };
    assert.equal(api.relayOrigin(served), "https://help.example");
});

test("a page of this machine pairs under the relay that this machine names", async () => {
    const here = { hostname: "localhost", origin: "http://localhost:8799" };
    const named = answering(200, { technician: null, relay: "https://help.example" });
    await named.api.me();
    assert.equal(named.api.relayOrigin(here), "https://help.example");
    const unnamed = answering(200, { technician: null });
    await unnamed.api.me();
    assert.equal(unnamed.api.relayOrigin(here), "http://localhost:8799");
});

test("R01: which field is wrong is part of the refusal's name", async () => {
    const { api } = answering(422, { code: "bad_input", field: "email" });
    await assert.rejects(api.engage({ customer: "a", purpose: "b", tariff: "c" }), refusal("bad_input.email"));
});

test("an engagement's facts and documents are asked for by their ids", async () => {
    const { api, asked } = answering(200, { documents: [1] });
    await api.whole("e-1");
    await api.state("e-1", "reserves", { text: "Rien" });
    assert.deepEqual(await api.papers(), [1]);
    await api.posted("a/b");
    assert.deepEqual(
        asked.map(({ path, init }) => [init.method, path]),
        [
            ["GET", "/api/engagements/e-1"],
            ["POST", "/api/engagements/e-1/facts"],
            ["GET", "/api/documents"],
            ["POST", "/api/documents/a%2Fb/posted"],
        ],
    );
    assert.deepEqual(JSON.parse(String(asked[1]?.init.body)), {
        kind: "reserves",
        data: { text: "Rien" },
    });
});
