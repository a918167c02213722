import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf } from "./page.js";
import { createPhoneTable } from "../src/phone_table.js";

/** @import { Row } from "../types/figure.ts" */

/**
 * Rows as a page makes them: a model's name, then its maps.
 * @param {string | null} name
 * @param {...string} roles
 * @returns {Row[]}
 */
function model(name, ...roles) {
  const still = { update() {}, setCursor() {}, resize() {}, destroy() {} };
  const row = { ...still, nodes: [], wide: [], below: [], tables: () => [] };
  const maps = roles.map((role) => ({ ...row, main: { ...still, column: () => ({ symbol: [{ math: `${role}_t` }], role, at: (/** @type {number} */ t) => new Float32Array([t, t + 0.5, ...new Array(38).fill(0)]) }) } }));
  return name === null ? maps : [{ ...row, main: { ...still, group: () => name } }, ...maps];
}

/**
 * @param {Row[]} rows
 * @param {{t?: number, unit?: number, H?: number}} at
 */
function made(rows, at = {}) {
  const context = contextOf(["a", "b", "c"], at);
  const table = createPhoneTable(context, () => rows);
  table.rebuild();
  table.setCursor(context.cursor);
  const texts = (/** @type {string} */ where) => [...table.node.querySelectorAll(where)].map((cell) => cell.textContent);
  return { context, table, texts };
}

test("models head their maps, which head their columns at the chosen step", () => {
  const { texts, table } = made([...model("RNN", "h"), ...model("LSTM", "f", "c")], { t: 2 });
  assert.deepEqual(texts("thead tr:first-child th"), ["RNN", "LSTM"]);
  assert.deepEqual([...table.node.querySelectorAll("thead tr:first-child th")].map((cell) => /** @type {HTMLTableCellElement} */ (cell).colSpan), [1, 2]);
  assert.deepEqual(texts("thead tr:last-child th"), ["unit", "h2", "f2", "c2"]);
});

test("units are rows, and the chosen one is marked", () => {
  const { texts } = made(model(null, "h"), { t: 2, unit: 2, H: 3 });
  assert.deepEqual(texts("tbody button"), ["0", "1", "2"]);
  assert.deepEqual(texts("tbody td"), ["2.000", "2.500", "0"]);
  assert.deepEqual(texts("tbody tr.chosen button"), ["1"]);
});

test("of many units nine around the chosen one are shown, whole at both ends", () => {
  const rows = (/** @type {number} */ unit) => made(model(null, "h"), { unit, H: 40 }).texts("tbody button");
  assert.deepEqual(rows(20), ["15", "16", "17", "18", "19", "20", "21", "22", "23"]);
  assert.equal(rows(1)[0], "0");
  assert.equal(rows(40).at(-1), "39");
});

test("a unit pressed is chosen", () => {
  const { context, table } = made(model(null, "h"), { H: 3 });
  table.node.querySelectorAll("button")[2].click();
  assert.deepEqual(context.calls, [["unit", 3]]);
});

test("without maps there is no table", () => assert.equal(made(model("RNN")).table.node.hidden, true));
