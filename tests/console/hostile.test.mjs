// What a hostile agent writes stays text in the views that show it: words of the chat,
// files' names, the machine's lines. The views are asked for what they draw, and every
// node of it is looked at: an agent's string may be a text node or a plain label, never
// an element's name, an address, a style, markup or a handler.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Row } from "../../server/cordee_server/console/together/rows.js";
import { Talk as Desk } from "../../server/cordee_server/console/together/talk.js";
import { Files } from "../../server/cordee_server/console/views/files.js";
import { GlanceMenu } from "../../server/cordee_server/console/views/glance.js";
import { Talk } from "../../server/cordee_server/console/views/talk.js";
import { writeTalk } from "../../server/cordee_server/console/wire/talk.js";
import { Did } from "./together/ground.mjs";

const HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "\"'><svg onload=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "data:text/html,<script>alert(1)</script>",
];

/** Where an agent's words may stand beside text nodes: read out or shown, never run. */
const LABELS = new Set(["aria-label", "value"]);

/** @typedef {{ texts: string[], labels: string[] }} Drawn */

/**
 * Look at everything that a view draws, components within it too.
 *
 * @param {any} node
 * @param {Drawn} drawn
 * @returns {Drawn}
 */
function look(node, drawn = { texts: [], labels: [] }) {
    if (node === null || node === undefined || typeof node === "boolean") return drawn;
    if (Array.isArray(node)) {
        for (const one of node) look(one, drawn);
    } else if (typeof node !== "object") {
        drawn.texts.push(String(node));
    } else if (typeof node.type === "function") {
        look(drawnBy(node), drawn);
    } else {
        assert.match(node.type, /^[a-z]+[1-6]?$/);
        for (const [name, value] of Object.entries(node.props)) {
            if (name === "children") look(value, drawn);
            else if (LABELS.has(name)) drawn.labels.push(String(value));
            else {
                assert.notEqual(name, "dangerouslySetInnerHTML");
                if (/^on/i.test(name)) assert.equal(typeof value, "function", name);
                for (const bad of HOSTILE) assert.ok(!String(value).includes(bad), name);
            }
        }
    }
    return drawn;
}

/** @param {any} node */
function drawnBy({ type, props }) {
    if (type.prototype?.render === undefined) return type(props);
    const view = new type(props);
    view.props = props;
    if ("isOpen" in view.state) view.state.isOpen = true;
    return view.render(props, view.state);
}

/**
 * @param {any} type a view
 * @param {object} together
 * @param {"fr" | "en"} language
 */
function draw(type, together, language) {
    const page = { language, engagement: { customer: "Mme Durand" }, session: null };
    return look({ type, props: { page, actions: { together } } });
}

/** The technician's desk, once a hostile agent said all this on the chat channel. */
function told() {
    const did = new Did();
    const desk = new Desk(did.ground, () => 1_800_000_000_000);
    desk.settle(true);
    HOSTILE.forEach((text, at) => desk.take(writeTalk({ t: "say", id: at + 1, text })));
    desk.askMachine();
    const { n } = did.said().find(({ t }) => t === "machine_ask");
    desk.take(writeTalk({ t: "machine", n, lines: HOSTILE }));
    return desk;
}

for (const language of /** @type {const} */ (["fr", "en"])) {
    test(`S-36: hostile words of the chat stay text, ${language}`, () => {
        const { texts } = draw(Talk, { talk: told() }, language);
        for (const bad of HOSTILE) assert.ok(texts.includes(bad), bad);
    });

    test(`S-36: hostile lines of the machine's summary stay text, ${language}`, () => {
        const { labels } = draw(GlanceMenu, { talk: told() }, language);
        assert.ok(labels.includes(HOSTILE.join("\n")));
    });

    test(`S-36: hostile names of files stay text, in every stage, ${language}`, () => {
        for (const stage of /** @type {const} */ (["asked", "moving", "kept", "stopped"])) {
            const rows = HOSTILE.map((name, at) => new Row(2 * at + 1, name, 10, false));
            for (const row of rows) row.stage = stage;
            const files = { state: { rows, mayOffer: true, isWanting: false } };
            const { texts } = draw(Files, { files }, language);
            for (const bad of HOSTILE) assert.ok(texts.includes(bad), `${stage}: ${bad}`);
        }
    });
}

test("S-36: markup, addresses and handlers made of such words would be found", () => {
    const [bad] = HOSTILE;
    for (const props of [{ href: bad }, { src: bad }, { style: bad }, { onclick: bad }]) {
        assert.throws(() => look({ type: "a", props }), { name: "AssertionError" });
    }
    assert.throws(() => look({ type: bad, props: {} }), { name: "AssertionError" });
    const markup = { dangerouslySetInnerHTML: { __html: "" } };
    assert.throws(() => look({ type: "p", props: markup }), { name: "AssertionError" });
});
