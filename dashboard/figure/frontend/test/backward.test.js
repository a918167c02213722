import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { decoded } from "../src/panels/backward/data.js";
import { sentence } from "../src/panels/backward/sentence.js";
import { viewOf } from "../src/panels/backward/view.js";

/** @import { BackwardData, Packed, Rich } from "../types/payload.ts" */
/** @import { Show } from "../src/panels/backward/view.js" */

/**
 * @param {number[]} values
 * @param {number[]} shape
 * @returns {Packed}
 */
const packed = (values, shape) => ({ b64: Buffer.from(new Float32Array(values).buffer).toString("base64"), shape, dtype: "f4" });

// Two steps, one unit; of three nudges of use 1, use 2 and both; three updates of two sequences.
const parts = { own: [[0.5], [0.25]], future: [[0.1], [0]], dh: [[0.6], [0.25]], delta: [[0.3], [0.2]] };
const twelve = Array.from({ length: 12 }, (_, k) => k);
const data = decoded(
  /** @type {BackwardData} */ ({
    kind: "backward", T: 2, activation: "tanh", alpha: 0.5, nudge: 0.1, x: [[1], [2]], weights: { W_h: [[0.4]] },
    outputs: [{ t: 1, target: "0", index: "" }, { t: 2, target: "1", index: "" }],
    run: { h: [[0], [0.5], [0.7]], y: [0.4, 0.6], losses: [0.5, 0.25], loss: 0.75, ...parts },
    slope: [[0.5], [0.8]], a: [[0.5], [0.9]], curve: [[-1, -1], [1, 1]], shares: [[[0]], [[0.1]]], lengths: { W_x: [1, 1], W_h: [1, 1], W_y: [1, 1] },
    nudges: { "0,0": { by: [-0.1, 0, 0.1], h: packed(Array.from({ length: 18 }, (_, k) => k / 10), [3, 3, 2, 1]), y: packed(Array(18).fill(0.5), [3, 3, 2]), losses: packed(Array(18).fill(0.25), [3, 3, 2]), loss: packed([0.5, 0.5, 0.5, 0.25, 0.5, 0.75, 0, 0.5, 1], [3, 3]) } },
    measured: { "0,0": [0, 0.1] },
    presses: { x: [[[1], [2]], [[-1], [2]]], targets: [["0", "1"], ["1", "0"]], loss: [3, 2, 1], W_h: [[[0.4]], [[0.3]], [[0.2]]], lengths: Array(3).fill({ W_x: 1, W_h: 1, W_y: 1 }), h: packed(Array.from({ length: 18 }, (_, k) => k), [3, 2, 3, 1]), y: packed(twelve, [3, 2, 2]), losses: packed(twelve, [3, 2, 2]), own: packed(twelve, [3, 2, 2, 1]), future: packed(twelve, [3, 2, 2, 1]), dh: packed(twelve, [3, 2, 2, 1]), delta: packed(twelve, [3, 2, 2, 1]) },
    said: { walk: [], way: [], shares: {}, entries: {} },
  }),
);
/** @param {Rich | null} runs */
const text = (runs) => (runs ?? []).map((run) => (typeof run === "string" ? run : Object.values(run)[0])).join("");

/**
 * @param {Partial<Show>} show
 * @param {boolean} known
 * @param {import("../src/panels/backward/view.js").Chosen} chosen
 * @param {number} t
 */
const viewed = (show, known = true, chosen = {}, t = 2) => viewOf(data, { scene: "walk", entry: [0, 0], ...show }, known, chosen, t, null);

test("a nudge reads the run of its use, and of all uses together, off the grid", () => {
  const one = viewed({ scene: "nudge", use: 2, by: 0.1 }).nudge;
  assert.deepEqual([one.use, one.by, one.run.loss, one.base.loss], [2, 0.1, 0.75, 0.5]);
  assert.equal(one.found.change(0, 0), -0.5);
  assert.deepEqual(viewed({ scene: "nudge", use: 2 }, true, { use: 1, by: -0.1 }).nudge.run.h.length, 3);
});

