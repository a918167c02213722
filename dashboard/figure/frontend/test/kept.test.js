import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, packed } from "./page.js";
import { create } from "../src/panels/kept.js";

/** @import { KeptData } from "../types/payload.ts" */

Object.assign(globalThis, { matchMedia: () => ({ matches: true }) }); // reduced motion: every motion is at its end at once

const WORDS = ["Krish", "likes", "to", "eat"];

/**
 * Two units, four words, two gaps: each number tells where it comes from.
 * @returns {KeptData}
 */
function data() {
  const tally = (/** @type {number} */ hits, rate = "0.01") => ({ hits, runs: 10, low: hits / 20, high: (hits + 10) / 20, rate, start: `start ${hits}` });
  const told = (/** @type {string} */ of) => ({ before: [`before ${of}`], said: [`said ${of}`] });
  const network = (/** @type {string} */ name, /** @type {number[]} */ left) => ({ name, states: packed(Array(24).fill(0.25), [3, 4, 2], "f4"), left, low: left, high: left });
  return {
    kind: "kept", words: WORDS, others: ["Maya", "Tom"], H: 2, seed: 0, seeds: 20, limit: 0.5, printed: [1, 0.8, 0.6, 0.4],
    networks: [network("RNN", [1, 0.5, 0.25, 0.125]), network("LSTM", [1, 0.9, 0.8, 0.7])],
    split: { factors: [[0.5, 1, 1], [0.5, 1, 1], [0.25, 2, 1]], whole: [0.0625, 2, 1], together: 0.125, parts: ["133 %", "−33 %", "0 %"] },
    names: ["RNN fresh", "LSTM fresh", "RNN trained", "LSTM trained"], asked: 2, floor: -9,
    nudges: [{ gap: 0, words: ["in", "France"], sizes: packed([-1, -2, -3, -4, -5, -6, -7, -8], [4, 2], "f4"), told: told("0") }, { gap: 8, words: ["in", "France", "a", "b", "c"], sizes: packed(Array(20).fill(-3), [4, 5], "f4"), told: told("8") }],
    gaps: [20, 50],
    pairs: [{ title: "The usual starts", cells: [[tally(7), tally(4)], [tally(9), tally(1)]] }, { title: "Best against best", cells: [[tally(8), tally(6)], [tally(5), tally(3)]] }],
    rates: ["0.001", "0.01"],
    starts: [{ cell: "RNN", title: "plain", plain: ["small"], best: [tally(7), tally(4)], at: [[tally(2), tally(1)], [tally(3), tally(0)]] }, { cell: "LSTM", title: "forget bias 0", plain: ["half open"], best: [tally(5), tally(6)], at: [[tally(0), tally(0)], [tally(1), tally(0)]] }],
    spread: [told("best"), told("0.001"), told("0.01")],
  };
}

/**
 * A panel at a beat, and how to look at it.
 * @param {object} show
 * @param {{known?: boolean, t?: number}} [state]
 */
function at(show, { known = true, t = 1 } = {}) {
  const context = contextOf(["1", "2", "3", "4", "5"], { t });
  const panel = create(/** @type {never} */ (context), data());
  const wrap = /** @type {HTMLElement} */ (panel.full);
  document.body.replaceChildren(wrap);
  panel.setBeat(/** @type {never} */ (show), { known, entered: true });
  const label = () => wrap.querySelector(".kp-plot > *")?.getAttribute("aria-label") ?? "";
  const press = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (wrap.querySelector(selector)).click();
  return { panel, context, wrap, label, press };
}

const SWAP = { stage: "swap", t: 2, walked: 2, until: 4 };

test("words wait until the question is answered, and then are read", () => {
  const { panel, label, press, wrap, context } = at(SWAP, { known: false });
  assert.match(label(), /after “likes”: RNN 50\u202f%, LSTM 90\u202f%; 2 later words not read yet/);
  const stop = /** @type {HTMLElement} */ (wrap.querySelector('[aria-label="Read up to word 4, “eat”"]'));
  assert.equal(stop.getAttribute("aria-disabled"), "true");
  press('[aria-label="Read up to word 4, “eat”"]');
  assert.match(label(), /after “likes”/);
  assert.doesNotMatch(wrap.textContent ?? "", /13\u202f%/);
  panel.setBeat(/** @type {never} */ (SWAP), { known: true, entered: false });
  assert.match(label(), /after “eat”: RNN 13\u202f%, LSTM 70\u202f%$/);
  assert.equal(context.cursor.t, 4);
});

