import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, packed, window } from "./page.js";
import { create } from "../src/panels/gates.js";
import { scaleOf } from "../src/panels/gates/layout.js";

/** @import { GatesData } from "../types/payload.ts" */

Object.assign(globalThis, { matchMedia: () => ({ matches: true }) }); // reduced motion: every motion is at its end at once
// Colours are the browser's: a canvas that knows none.
Object.assign(window.HTMLCanvasElement.prototype, { getContext: () => ({ fillRect() {}, getImageData: () => ({ data: [128, 128, 128, 255] }) }) });

const WORDS = ["Krish", "sat", "Yann", "of"];
const [T, H] = [4, 2];
const F = [0.9, 0.2, 0.95, 0.99, 0.1, 0.97, 0.98, 0.96];
const PARTS = [[0.0943, 0.1, 0.98, 1], [0.2041, 0.3, 0.5, 0], [0.404, -0.2, 1.2, 0]]; // of unit 0; of unit 1 ten times as much

const told = (/** @type {string} */ of) => ({ before: [`before ${of}`], said: [`said ${of}`] });

/** @returns {GatesData} */
function data() {
  const map = packed(F, [T, H]);
  const same = packed(PARTS.flatMap((part) => part.flatMap((value) => [value, 10 * value])), [3, T, H]);
  const together = packed(PARTS.flat(), [3, T]);
  const logs = packed([1, 0.5, 0.2, 0.1, 2, 1.5, 1, 0.1], [2, T]);
  return {
    kind: "gates", words: WORDS, first: 2, second: 3, names: { f: "forget gate", c: "cell state", h: "hidden state", i: "input gate", o: "output gate", g: "candidate" },
    network: { H, bias: 5, unit: 0, limit: { c: 3, h: 1, g: 1 }, maps: { f: map, c: map, h: map, i: map, o: map, g: map }, same, together, measured: packed([0.69, 6.9, 0.2, 2, 2.68, 26.8, 1, 10], [T, H]), whole: packed([1, 2, 3, 4], [T]), alone: ["0", "1", "all"].map(told), ways: ["0", "1", "all"].map(told) },
    other: { H, bias: 1, f: map, together },
    shares: [{ bias: 5, small: 2, large: 16, low: "1 %", high: "95 %", networks: [{ share: 0.5, H: 2, shown: true }, { share: 0.1, H: 16, shown: false }] }],
    bias: { values: [0, 1, 2], gates: [0.5, 0.73, 0.88], rule: [2, 3.7, 8.4], alone: [1.4, 3.1, 7.7], every: [1.6, 4, null], T: 240, H: 16, seed: 0, start: 0, open: 1, trained: [{ bias: 5, H: 4, alone: 30, every: 82 }] },
    explode: { gains: [1, 8], H, bias: 1, seed: 0, f: packed([...F, ...F], [2, T, H]), whole: logs, alone: packed([-2, -1, -0.5, 0, -1, -0.5, -0.2, 0], [2, T]) },
  };
}

/**
 * The drawing at a beat, and how to look at it.
 * @param {string} stage
 * @param {{known?: boolean, t?: number}} [state]
 */
function at(stage, { known = true, t = 3 } = {}) {
  const context = contextOf(WORDS, { t });
  const panel = create(/** @type {never} */ (context), data());
  const wrap = /** @type {HTMLElement} */ (panel.full);
  document.body.replaceChildren(wrap);
  panel.setBeat({ stage, t }, { known, entered: true });
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (wrap.querySelector(selector));
  const all = (/** @type {string} */ selector) => [...wrap.querySelectorAll(selector)];
  const values = () => all(".gt-parts[role=group] .gt-value").map((node) => node.textContent);
  const answer = () => panel.setBeat({ stage, t }, { known: true, entered: false });
  return { panel, context, wrap, find, all, values, answer };
}

/**
 * @param {HTMLElement} input
 * @param {number} value
 */
function drag(input, value) {
  /** @type {HTMLInputElement} */ (input).value = String(value);
  input.dispatchEvent(/** @type {Event} */ (/** @type {unknown} */ (new window.Event("input"))));
}

test("the second half stays covered until the question is over", () => {
  assert.equal(at("read").all(".gt-cell").length, 3 * 2 * H);
  const open = at("let", { known: false });
  assert.equal(open.all(".gt-cell").length, 3 * 2 * H);
  assert.ok(open.wrap.textContent?.includes("?"));
  open.answer();
  assert.equal(open.all(".gt-cell").length, 3 * T * H);
});

test("a low gate carries its number where there is room", () => {
  assert.deepEqual(at("let").all(".gt-on-cell").map((node) => node.textContent), [".20", ".10"]);
});

test("the cursor goes no further than the map is open", () => {
  const { find } = at("read", { t: 4 });
  assert.equal(find("input[type=range]").getAttribute("aria-valuetext"), "2, sat");
});

test("all six maps are drawn when asked for", () => {
  const { all, find } = at("let");
  find('[data-name="more"]').click();
  assert.equal(all(".gt-cell").length, 6 * T * H);
});

test("while the question is open two parts wait, and so does the way back before the second name", () => {
  const open = at("alone", { known: false });
  assert.deepEqual(open.values(), ["0.98", "?", "?", "0.98", "?"]);
  assert.equal(open.all("rect.gt-f").length, 1 + 2); // the bar in the gutter, and two words
  open.find("input[data-part=later]").click();
  assert.deepEqual(open.values(), ["0.98", "?", "?", "0.98", "?"]);
  open.answer();
  assert.equal(open.all("rect.gt-f").length, 1 + 4);
  assert.equal(open.context.cursor.t, 2); // the word that was asked about
});

