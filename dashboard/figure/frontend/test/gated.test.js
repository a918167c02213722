import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, packed } from "./page.js";

Object.assign(globalThis, { matchMedia: () => ({ matches: true }) }); // reduced motion
const { create } = await import("../src/panels/gated.js");
const { VECTORS, decoded, viewOf } = await import("../src/panels/gated/view.js");

/** @import { GatedData } from "../types/payload.ts" */

const T = 4;
const H = 2;
const AT = 3;

/**
 * A run whose vectors are told from their place by their size: step, vector, unit.
 * @param {number} from
 * @param {number} shift
 */
function run(from, shift) {
  const values = [];
  for (let t = from; t <= T; t++) for (let v = 0; v < VECTORS.length; v++) for (let k = 0; k < H; k++) values.push(t + v / 100 + k / 1000 + shift);
  return { from, values: packed(values, [T + 1 - from, VECTORS.length, H], "f4"), y: packed(shift ? [0.9, 0.1] : [0.2, 0.8], [2], "f4") };
}

/** @returns {GatedData} */
function data() {
  return {
    kind: "gated", T, H, words: ["Krish", "likes", "Yann", "of"], at: AT, follow: 0, sides: ["Krish", "Yann"], names: ["Krish", "Yann"],
    limit: 5, wide: 50, shares: [0], runs: { "---": run(1, 0), "1--": run(AT, 10), "10-": run(AT, 20), all: run(1, 30) }, network: ["a trained LSTM"],
  };
}

const CHOSEN = { held: "1--", sub: 9, share: 1, upto: T };

/** @param {number} value */
const near = (value) => Math.round(value * 1000) / 1000;

test("a held run differs from its word on, and no further than the motion has come", () => {
  const view = viewOf(data(), decoded(data()), { scene: "hold", t: AT, held: "1--" }, true, { ...CHOSEN, upto: AT }, AT);
  const c = VECTORS.indexOf("c") / 100;
  assert.equal(near(view.now("c", 2)[0]), near(2 + c));
  assert.equal(near(view.now("c", AT)[1]), near(AT + c + 0.001 + 10));
  assert.equal(near(view.now("c", T)[0]), near(T + c));
  assert.equal(near(view.now("c0", AT)[0]), near(2 + c));
  assert.equal(near(view.before("c", AT)[0]), near(AT + c));
  assert.deepEqual(view.now("h0", 1), [0, 0]);
  assert.equal(view.by("f"), "1");
  assert.equal(view.by("i"), null);
});

test("before the answer a beat shows the run as computed, without what it asks for", () => {
  const runs = decoded(data());
  const hold = viewOf(data(), runs, { scene: "hold", t: AT, held: "1--" }, false, CHOSEN, AT);
  assert.equal(hold.held, false);
  const forget = viewOf(data(), runs, { scene: "forget", t: AT }, false, CHOSEN, AT);
  assert.deepEqual([2, 5, 6, 9].map(forget.has), [true, false, false, false]);
  assert.equal(viewOf(data(), runs, { scene: "forget", t: AT }, true, CHOSEN, AT).has(5), true);
  assert.equal(viewOf(data(), runs, { scene: "closed", t: T }, false, CHOSEN, T).y, null);
});

test("what a later beat asks for is not said before: the followed unit's value after the second name", () => {
  const at = (/** @type {import("../src/panels/gated/view.js").Scene} */ scene, /** @type {boolean} */ known) => viewOf(data(), decoded(data()), { scene, t: AT }, known, CHOSEN, AT);
  for (const scene of /** @type {const} */ (["closed", "line", "forget"])) {
    for (const known of [false, true]) assert.deepEqual([at(scene, known).veiled("c"), at(scene, known).veiled("c0", AT + 1), at(scene, known).veiled("c", AT - 1)], [true, true, false]);
  }
  assert.deepEqual([at("add", false).veiled("c"), at("add", true).veiled("c"), at("show", false).veiled("c")], [true, false, false]);
});

test("while a hold still runs to the end of the text there is no answer with it, and no old one in its place", () => {
  const view = (/** @type {number} */ upto) => viewOf(data(), decoded(data()), { scene: "hold", t: AT, held: "1--" }, true, { ...CHOSEN, upto }, AT);
  assert.equal(view(AT).y, null);
  assert.deepEqual(view(T).y?.map(near), [0.9, 0.1]);
  assert.deepEqual(view(AT).was.map(near), [0.2, 0.8]);
});

test("two vectors are on their way before what they make is there", () => {
  const at = (/** @type {number} */ share) => viewOf(data(), decoded(data()), { scene: "show", t: AT }, true, { ...CHOSEN, sub: 7, share }, AT).has(7);
  assert.deepEqual([at(0.3), at(0.7)], [false, true]);
});

test("gates wait for the answer; f and i are held together, and the answer says what it was", () => {
  const panel = create({ ...contextOf(["1", "2", "3", "4"], { t: AT }), mode: /** @type {const} */ ("phone") }, data());
  panel.setBeat({ scene: "hold", t: AT }, { known: false, entered: true });
  const full = /** @type {HTMLElement} */ (panel.full);
  const buttons = (/** @type {string} */ gate) => [.../** @type {NodeListOf<HTMLButtonElement>} */ (full.querySelectorAll(`.gc-hold-${gate} button`))];
  const f = () => buttons("f").slice(0, 4);
  assert.deepEqual(f().map((button) => button.getAttribute("aria-disabled")), ["true", "true", "true", "true"]);
  panel.setBeat({ scene: "hold", t: AT }, { known: true, entered: false });
  f()[3].click();
  panel.stop();
  assert.match(full.querySelector(".gc-result")?.textContent ?? "", /It names Krish, 0.90; as computed Yann, 0.80/);
  buttons("i")[1].click();
  panel.stop();
  assert.deepEqual([f()[3], buttons("i")[1]].map((button) => button.getAttribute("aria-pressed")), ["true", "true"]);
  panel.destroy();
});
