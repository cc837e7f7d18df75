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

const IMPORT =
    /^\s*(?:(?:import|export)\b[^"';(=]*?\bfrom\s*|import\s*)["']([^"']+)["']/gm;

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

/**
 * @param {(path: string, source: string) => string[]} faults
 * @returns {string[]} the faults of all modules, each with its module's name
 */
function everywhere(faults) {
    return modules().flatMap((path) =>
        faults(path, readFileSync(path, "utf8")).map(
            (fault) => `${relative(CONSOLE, path)}: ${fault}`,
        ),
    );
}

test("the browser finds every module that another one imports", () => {
    assert.deepEqual(everywhere(unresolved), []);
});

test("no module makes markup or code from text", () => {
    assert.deepEqual(everywhere((_, source) => forbidden(source)), []);
});

test("a module that breaks these rules is found", () => {
    assert.deepEqual(unresolved("/none/a.js", 'import { h } from "preact";'), ["preact"]);
    assert.deepEqual(unresolved("/none/a.js", 'import "./gone.js";'), ["./gone.js"]);
    assert.deepEqual(unresolved("/none/a.js", 'export function f() { g("x"); }'), []);
    assert.deepEqual(forbidden("box.innerHTML = text; // eval(x)"), ["innerHTML"]);
    assert.deepEqual(forbidden("x = eval (text)"), ["code from text"]);
});
