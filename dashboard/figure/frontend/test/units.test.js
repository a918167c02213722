import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, press } from "./page.js";
import { createUnits, unitAt } from "../src/units.js";

/** @param {{H: number, unit?: number}} size */
function made({ H, unit = 1 }) {
  const context = contextOf(["a"], { H, unit });
  const units = createUnits(context);
  units.measure();
  units.setCursor(context.cursor);
  return { context, ...units };
}

test("the units are one slider that says which of how many is chosen", () => {
  const { node } = made({ H: 3, unit: 2 });
  assert.equal(node.getAttribute("role"), "slider");
  assert.equal(node.getAttribute("aria-valuemax"), "2");
  assert.equal(node.getAttribute("aria-valuetext"), "Unit 1 of 0 to 2");
});

test("few units have a number each, of which the chosen one is marked", () => {
  const { node } = made({ H: 3, unit: 2 });
  assert.equal(node.textContent, "012");
  assert.equal(node.querySelector(".chosen")?.textContent, "1");
});

test("of many units only the chosen one is named", () => assert.equal(made({ H: 40, unit: 17 }).node.textContent, "16 of 0–39"));

test("arrow keys, Home and End choose a unit, and the time cursor does not hear them", () => {
  const { node, context } = made({ H: 4, unit: 2 });
  let heard = 0;
  const parent = document.createElement("div");
  parent.append(node);
  parent.addEventListener("keydown", () => (heard += 1));
  for (const key of ["ArrowRight", "ArrowDown", "Home", "End"]) node.dispatchEvent(press(key));
  assert.deepEqual(context.calls, [["unit", 3], ["unit", 2], ["unit", 1], ["unit", 4]]);
  assert.equal(heard, 0);
  node.dispatchEvent(press("a"));
  assert.equal(heard, 1);
});

test("the unit under the pointer is the column it is in, and at the edges the nearest", () => {
  const node = document.createElement("div");
  node.getBoundingClientRect = () => /** @type {DOMRect} */ ({ left: 100, width: 80 });
  const at = (/** @type {number} */ clientX) => unitAt(/** @type {MouseEvent} */ ({ clientX }), node, 4);
  assert.deepEqual([90, 100, 119, 121, 179, 500].map(at), [1, 1, 1, 2, 4, 4]);
});
