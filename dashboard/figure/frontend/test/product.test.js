import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, packed, press, window } from "./page.js";
import { create } from "../src/panels/product.js";
import { atOf, createGrid, nameOf } from "../src/panels/product/grid.js";

/** @import { ProductAt, ProductData } from "../types/payload.ts" */

Object.assign(globalThis, { matchMedia: () => ({ matches: true }) }); // reduced motion: every motion is at its end at once

const UNIT = 1 / 4000;
const T = 4;
const AT = { radius: 2, inputs: 1, activation: "tanh", shape: "chain" };

/**
 * Two shapes, two activations, two radii and two inputs: each factor is told from its place by its size.
 * @returns {ProductData}
 */
function data() {
  const places = 16;
  const factors = (/** @type {number} */ count) => Array.from({ length: count * T }, (_, k) => -Math.floor(k / T) * 100 - (k % T));
  const step = { limit: "1", length: 1, degrees: 40, step: 0.01, loss: 0.02 };
  return {
    kind: "product", T, H: 2, unit: UNIT, coarse: 1 / 25, band: 1, radii: [1, 2], inputs: [0.5, 1], shapes: ["orthogonal", "chain"],
    activations: [
      { name: "tanh", label: "tanh", curve: [[-6, 0], [0, 1], [6, 0]], never: [] },
      { name: "sigmoid", label: "sigmoid", curve: [[-6, 0], [0, 0.25], [6, 0]], never: ["no setting keeps it"] },
    ],
    even: [0, Math.log10(2)],
    link: 0.4,
    bookmarks: [{ title: "One", short: "one", at: { ...AT, shape: "orthogonal" } }, { title: "Two", short: "two", at: AT }],
    slopes: packed(factors(places), [2, 2, 2, 2, T], "i2"),
    weights: packed(factors(places / 2), [2, 2, 2, T], "i2"),
    most: packed(Array(places * T).fill(1), [2, 2, 2, 2, T], "i1"),
    counts: packed(Array(places * 4).fill(255), [2, 2, 2, 2, 4], "u1"),
    mean: packed(Array(places).fill(0.5), [2, 2, 2, 2], "f4"),
    failing: {
      T, ceiling: 308.25, ceilingText: "1.80 × 10³⁰⁸", rate: "0.01", infinite: 3, nan: 4, broken: 1,
      updates: [{ loss: "0.2", gradient: "135", states: [0, 0, null, 1] }, { loss: "NaN", gradient: "NaN", states: [10, 200, null, null] }],
    },
    clipping: {
      rate: "0.01", before: 0.13, lengths: packed([1e-4, 1], [2], "f4"), along: packed([0.1, 0.3], [2], "f4"), none: { ...step, length: 113, step: 1, loss: 0.3 },
      norms: [step, { ...step, limit: "20", loss: 0.2 }], values: [{ ...step, along: packed([0.1, 0.3], [2], "f4") }], first: [0, 0],
    },
  };
}

/**
 * A panel at a beat, and how to look at it.
 * @param {object} show
 * @param {{known?: boolean, t?: number}} [state]
 */
function at(show, { known = true, t = T } = {}) {
  const context = contextOf(["1", "2", "3", "4"], { t });
  const panel = create(/** @type {never} */ (context), data());
  const wrap = /** @type {HTMLElement} */ (panel.full);
  document.body.replaceChildren(wrap);
  panel.setBeat({ at: AT, open: ["radius", "inputs", "activation", "shape"], ...show }, { known, entered: true });
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (wrap.querySelector(selector));
  const slider = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (wrap.querySelector(`input[aria-label="${name}"]`));
  return { panel, context, wrap, find, slider };
}

/**
 * @param {HTMLInputElement} input
 * @param {number} value
 */
function drag(input, value) {
  input.value = String(value);
  input.dispatchEvent(/** @type {Event} */ (/** @type {unknown} */ (new window.Event("input"))));
}

test("a network is found by its place, and its line is the sum of its factors", () => {
  const grid = createGrid(data());
  const chain = grid.at(AT);
  const place = 8 + 3; // shape 1, activation 0, radius 1, inputs 1
  const slopes = [0, 1, 2, 3].map((k) => (-place * 100 - k) * UNIT);
  const weights = [0, 1, 2, 3].map((k) => (-3 * 100 - k) * UNIT);
  assert.deepEqual(chain.slopes, slopes);
  assert.deepEqual(chain.weights, weights);
  assert.equal(chain.line[T], 0);
  assert.ok(Math.abs(chain.line[0] - [...slopes, ...weights].reduce((sum, value) => sum + value, 0)) < 1e-12);
  assert.ok(Math.abs(chain.most[0] - T / 25) < 1e-12);
  assert.equal(chain.left, 1);
  const orthogonal = grid.at({ ...AT, shape: "orthogonal" });
  assert.deepEqual(orthogonal.weights, Array(T).fill(Math.log10(2)));
  assert.equal(orthogonal.left, -1);
});

