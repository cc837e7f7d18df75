// together/rows.js and text/files.js: what is shown of a file, in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FILES } from "../../server/cordee_server/console/text/files.js";
import { Row, nameOf, ours, theirs } from "../../server/cordee_server/console/together/rows.js";

test("rate and time left are those of the last seconds", () => {
    const row = new Row(2, "a", 10_000, true);
    row.stage = "moving";
    for (let second = 0; second < 20; second++) {
        row.move(second < 10 ? second * 10 : 100 + (second - 10) * 100, second * 1000);
    }
    assert.equal(row.rate, 100);
    assert.equal(row.secondsLeft, 90);
    row.cut();
    assert.equal(row.rate, 0);
    assert.equal(row.secondsLeft, null);
    row.end("stopped", "cancelled");
    assert.equal(row.isOver, true);
});

test("S-39: a name that no file can have becomes one", () => {
    assert.equal(nameOf("../a.pdf", 1), "a.pdf");
    assert.equal(nameOf("..", 7), "fichier-7");
});

test("a number says whose file it is", () => {
    assert.equal(ours(2), 2);
    assert.equal(theirs(1), 1);
    assert.throws(() => ours(1), { name: "MalformedFrame" });
    assert.throws(() => theirs(2), { name: "MalformedFrame" });
});

test("both languages say everything, sizes as people write them", () => {
    assert.deepEqual(Object.keys(FILES.fr), Object.keys(FILES.en));
    assert.deepEqual(Object.keys(FILES.fr.why), Object.keys(FILES.en.why));
    assert.equal(FILES.fr.size(2_147_483_648), "2,1\u00a0Go");
    assert.equal(FILES.en.size(999), "999\u00a0bytes");
    assert.equal(FILES.fr.size(1_500_000), "1,5\u00a0Mo");
    assert.match(FILES.fr.offered("Mme Durand", "a.pdf", "3\u00a0ko"), /Mme Durand.*a\.pdf/);
});
