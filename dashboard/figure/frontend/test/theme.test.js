import assert from "node:assert/strict";
import { test } from "node:test";

import { painted, rampCss, rampIndex } from "../src/theme.js";

test("roles become the palette's colours at any depth, and nothing else changes", () => {
  const spec = { color: "@h", layer: [{ range: ["@h", "@c", 3], title: "h" }], empty: null, on: true };
  assert.deepEqual(painted(spec, { h: "#111", c: "#222" }), { color: "#111", layer: [{ range: ["#111", "#222", 3], title: "h" }], empty: null, on: true });
});

test("values beyond the domain take the colours of its ends", () => {
  assert.deepEqual([-9, -1, 0, 1, 9].map((value) => rampIndex(value, -1, 1)), [0, 0, 128, 255, 255]);
});

test("a share of a ramp is one of its colours", () => {
  const table = new Uint8ClampedArray(256 * 3);
  table.set([1, 2, 3], 255 * 3);
  assert.equal(rampCss(table, 1), "rgb(1, 2, 3)");
});