test("updates that were not sent leave the whole gradient on the screen", () => {
  const view = viewOf({ ...data, presses: null }, { scene: "update", taken: 1 }, false, { taken: 2, sequence: 1 }, 2, null);
  assert.deepEqual([view.show.scene, view.shares, view.taken, view.run, view.presses], ["walk", 1, 0, data.run, null]);
});

test("what was chosen of a larger network becomes what there is", () => {
  assert.equal(viewed({ scene: "nudge", use: 1, by: 0.1 }, true, { use: 5 }).nudge.use, 2);
  assert.deepEqual(viewed({}, true, { entry: [1, 2] }).entry, [0, 0]);
});

test("until the answer the use that is asked about is not nudged, nor the knob turned down", () => {
  const show = /** @type {const} */ ({ scene: "nudge", use: 2, by: 0.1, asked: 1 });
  const hidden = viewed(show, false, { use: 1 }).nudge;
  assert.deepEqual([hidden.use, hidden.hidden, hidden.seen.has(1)], [1, true, false]);
  assert.deepEqual(hidden.run, hidden.base);
  assert.equal(viewed(show, true, { use: 1 }).nudge.hidden, false);
  assert.equal(viewed(show, true).nudge.seen.has(1), true);
  assert.equal(viewed({ scene: "nudge", use: 0, by: 0.1, upwards: true }, false, { by: -0.1 }).nudge.by, 0);
  assert.equal(viewed({ scene: "nudge", use: 0, by: 0.1, upwards: true }, true, { by: -0.1 }).nudge.by, -0.1);
});

test("the sentence is about what is chosen, and follows the answer", () => {
  const says = (/** @type {Partial<Show>} */ show, known = true, chosen = {}, t = 2) => text(sentence(data, viewed(show, known, chosen, t)));
  const nudge = /** @type {const} */ ({ scene: "nudge", use: 2, by: 0.1, asked: 1 });
  assert.match(says(nudge, false, { use: 1 }), /yours to say first/);
  assert.match(says(nudge, true, { use: 1, by: -0.1 }), /−0.10 on W_h\[0,0\] at t = 1 alone/);
  assert.match(says({ scene: "nudge", use: 0, by: 0.1 }, true, { by: -0.1 }), /nudge, −0.10/);
  const walk = /** @type {const} */ ({ gradients: "all", shares: "walk", asked: 1 });
  assert.match(says(walk, false, { begun: true }, 1), /^One of two is in: 0.1000 so far. The last share is yours/);
  assert.match(says({ scene: "update" }, true, { taken: 1 }), /^Press 1 took L of both sequences from 3.000 to 2.000/);
});

test("gradients and shares stand from the step that the walk has reached", () => {
  const walk = /** @type {const} */ ({ gradients: "walk" });
  assert.equal(viewed(walk).gradients, 3);
  assert.equal(viewed(walk, true, { begun: true }, 1).gradients, 1);
  assert.equal(viewed(walk).shares, 3);
  assert.equal(viewed({ gradients: "all", shares: "all" }).shares, 1);
  assert.equal(viewed({ gradients: "all", shares: "walk", asked: 1 }, false, { begun: true }, 1).shares, 2);
  assert.equal(viewed({ gradients: "all", asked_slopes: [2] }, false).hides(2), true);
  assert.equal(viewed({ gradients: "all", asked_slopes: [2] }, true).hides(2), false);
});

test("updates stop where the question is, and are those of the chosen sequence", () => {
  const show = /** @type {const} */ ({ scene: "update", taken: 1 });
  assert.deepEqual([viewed(show, false, { taken: 2 }).taken, viewed(show, true, { taken: 2 }).taken], [1, 2]);
  const other = viewed(show, true, { taken: 2, sequence: 1 });
  assert.deepEqual([other.x, other.targets], [[[-1], [2]], ["1", "0"]]);
  assert.deepEqual(other.run.h, [[15], [16], [17]]);
  assert.deepEqual(other.run.losses, [10, 11]);
});
