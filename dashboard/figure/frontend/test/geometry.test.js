import assert from "node:assert/strict";
import { test } from "node:test";

import { geometry, modeOf } from "../src/geometry.js";

test("the container's width chooses the layout, at 640 and 900 px", () => {
  assert.deepEqual([320, 639, 640, 899, 900, 1400].map(modeOf), ["phone", "phone", "middle", "middle", "desktop", "desktop"]);
});

test("gutter, time axis, gap and profile fill the width, and the columns the time axis", () => {
  for (const [width, mode] of /** @type {[number, import("../types/figure.ts").Mode][]} */ ([[944, "desktop"], [1300, "desktop"], [640, "middle"], [390, "phone"]])) {
    const { gutter, timeWidth, gap, profileWidth, beside, column } = geometry(width, mode, { T: 13, H: 8 });
    assert.equal(gutter + timeWidth + gap + (beside ? profileWidth : 0), width);
    assert.ok(Math.abs(13 * column - timeWidth) < 1e-9);
  }
});

test("beside a narrower desktop's time axis the profile narrows too, and no wider window widens it", () => {
  const width = (/** @type {number} */ room) => geometry(room, "desktop", { T: 1, H: 1 }).profileWidth;
  assert.equal(width(944), 336);
  assert.equal(width(1600), 336);
  assert.ok(width(900) < 336);
});

test("a figure without units still has one column of them to place things by", () => {
  assert.equal(geometry(944, "desktop", { T: 4, H: 0 }).H, 1);
});
