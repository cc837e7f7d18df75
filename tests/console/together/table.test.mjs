// One handler a channel, put together in one place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { handlers } from "../../../server/cordee_server/console/together/table.js";
import { TOGETHER } from "../../../server/cordee_server/console/wire/frames.js";
import { Did } from "./ground.mjs";

test("each of the channels has one handler, and no other channel has", () => {
    const all = Object.values(handlers(new Did().ground));
    assert.deepEqual(new Set(all.map(({ channel }) => channel)), TOGETHER);
    assert.equal(all.length, TOGETHER.size);
});
