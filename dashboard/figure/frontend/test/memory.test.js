import assert from "node:assert/strict";
import { test } from "node:test";

import { recall, recallPanel, remember, rememberPanel } from "../src/memory.js";

test("a figure nobody touched follows the first step of its data", () => {
  assert.deepEqual(recall("fresh", { t: 3, unit: 1, T: 5, H: 2 }), { t: 3, unit: 1 });
  assert.deepEqual(recall("fresh", { t: 4, unit: 2, T: 5, H: 2 }), { t: 4, unit: 2 });
});

test("what the learner chose outlives new data, moved to what there is", () => {
  remember("chosen", { t: 9 });
  assert.deepEqual(recall("chosen", { t: 1, unit: 1, T: 12, H: 2 }), { t: 9, unit: 1 });
  assert.deepEqual(recall("chosen", { t: 1, unit: 1, T: 4, H: 2 }), { t: 4, unit: 1 });
});

test("a figure without units keeps unit 1", () => assert.equal(recall("none", { t: 1, unit: 1, T: 1, H: 0 }).unit, 1));

test("panels of one figure keep their choices apart, and beside its step", () => {
  remember("panels", { t: 2 });
  rememberPanel("panels", "entry", { k: 1 });
  rememberPanel("panels", "entry", { s: 3 });
  rememberPanel("panels", "cell", { sub: 5 });
  assert.deepEqual(recallPanel("panels", "entry"), { k: 1, s: 3 });
  assert.deepEqual(recallPanel("panels", "cell"), { sub: 5 });
  assert.deepEqual(recallPanel("another", "entry"), {});
  assert.equal(recall("panels", { t: 1, unit: 1, T: 4, H: 1 }).t, 2);
});
