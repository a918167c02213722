import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf } from "./page.js";
import { create } from "../src/panels/chart.js";

const x = { field: "t", type: "quantitative" };
const SPEC = {
  layer: [
    { data: { name: "series" }, mark: "line", encoding: { x, y: { field: "log10", type: "quantitative" } } },
    { data: { name: "hover" }, mark: { type: "point", opacity: 0 }, encoding: { x, y: { field: "log10", type: "quantitative" } } },
  ],
};
const SERIES = { t: [1, 2, 3], log10: [0, -1, -2] };
const DATA = /** @type {import("../types/payload.ts").ChartBase} */ ({ name: "chart", spec: SPEC, data: { series: SERIES }, byUnit: [], params: {}, symbols: [], label: "", title: ["a chart"], keys: [], profile: null, table: null, height: 90, cursor: false, axis: 0 });

/**
 * Once the chart has so many marks of a kind, how many points there are for the pointer.
 * @param {Element | null | undefined} node
 * @param {string} kind
 * @param {number} count
 */
async function pointsOnce(node, kind, count) {
  while (node?.querySelectorAll(`.mark-${kind} path`).length !== count) await new Promise((go) => setTimeout(go));
  return node.querySelectorAll(".mark-symbol path").length;
}

test("what only the pointer finds is drawn after what is seen, and anew with other data", async () => {
  /** @type {(() => void)[]} */
  const waiting = [];
  const chart = create({ ...contextOf(["a", "b", "c"]), later: (/** @type {() => void} */ work) => void waiting.push(work) }, DATA);
  chart.setCursor({ t: 1, unit: 1 });
  assert.equal(await pointsOnce(chart.time, "line", 1), 0);
  waiting.splice(0).forEach((work) => work());
  assert.equal(await pointsOnce(chart.time, "symbol", 3), 3);
  chart.update({ ...DATA, data: { series: { t: [1, 2], log10: [0, -1] } } });
  chart.setCursor({ t: 1, unit: 1 });
  assert.equal(await pointsOnce(chart.time, "symbol", 0), 0);
  waiting.splice(0).forEach((work) => work());
  assert.equal(await pointsOnce(chart.time, "symbol", 2), 2);
  chart.destroy();
});
