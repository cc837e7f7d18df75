// Nothing of somebody else's is served that the manifest does not name, byte for byte.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const VENDOR = new URL("../../server/cordee_server/console/vendor/", import.meta.url);
/** @type {{ files: Record<string, string>[] }} */
const { files } = JSON.parse(readFileSync(new URL("VENDOR.json", VENDOR), "utf8"));

for (const entry of files) {
    test(`${entry.file} is the file that was taken over`, () => {
        const content = readFileSync(new URL(String(entry.file), VENDOR));
        assert.equal(createHash("sha256").update(content).digest("hex"), entry.sha256);
    });

    test(`${entry.file} has a package, a version, a licence and a source`, () => {
        for (const fact of ["package", "version", "licence", "source"]) {
            assert.ok(entry[fact], fact);
        }
    });
}

test("every file there is in the manifest; type declarations are ours", () => {
    const named = new Set(files.map(({ file }) => file));
    const unnamed = readdirSync(VENDOR).filter(
        (name) => name !== "VENDOR.json" && !name.endsWith(".d.ts") && !named.has(name),
    );
    assert.deepEqual(unnamed, []);
});

test("every package has its licence beside it", () => {
    const packages = new Set(files.map((entry) => entry.package));
    const licensed = new Set(
        files.filter(({ file }) => file?.endsWith(".LICENSE")).map((entry) => entry.package),
    );
    assert.deepEqual(licensed, packages);
});