test("asked again, the later words are covered as before", () => {
  const { panel, label } = at(SWAP);
  assert.match(label(), /after “eat”/);
  panel.setBeat(/** @type {never} */ (SWAP), { known: false, entered: true });
  assert.match(label(), /after “likes”/);
});

test("the chapter's bars come with the second beat", () => {
  assert.equal(at(SWAP).wrap.querySelectorAll(".kp-plot .kp-printed").length, 0);
  assert.equal(at({ ...SWAP, stage: "left" }).wrap.querySelectorAll(".kp-plot .kp-printed").length, 4);
});

test("another name is put in, and the numbers stay the mean over all", () => {
  const { label, press } = at(SWAP);
  press('[aria-label="Instead of Krish"] [data-value="1"]');
  assert.match(label(), /with Krish and with Tom.*RNN 13\u202f%/);
});

test("the cursor goes no further than the words read", () => {
  const { panel, context, label } = at(SWAP, { known: false });
  context.setStep(5);
  panel.setCursor(context.cursor);
  assert.equal(context.cursor.t, 2); // the next press of a key begins at the last word read
  assert.match(label(), /after “likes”/);
});

test("a beat's steps are its own words, and none where nothing stands at a word", () => {
  assert.deepEqual(at(SWAP).panel.steps?.(), WORDS);
  assert.deepEqual(at({ stage: "nudge", t: 2, gap: 8 }).panel.steps?.(), ["in", "France", "a", "b", "c"]);
  assert.deepEqual(at({ stage: "gaps" }).panel.steps?.(), []);
});

test("on a phone the key follows the question, apart from the drawing", () => {
  const context = Object.assign(contextOf(WORDS), { mode: "phone" });
  const panel = create(/** @type {never} */ (context), data());
  panel.setBeat(/** @type {never} */ (SWAP), { known: true, entered: true });
  assert.equal(panel.full?.querySelector(".kp-key"), null);
  assert.match(panel.below?.textContent ?? "", /How to read this.*Left of “Krish”/);
  assert.equal(at(SWAP).panel.below, undefined);
});

test("what takes the difference is hidden until it was asked", () => {
  const show = { stage: "split", t: 4, walked: 4, until: 4 };
  const closed = at(show, { known: false, t: 4 });
  assert.doesNotMatch(closed.wrap.textContent ?? "", /133|0\.063/);
  assert.match(closed.label(), /not shown yet/);
  const { label, wrap } = at(show, { t: 4 });
  assert.match(label(), /At “eat”: mixed × 0\.25, squashed × 2\.00, shifted × 1\.00; 13\u202f% left/);
  assert.match(wrap.textContent ?? "", /133 %/);
});

test("the trained RNN's row waits for the answer; other distances and words can be looked at", () => {
  const show = { stage: "nudge", t: 2, gap: 0 };
  const closed = at(show, { known: false, t: 2 });
  assert.match(closed.label(), /“France”, word 2 of 2.*RNN trained not shown yet, LSTM trained 1\.0\s×\s10⁻⁸/);
  assert.doesNotMatch(closed.wrap.textContent ?? "", /10⁻⁶/);
  const { label, press, context } = at(show, { t: 2 });
  assert.match(label(), /RNN trained 1\.0\s×\s10⁻⁶/);
  press('[aria-label="Words in between"] [data-value="8"]');
  assert.match(label(), /“France”, word 2 of 5/);
  assert.equal(context.cursor.t, 2);
});

test("the best pair and the longer gaps are not run for a guess: they stand as ?", () => {
  const closed = at({ stage: "gaps" }, { known: false });
  assert.match(closed.wrap.textContent ?? "", /7 of 10/);
  assert.doesNotMatch(closed.wrap.textContent ?? "", /[8653] of 10/);
  const { wrap } = at({ stage: "gaps" });
  assert.match(wrap.textContent ?? "", /6 of 10/);
  assert.match(wrap.textContent ?? "", /start 3 \(rate 0\.01\)/);
  const starts = at({ stage: "starts" }, { known: false });
  assert.deepEqual([...starts.wrap.querySelectorAll(".kp-starts b")].map((node) => node.textContent), ["7", "5"]);
  assert.equal(starts.wrap.querySelectorAll(".kp-starts .unknown").length, 2);
});

test("one rate for all shows every start at that rate", () => {
  const { wrap, press } = at({ stage: "starts" });
  const hits = () => [...wrap.querySelectorAll(".kp-starts b")].map((node) => node.textContent);
  assert.deepEqual(hits(), ["7", "4", "5", "6"]);
  press('[aria-label="Learning rate"] [data-value="1"]');
  assert.deepEqual(hits(), ["3", "0", "1", "0"]);
  assert.match(wrap.textContent ?? "", /Every start at 0\.01/);
});
