// What stands beside the drawing: how to read it, and the numbers of the chosen word.

/** @import { KeptData, Rich } from "../../../types/payload.ts" */
/** @import { Decoded } from "../../../types/figure.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { element, svg } from "../../dom.js";
import { power, powerOfTen, significant } from "../../format.js";
import { rich } from "../../rich.js";
import { text } from "../product/draw.js";
import { createNames } from "./bar.js";
import { TOP, shade, sizeAt } from "./nudges.js";
import { PARTS } from "./split.js";
import { cell, percent } from "./states.js";

const STEPS = 12; // of a colour scale

/**
 * @param {KeptData} data
 * @param {(change: Partial<import("./view.js").Chosen>) => void} choose
 */
export function createKey(data, choose) {
  const node = element("div", "kp-key");
  const names = createNames(data, choose); // on a phone, where the bar has no room for them

  /**
   * @param {Layout} at
   * @param {View} view
   * @param {Decoded} sizes
   */
  function set(at, view, sizes) {
    names.mark(view.chosen.other);
    const parts = { swap: () => states(at, view, data), left: () => states(at, view, data), split: () => split(view, data), nudge: () => nudges(view, data, sizes), gaps: () => gaps(view, data), starts: () => starts(view, data) }[view.stage]();
    if (at.phone && (view.stage === "swap" || view.stage === "left")) parts.splice(1, 0, names.node, note([`The name changes the fields alone: the bars are the mean of all ${data.others.length}.`]));
    node.replaceChildren(...parts);
  }

  return { node, set };
}

/**
 * @param {string} title
 * @param {...(Node | string)} content
 */
const section = (title, ...content) => element("div", "kp-section", element("strong", "kp-head", title), ...content);

/**
 * @param {Rich} words
 */
const note = (words) => element("p", "kp-note", rich(words));

/**
 * Rows of a name, with its mark, and its values.
 * @param {string} title
 * @param {[mark: string, name: Rich, ...values: string[]][]} rows
 * @param {string[]} [heads]
 */
function table(title, rows, heads) {
  const lines = rows.map(([mark, name, ...values]) => {
    const head = element("th", "", element("i", mark ? `kp-mark ${mark}` : "kp-mark none"), rich(name));
    head.scope = "row";
    return element("tr", "", head, ...values.map((value) => element("td", value === "?" ? "unknown" : "", value)));
  });
  const top = element("tr", "kp-table-head", element("th", "", title), ...(heads ?? rows[0].slice(2).map(() => "")).map((head) => element(head ? "th" : "td", "", head)));
  return element("table", "kp-table", element("tbody", "", top, ...lines));
}

/**
 * @param {(share: number) => string} style
 * @param {string[]} ends
 */
