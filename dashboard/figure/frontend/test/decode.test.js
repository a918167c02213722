import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, rowAt } from "../src/decode.js";
import { packed } from "./page.js";

for (const dtype of /** @type {("f4" | "f8")[]} */ (["f4", "f8"])) {
  test(`an array of ${dtype} arrives with every value, infinities and gaps too`, () => {
    const { values, shape } = decode(packed([0.5, -2, Infinity, NaN, 0, -0.25], [2, 3], dtype));
    assert.deepEqual(Array.from(values), [0.5, -2, Infinity, NaN, 0, -0.25]);
    assert.deepEqual(shape, [2, 3]);
    assert.equal(values.BYTES_PER_ELEMENT, dtype === "f4" ? 4 : 8);
  });
}

for (const [dtype, bytes] of /** @type {["i2" | "u1", number][]} */ ([["i2", 2], ["u1", 1]])) {
  test(`whole numbers of ${bytes} bytes arrive as they were`, () => {
    const { values } = decode(packed([0, 3, 200], [3], dtype));
    assert.deepEqual(Array.from(values), [0, 3, 200]);
    assert.equal(values.BYTES_PER_ELEMENT, bytes);
  });
}

test("row t counts from 1 and holds one step's units", () => {
  const array = decode(packed([1, 2, 3, 4, 5, 6], [3, 2]));
  assert.deepEqual(Array.from(rowAt(array, 1)), [1, 2]);
  assert.deepEqual(Array.from(rowAt(array, 3)), [5, 6]);
});

test("an empty array is no error", () => assert.equal(decode(packed([], [0, 2])).values.length, 0));
