import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf } from "./page.js";
import { create } from "../src/panels/parts.js";

/** @typedef {import("../types/payload.ts").PartsData} PartsData */

/**
 * @param {number} chosen
 * @returns {PartsData}
 */
const stack = (chosen) => ({
  kind: "parts", reads: ["x", "2 numbers a step"], gives: "16", head: "read-out", output: ["ŷ 0.5"], legend: ["lines"], domain: [-3, 0], height: 200, narrow: 400,
  layers: [0, 1].map((k) => ({
    title: `layer ${k}`,
    reads: k ? "16" : "",
    parts: [0, 1].map((d) => ({ place: 2 * k + d, name: d ? "backward" : "forward", backward: d === 1, chosen: 2 * k + d === chosen, log10: [-3, null, -1, 0], says: `part ${2 * k + d}` })),
  })),
});

/** @param {HTMLElement | undefined} full */
const pressed = (full) => [...(full?.querySelectorAll(".part") ?? [])].map((part) => part.getAttribute("aria-pressed"));

test("each direction of each layer is a button; the one shown is pressed and named in words", () => {
  const { full } = create(contextOf([]), stack(2));
  assert.deepEqual(pressed(full), ["false", "false", "true", "false"]);
  assert.equal(full?.querySelectorAll(".part")[3].getAttribute("aria-label"), "part 3");
  assert.equal(full?.querySelectorAll(".part")[3].querySelector(".part-way")?.textContent, "←");
});

test("pressing another part tells the server which, and marks it at once; the one shown says nothing", () => {
  const context = contextOf([]);
  const { full } = create(context, stack(0));
  const [first, , third] = /** @type {HTMLElement[]} */ ([...(full?.querySelectorAll(".part") ?? [])]);
  first.click();
  third.click();
  assert.deepEqual(context.calls, [["part", { place: 2 }]]);
  assert.deepEqual(pressed(full), ["false", "false", "true", "false"]);
});

test("the line breaks where no gradient arrives, and a step alone is a dot", () => {
  const { full } = create(contextOf([]), stack(0));
  const d = full?.querySelector(".part-line path")?.getAttribute("d") ?? "";
  assert.deepEqual(d.match(/[ML]/g), ["M", "M", "L"]);
  assert.match(d, /^M0\.0 21\.0h0\.1/);
});