test("through f alone a part is rounded by itself, and the other ways are not spoken of", () => {
  const open = at("alone", { t: 1 });
  assert.deepEqual(open.values().slice(0, 1), ["0.09"]);
  assert.deepEqual(open.all(".gt-parts .gt-part").map((row) => /** @type {HTMLElement} */ (row).hidden), [false, true, true, true, true]);
  const parts = at("read").all(".gt-parts");
  assert.ok(parts.every((part) => /** @type {HTMLElement} */ (part).hidden));
});

test("a row has the number of its unit, counted from 0", () => {
  const rows = at("read").all(".gt-row").map((node) => node.textContent);
  assert.deepEqual(rows, ["0", "1", "0", "1", "0", "1"]);
});

test("the parts add up to what nudging measured, and one switched off is missing from the sum alone", () => {
  const { values, find } = at("ways");
  assert.deepEqual(values(), ["0.98", "0.50", "1.20", "2.68", "2.68"]);
  find("input[data-part=later]").click();
  assert.deepEqual(values(), ["0.98", "0.50", "1.20", "1.48", "2.68"]);
  assert.equal(find(".gt-sum .gt-wide").textContent, "sum of what is on");
  find("input[data-part=later]").click();
  assert.equal(values()[3], "2.68");
});

test("another unit has its own parts, and all together the length", () => {
  const { values, find } = at("ways");
  find('[data-name="unit 1"]').click();
  assert.equal(values()[0], "9.80");
  find('[data-name="unit all"]').click();
  assert.deepEqual(values().slice(0, 1), ["0.98"]);
  assert.equal(values()[4], "3.00");
});

test("what stands below follows the unit that is chosen, and the question", () => {
  const { panel, find, answer } = at("ways", { known: false });
  /** @type {unknown[]} */
  const heard = [];
  panel.onSaid?.((words) => heard.push(words?.[0] ?? null));
  find('[data-name="unit all"]').click();
  answer();
  assert.equal(heard[0], "before all");
  assert.equal(heard.at(-1), "said all");
});

test("Play builds the step back from its three parts", () => {
  const { find, values } = at("ways");
  find('[aria-label="Play"]').click();
  assert.equal(values()[3], "2.68"); // with reduced motion its end at once
});

test("both networks are drawn while the question is open, and their shares wait for its end", () => {
  const open = at("two", { known: false });
  assert.equal(open.all(".gt-sum .gt-value").at(-1)?.textContent, "2.68 of 1.41");
  assert.equal(open.all(".gt-value").filter((node) => node.textContent === "?").length, 6);
  assert.ok(!open.wrap.textContent?.includes("by network"));
  open.answer();
  assert.deepEqual(open.all(".gt-value").slice(0, 3).map((node) => node.textContent), ["36.6\u202f%", "18.6\u202f%", "44.8\u202f%"]);
  assert.ok(open.wrap.textContent?.includes("2 networks: ● 2 units, ○ 16"));
});

test("the bias goes as far as is open, and shows the last one when the question is over", () => {
  const open = at("bias", { known: false });
  const slider = open.find("input[type=range]");
  drag(slider, 2);
  assert.equal(slider.getAttribute("aria-valuetext"), "1");
  assert.equal(open.all(".gt-table td")[0].textContent, "?");
  open.answer();
  assert.equal(open.find("input[type=range]").getAttribute("aria-valuetext"), "2");
  assert.deepEqual(open.all(".gt-part .gt-value").map((node) => node.textContent), ["8.4", "7.7", "over 240"]);
});

test("larger weights wait for the answer", () => {
  const open = at("explode", { known: false, t: 1 });
  open.find('[data-name="gain 1"]').click();
  assert.equal(open.find('[data-name="gain 1"]').getAttribute("aria-pressed"), "false");
  assert.deepEqual(open.all(".gt-table td").map((node) => node.textContent), ["0.010", "10", "?", "?"]);
  open.answer();
  assert.deepEqual(open.all(".gt-table td").map((node) => node.textContent), ["0.010", "10", "0.10", "100"]);
});

test("the table has what is on the screen, and ? for what is covered", () => {
  const { find, all } = at("alone", { known: false });
  const table = find(".as-table");
  /** @type {HTMLDetailsElement} */ (table).open = true;
  table.dispatchEvent(/** @type {Event} */ (/** @type {unknown} */ (new window.Event("toggle"))));
  const rows = all(".as-table tbody tr").map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent));
  assert.deepEqual(rows[0], ["Krish", "?"]);
  assert.deepEqual(rows[2], ["Yann", "0.980"]);
});

test("ticks are round and hold the whole range", () => {
  const { ticks, y } = scaleOf(-0.3, 2.75, 10, 100);
  assert.deepEqual(ticks, [-1, 0, 1, 2, 3]);
  assert.equal(y(3), 10);
  assert.equal(y(-1), 110);
});

test("the table of the forget biases has a row for each, and those that are asked about wait", () => {
  const rows = (/** @type {boolean} */ known) => {
    const { panel, all, find } = at("bias", { known });
    /** @type {HTMLDetailsElement} */ (/** @type {unknown} */ (find("details.as-table"))).open = true;
    panel.update(data());
    assert.deepEqual(panel.steps?.(), []);
    return all("table.numbers tr").map((row) => [...row.children].map((cell) => cell.textContent));
  };
  assert.deepEqual(rows(true), [["bias b", "f", "rule 1/(1 − f)", "f alone", "all three ways"], ["0", "0.500", "2.0", "1.4", "1.6"], ["1", "0.730", "3.7", "3.1", "4.0"], ["2", "0.880", "8.4", "7.7", "over 240"]]);
  assert.deepEqual(rows(false)[3], ["2", "?", "?", "?", "?"]);
});
