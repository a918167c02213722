import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";

import { short } from "../src/format.js";
import "../src/vega.js";

/**
 * The labels that an axis gives to its values.
 * @param {string} labelExpr
 * @param {number[]} values
 */
async function labels(labelExpr, values) {
  const scales = [{ name: "y", type: /** @type {const} */ ("linear"), domain: [Math.min(...values), Math.max(...values)], range: [100, 0] }];
  const text = { update: { text: { signal: labelExpr } } };
  const axes = [{ scale: "y", orient: /** @type {const} */ ("left"), values, labelOverlap: false, encode: { labels: text } }];
  const view = new View(parse({ width: 10, height: 100, scales, axes }, undefined, { ast: true }), { expr: expressionInterpreter, renderer: "none" });
  const picture = await view.toSVG();
  return [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((found) => found[1]);
}

test("a linear axis writes its numbers as the page does", async () => {
  const values = [-1e6, 0, 0.00025, 2030, 67700];
  assert.deepEqual(await labels("written(datum.value)", values), values.map((value) => short(value)));
});

test("an axis of logarithms writes powers of ten", async () => {
  assert.deepEqual(await labels("datum.value === 0 ? '1' : power(datum.value)", [-6, 0, 4]), ["10⁻⁶", "1", "10⁴"]);
});