function scale(style, ends) {
  const cells = Array.from({ length: STEPS }, (_, k) => {
    const part = element("span", "");
    part.setAttribute("style", style(k / (STEPS - 1)));
    return part;
  });
  const node = element("div", "kp-scale", element("div", "kp-ramp", ...cells), element("div", "kp-ends", ...ends.map((end) => element("span", "", end))));
  node.setAttribute("aria-hidden", "true");
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 */
function states(at, view, data) {
  const t = Math.max(1, Math.min(view.t, Math.floor(view.reached)));
  const printed = view.stage === "left";
  /** @type {[string, Rich, ...string[]][]} */
  const rows = printed ? [["kp-printed", ["the chapter’s drawing"], percent(data.printed[t - 1])]] : [];
  data.networks.forEach(({ name, left }, k) => rows.push([k ? "kp-filled" : "kp-hollow", [`${name}, measured`], percent(left[t - 1])]));
  const usual = data.networks.map(({ name, low, high }) => /** @type {[string, Rich, string]} */ (["", [name], `${percent(low[t - 1])} to ${percent(high[t - 1])}`]));
  const values = element("div", "kp-section", table(`Left of “Krish” at “${data.words[t - 1]}”`, rows), table(`Least and most of ${data.seeds} random draws`, usual));
  values.setAttribute("role", "status");
  const picture = svg("svg", { width: 62, height: 66, class: "pr-svg", "aria-hidden": "true" });
  [[0.9, -0.4, 0.2, -1], [0.1, -0.9, 0.5, 0.4], [0.8, 0.5, -0.3, -1.4]].forEach((column, k) => column.forEach((value, row) => picture.append(cell(k * 18 + (k === 2 ? 8 : 0), row * 16, 16, 14, value))));
  const names = element("div", "", "with “Krish”,", element("br", ""), `with “${data.others[view.chosen.other]}”,`, element("br", ""), element("strong", "", "and the difference"));
  const signed = scale((share) => `background: color-mix(in oklab, var(--u-${share < 0.5 ? "neg" : "pos"}) ${Math.round(Math.abs(2 * share - 1) * 100)}%, var(--u-zero))`, [`−${data.limit}`, "0", `+${data.limit} and beyond`]);
  const legend = element("div", "kp-legend", picture, names);
  const reading = section("How to read this", legend, signed, ...(at.phone ? [] : [note([`One field is one unit. Bars: length of the difference, as a part of its length at word 1. Two fresh networks, seed ${data.seed}.`])]));
  return [values, reading].reverse();
}

/**
 * @param {View} view
 * @param {KeptData} data
 */
function split(view, data) {
  const { whole, parts, together, factors } = data.split;
  const known = (/** @type {string} */ value) => (view.known ? value : "?");
  const names = /** @type {Rich[]} */ ([["mixed by ", { math: "W_h" }], ["squashed by tanh"], ["shifted"]]);
  const rows = PARTS.map(([, mark], k) => /** @type {[string, Rich, string, string]} */ ([mark, names[k], known(significant(whole[k], 2)), known(parts[k])]));
  const all = table(`All ${factors.length} words`, [...rows, ["", ["together"], significant(together, 2), ""]], ["factor", "of the fall (log)"]);
  const here = view.known && view.t > 1 ? [table(`At “${data.words[view.t - 1]}”`, PARTS.map(([, mark], k) => [mark, names[k], significant(factors[view.t - 2][k], 2)]))] : [];
  const values = element("div", "kp-section", all, ...here);
  values.setAttribute("role", "status");
  return [section("How to read this", note(["Each word has three bars, one after the other; down is lost, up is won. On the log axis equal factors are equally long. The number is the factor of mixing."])), values, ...(here.length ? [] : [note(["Squashed: the slope that tanh would have without the new word. Shifted: what the new word changes of that slope; it is added alike to both readings, and acts in no other way."])])];
}

/**
 * @param {View} view
 * @param {KeptData} data
 * @param {Decoded} sizes
 */
function nudges(view, data, sizes) {
  const rows = data.names.map((name, n) => /** @type {[string, Rich, string]} */ (["", [name.replace(" ", ", ")], n === 2 && !view.known ? "?" : powerOfTen(sizeAt(sizes, n, view.t), 2)]));
  const values = element("div", "kp-section", table(`A nudge of “${view.words[view.t - 1]}”`, rows));
  values.setAttribute("role", "status");
  const ramp = scale((share) => shade(data.floor + share * (TOP - data.floor), data.floor).replace("fill", "background"), [`${power(data.floor)} and less`, "1 and more"]);
  return [section("How to read this", note(["How far the answer’s sums ", { math: "z" }, " move (softmax then makes them chances) if a word is nudged: the size of ", { math: "∂z/∂x_t" }, ". One log scale."]), ramp), values, note(["Fresh: random word vectors. Trained: the RNN’s ", { math: "W_h" }, " began as a rotation, the LSTM’s forget gates at σ(1) = 0.73. Near 1 they keep, near 0 they let go (lesson 5)."])];
}

/**
 * @param {View} view
 * @param {KeptData} data
 */
function gaps(view, data) {
  const last = data.gaps.length - 1;
  const rows = data.pairs[1].cells.map((tallies, k) => {
    const { hits, runs, start } = tallies[last];
    return /** @type {[string, Rich, string]} */ ([k ? "kp-filled round" : "kp-hollow round", [k ? "LSTM" : "RNN", view.known ? `: ${start}` : ": start and rate ?"], view.known ? `${hits} of ${runs}` : "?"]);
  });
  const values = element("div", "kp-section", table(`The best at gap ${data.gaps[last]}`, rows));
  const picture = svg("svg", { width: 190, height: 18, class: "pr-svg", "aria-hidden": "true" });
  for (const [k, name] of ["RNN", "LSTM"].entries()) {
    const x = 95 * k;
    picture.append(svg("path", { d: `M${x} 9h36`, class: k ? "kp-line" : "kp-line dashed" }), svg("circle", { cx: x + 18, cy: 9, r: 5, class: k ? "kp-dot" : "kp-dot hollow" }), text(x + 44, 13, name));
  }
  const named = data.pairs[1].cells.flatMap((tallies, k) => [`${k ? "; " : ""}${tallies[last].start} (rate ${tallies[last].rate}): `, ...(data.starts.find(({ title }) => title === tallies[last].start)?.plain ?? [])]);
  return [section("How to read this", picture, note(["Runs of 10 that answer 99 % of fresh sequences right within 1,200 steps. Upright lines, 95 % intervals: where the true share may lie. A step: 32 sequences, Adam (a common rule for updates), gradients clipped at 1. A forget gate near 1 keeps, near 0 lets go."])), values, note([...(view.known ? [...named, ". "] : []), "Start and rate are chosen for each gap apart, on ten seeds; shown are ten others. So a line may rise with the gap."])];
}

/**
 * @param {View} view
 * @param {KeptData} data
 */
function starts(view, data) {
  const best = view.chosen.rate < 0;
  const rows = ["RNN", "LSTM"].map((name, k) => {
    const hits = data.starts.filter((start) => start.cell === name).map((start) => (best ? start.best : start.at[view.chosen.rate])[1].hits);
    return /** @type {[string, Rich, string]} */ ([k ? "kp-filled" : "kp-hollow", [name], view.known ? `${Math.min(...hits)} to ${Math.max(...hits)}` : "?"]);
  });
  const values = element("div", "kp-section", table(`Worst to best start, gap ${data.gaps[1]}`, rows));
  values.setAttribute("role", "status");
  const seeds = best ? `Each start at the best of ${data.rates.length} learning rates, chosen on ten seeds; shown are ten others.` : `Every start at ${data.rates[view.chosen.rate]}, on the ten seeds that the best rates were chosen on; this rate may suit one start better.`;
  return [section("How to read this", note(["A bar: how many of ten runs solve it; the line under it, the 95 % interval: where the true share may lie. RNN hollow, LSTM filled. ReLU: max(0, ", { math: "a" }, ") in tanh’s place."])), values, note([seeds])];
}
