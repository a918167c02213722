import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { at, behind, knowledge, matrix, within } from "../src/panels/entry/data.js";
import { cutting, example, factorsOf, list, mapOf, reading, summing, sumOver } from "../src/panels/entry/words.js";
import { number, ownName, short } from "../src/panels/entry/write.js";
import { plain } from "../src/rich.js";

/** @import { EntryArrays } from "../types/figure.ts" */

const array = { values: Float64Array.from({ length: 24 }, (_, k) => k), shape: [2, 3, 4] };

/** Three steps with losses at 2 and 3, W_h of 2 by 2 and a read-out of 2 by 1. */
const data = /** @type {EntryArrays} */ (
  /** @type {unknown} */ ({
    T: 3,
    steps: [2, 3],
    first: ["W_h", 0, 1],
    window: 3,
    reached: [4, 3, 2, 1],
    chosen: [0, 3, 2, 1],
    reached_output: 2,
    weights: { W_h: { shape: [2, 2] }, W_y: { shape: [2, 1] } },
  })
);

test("indices count the axes from the outside", () => {
  assert.equal(at(array, 1, 2, 3), 23);
  assert.equal(at(array, 1, 0, 2), 14);
});

test("behind some indices lies all that the others reach", () => {
  assert.deepEqual(Array.from(behind(array, 1, 1)), [16, 17, 18, 19]);
  assert.equal(behind(array).length, 24);
  assert.deepEqual(matrix(array, 0), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]);
});

test("without a choice the link's entry is opened, at the last loss", () => {
  assert.deepEqual(within({}, data), { name: "W_h", row: 0, col: 1, window: 3, s: 3, k: 3 });
});

test("what this network does not have becomes the nearest that it has", () => {
  const { name, row, col, k, window } = within({ name: "W_x", row: 9, col: -1, k: 8, window: 0 }, data);
  assert.deepEqual([name, row, col, k, window], ["W_h", 1, 0, 3, 1]);
});

test("a loss step that does not reach the state gives way to the last one", () => {
  assert.equal(within({ k: 3, s: 2 }, data).s, 3);
  assert.equal(within({ k: 1, s: 2 }, data).s, 2);
});

test("the read-out is used at a loss step alone", () => {
  const { s, k } = within({ name: "W_y", k: 1 }, data);
  assert.deepEqual([s, k], [2, 2]);
});

test("a stage knows the terms from the state it has reached, the read-out's all at once", () => {
  const [start, later, end] = [1, 3, 4].map((stage) => knowledge(data, stage));
  assert.deepEqual([1, 2, 3].map((k) => later.term("W_h", k)), [false, true, true]);
  assert.deepEqual([start.count("W_h"), later.count("W_h"), end.count("W_h")], [0, 2, 3]);
  assert.deepEqual([start.count("W_y"), later.count("W_y")], [0, 3]);
  assert.equal(end.complete, true);
});

test("a typed number stands as it was typed, a computed one with four decimals or two digits", () => {
  assert.deepEqual([0, 0.25, -1.5, 0.12345678, 0.00012345, 12345.678].map(number), ["0", "0.25", "−1.5", "0.1235", "1.2\u00a0×\u00a010⁻⁴", "1.2\u00a0×\u00a010⁴"]);
});

test("in a narrow cell only an exact zero is 0", () => {
  assert.deepEqual([0, 0.00001, 1.25, 123.4].map(short), ["0", "0.000", "1.250", "123"]);
});

test("what an entry multiplies is named by its step", () => {
  assert.equal(ownName("W_h", 1, 3), "h_{2}[1]");
  assert.equal(ownName("W_h", 0, "t"), "h_{t-1}[0]");
  assert.equal(ownName("W_x", 0, 2), "x_{2}[0]");
  assert.equal(ownName("b", 0, 2), "1");
});

test("steps are listed as in a sentence", () => {
  assert.equal(list([4]), "step 4");
  assert.equal(list([2, 3, 5]), "steps 2, 3 and 5");
});

test("what is said follows the weight, the derivative and how many losses there are", () => {
  assert.match(plain(reading({ name: "W_x" })), /the input, the slope/);
  assert.match(plain(reading({ name: "W_y" })), /the state that was read, and the gradient at z/);
  assert.match(plain(reading({ name: "W_h", total: true })), /what the loss sends/);
  assert.match(plain(mapOf({ name: "W_h" }, 1, 4)), /Only step 4 has a loss; columns add up/);
  assert.match(plain(mapOf({ name: "W_h" }, 2, 4)), /used\. Columns add up/);
  assert.equal(sumOver("W_h", 2, 1), "Sum over the one step");
  assert.equal(sumOver("W_y", 2, 4), "Sum over the 2 loss steps");
});

test("a total derivative's remark names the loss steps and both sums", () => {
  assert.match(plain(summing({ name: "W_h", total: true }, [2, 3], "0.5", "0.2")), /\(steps 2 and 3\)\. .*: 0\.5, not 0\.2\.$/);
});

test("the window says which states a single last loss keeps", () => {
  assert.match(plain(cutting({ name: "W_h", window: 2 }, 1, 4)), /this window keeps only steps 3 and 4\.$/);
  assert.match(plain(cutting({ name: "W_h", window: 4 }, 1, 4)), /a window below 4 keeps only the last states\.$/);
  assert.doesNotMatch(plain(cutting({ name: "W_h", window: 2 }, 4, 4)), /alone/);
});

test("without a state step between, no Jacobian is spoken of", () => {
  const choice = { name: /** @type {const} */ ("W_h"), row: 0, col: 0, window: 3, s: 3, k: 3 };
  assert.match(plain(factorsOf(choice)), /no Jacobian/);
  assert.match(plain(factorsOf({ ...choice, k: 1 })), /vary at step 1 alone/);
});

test("the chapter's example has one Jacobian for each step from 3 to the loss", () => {
  const jacobians = (/** @type {number} */ T) => plain(example(T)[0]).match(/∂h\d\/∂h\d/g)?.length ?? 0;
  assert.deepEqual([4, 5, 6].map(jacobians), [1, 2, 3]);
  assert.match(plain(example(5)[0]), /this one has 5, so there are 2 Jacobians/);
});
