// What every module of the console keeps to: the browser loads it as it is
// written, and nothing in it turns text into markup or code.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const CONSOLE = fileURLToPath(
    new URL("../../server/cordee_server/console", import.meta.url),
);

/** @returns {string[]} the paths of our own modules; vendored ones are not ours */
function modules() {
    if (!existsSync(CONSOLE)) return [];
    return readdirSync(CONSOLE, { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".js") && !name.startsWith("vendor"))
        .map((name) => join(CONSOLE, name));
}

const IMPORT = /^\s*(?:import|export)\b[^"';]*?["']([^"']+)["']/gm;

/**
 * @param {string} path
 * @param {string} source
 * @returns {string[]} what the browser could not resolve
 */
export function unresolved(path, source) {
    return [...source.matchAll(IMPORT)]
        .map((found) => String(found[1]))
        .filter((name) => !name.startsWith(".") || !existsSync(join(dirname(path), name)));
}

/** @type {[string, RegExp][]} */
const FORBIDDEN = [
    ["innerHTML", /\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/],
    ["code from text", /\beval\s*\(|\bnew\s+Function\b/],
];

/**
 * @param {string} source
 * @returns {string[]} the names of what a module must not use
 */
export function forbidden(source) {
    const code = source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
    return FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
}

for (const path of modules()) {
    const name = relative(CONSOLE, path);
    const source = readFileSync(path, "utf8");

    test(`${name} imports only files that are there`, () => {
        assert.deepEqual(unresolved(path, source), []);
    });

    test(`${name} makes neither markup nor code from text`, () => {
        assert.deepEqual(forbidden(source), []);
    });
}

test("a module that breaks these rules is found", () => {
    assert.deepEqual(unresolved("/none/a.js", 'import { h } from "preact";'), ["preact"]);
    assert.deepEqual(unresolved("/none/a.js", 'import "./gone.js";'), ["./gone.js"]);
    assert.deepEqual(forbidden("box.innerHTML = text; // eval(x)"), ["innerHTML"]);
    assert.deepEqual(forbidden("x = eval (text)"), ["code from text"]);
});