test("a network's name in a link leads back to it; one that is not there is known as such", () => {
  assert.deepEqual(atOf(nameOf(AT)), AT);
  const grid = createGrid(data());
  assert.ok(grid.has(AT));
  assert.ok(!grid.has(/** @type {ProductAt} */ (atOf("7_1_tanh_chain"))));
  assert.ok(!grid.has(atOf("")));
});

test("a slider moves the line, its verdict and its value at once", () => {
  const { slider, find } = at({ stage: "build" });
  assert.match(find(".pr-verdict").textContent ?? "", /Leaves the band at t = 1/);
  drag(slider("Spectral radius of W_h"), 0);
  assert.equal(slider("Spectral radius of W_h").getAttribute("aria-valuetext"), "1.00");
  const shape = /** @type {HTMLButtonElement} */ (find('[data-value="orthogonal"]'));
  shape.click();
  assert.equal(shape.getAttribute("aria-pressed"), "true");
  assert.match(find(".pr-verdict").textContent ?? "", /Kept for all 4 steps/);
  assert.equal(find(".pr-cell.cross"), null);
});

test("arrow keys in a slider are the slider's own", () => {
  const { slider, wrap } = at({ stage: "build" });
  let heard = 0;
  wrap.addEventListener("keydown", () => heard++);
  slider("Spectral radius of W_h").dispatchEvent(press("ArrowLeft"));
  assert.equal(heard, 0);
  slider("Spectral radius of W_h").dispatchEvent(press("n"));
  assert.equal(heard, 1);
});

test("what a question keeps shut stays where it is, and keeps its focus", () => {
  const { panel, slider } = at({ stage: "inputs", first: ["inputs"] }, { known: false });
  const radius = slider("Spectral radius of W_h");
  assert.equal(radius.getAttribute("aria-disabled"), "true");
  assert.equal(radius.disabled, false);
  drag(radius, 0);
  assert.equal(radius.value, "1");
  panel.setBeat({ stage: "inputs", at: AT, open: ["radius", "inputs", "activation", "shape"], first: ["inputs"] }, { known: true, entered: false });
  drag(radius, 0);
  assert.equal(radius.getAttribute("aria-valuetext"), "1.00");
});

test("that an activation keeps in no setting is said when it is chosen, but not before its question is answered", () => {
  for (const [stage, known, said] of /** @type {[string, boolean, boolean][]} */ ([["build", false, false], ["build", true, true], ["radius", false, true]])) {
    const { find } = at({ stage }, { known });
    find('[data-value="sigmoid"]').click();
    assert.equal((find(".pr-verdict").textContent ?? "").includes("no setting keeps it"), said);
  }
});

test("the walk stops where the question is asked, and goes on when it is answered", () => {
  const show = { stage: "walk", walked: 2, t: 3 };
  const { panel, find, wrap } = at(show, { known: false });
  assert.equal(wrap.querySelectorAll(".pr-both").length, 2);
  assert.equal(find(".pr-most"), null);
  panel.setBeat({ at: AT, open: [], ...show }, { known: true, entered: false });
  assert.equal(wrap.querySelectorAll(".pr-both").length, 4);
});

test("one step is played through its three states", () => {
  const { find, wrap } = at({ stage: "step" });
  find('[data-name="arrives"]').click();
  assert.equal(wrap.querySelectorAll(".pr-pending").length, 2);
  find('[data-name="play"]').click();
  assert.equal(wrap.querySelectorAll(".pr-pending").length, 0);
});

test("the update that breaks the run waits for the answer", () => {
  const closed = at({ stage: "explode" }, { known: false });
  closed.find('[data-name="take"]').click();
  assert.doesNotMatch(closed.wrap.textContent ?? "", /NaN/);
  const { find, wrap } = at({ stage: "explode" });
  find('[data-name="take"]').click();
  assert.match(wrap.textContent ?? "", /NaN/);
  assert.match(wrap.textContent ?? "", /∞ at t = 3/);
});

test("the limit that is asked about waits for the answer, and the step lands where the limit sends it", () => {
  const closed = at({ stage: "clip" }, { known: false });
  closed.find('[data-name="norm 1"]').click();
  assert.match(closed.wrap.textContent ?? "", /✓ by norm: 0\.020/);
  const { find, wrap } = at({ stage: "clip" });
  find('[data-name="norm 1"]').click();
  assert.match(wrap.textContent ?? "", /✗ by norm: 0\.200/);
});

test("a bookmark is a position of the sliders", () => {
  const { find, slider } = at({ stage: "radius" });
  find('[data-name="mark 0"]').click();
  assert.equal(find('[data-value="orthogonal"]').getAttribute("aria-pressed"), "true");
  assert.equal(slider("Spectral radius of W_h").value, "1");
  assert.equal(find('[data-name="mark 0"]').getAttribute("aria-pressed"), "true");
});
