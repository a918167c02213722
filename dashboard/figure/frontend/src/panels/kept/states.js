// The states with one name and with another, their difference, and what is left of it as bars.

/** @import { KeptData } from "../../../types/payload.ts" */
/** @import { Decoded } from "../../../types/figure.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { decode } from "../../decode.js";
import { svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { box, line, path, px, text } from "../product/draw.js";
import { columnsOf } from "./layout.js";

const HEAD = 32; // px of the words
const BETWEEN = 12;
const ABOVE = 26; // px above the bars
const BELOW = 6;

/**
 * A share in two digits, as per cent.
 * @param {number} share
 */
export const percent = (share) => `${share >= 0.0995 ? Math.round(100 * share) : Number((100 * share).toPrecision(2))}\u202f%`;

/** @param {KeptData} data */
export function createStates(data) {
  /** @type {Decoded[]} */
  const states = data.networks.map(({ states: packed }) => decode(packed));
  /** @type {Map<string, SVGElement>} */
  const made = new Map(); // strips stand as they are while the rest of the drawing moves
  const { H, limit } = data;

  /**
   * @param {number} network
   * @param {number} who
   * @param {number} t
   */
  function row(network, who, t) {
    const { values, shape } = states[network];
    const from = (who * shape[1] + t - 1) * H;
    return Array.from(values.subarray(from, from + H));
  }

  /**
   * Three strips of one word: with the first name, with another, and the difference.
   * @param {number} network
   * @param {number} other
   * @param {number} t
   * @param {number} unit px of a unit
   * @param {number} column px
   */
  function strips(network, other, t, unit, column) {
    const name = `${network} ${other} ${t} ${unit} ${column}`;
    const known = made.get(name);
    if (known) return known;
    const one = row(network, 0, t);
    const two = row(network, other + 1, t);
    const width = px(Math.min(17, (column - 8) / 3.5));
    const node = svg("g", {});
    [one, two, one.map((value, k) => value - two[k])].forEach((values, k) => {
      const x = (k - 1.5) * width + (k === 2 ? width * 0.36 : k === 0 ? -width * 0.08 : 0);
      values.forEach((value, h) => node.append(cell(x, h * unit, width - 1, unit - 0.6, value / limit)));
    });
    made.set(name, node);
    return node;
  }

  return { strips };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} share of the limit, signed
 */
export function cell(x, y, width, height, share) {
  const node = box(x, y, width, height, "");
  const strength = Math.round(100 * Math.min(1, Math.abs(share)));
  node.setAttribute("style", `fill: color-mix(in oklab, var(--u-${share < 0 ? "neg" : "pos"}) ${strength}%, var(--u-zero))`);
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 * @param {ReturnType<typeof createStates>} states
 */
export function drawStates(at, view, data, states) {
  const T = data.words.length;
  const { column, left, middle } = columnsOf(at, T);
  const strip = data.H * at.unit;
  const tops = data.networks.map((_, k) => HEAD + 4 + k * (strip + BETWEEN));
  const top = tops[tops.length - 1] + strip + ABOVE;
  const height = top + at.bars;
  const whole = Math.floor(view.reached);
  const held = view.stage === "swap" && view.known && view.reached >= view.open; // Play goes no further here
  const share = view.reached - whole; // of the word that is on its way
  const node = svg("svg", { width: at.whole, height: height + BELOW, class: "pr-svg", role: "img", "aria-label": spoken(view, data) });
  node.append(...slot(left(view.t), column, height), ...head(at, data.words, view.t, view.reached));
  data.networks.forEach(({ name }, k) => {
    node.append(...networkName(at, name, data.H, tops[k], strip));
    for (let t = 1; t <= whole; t++) node.append(moved(states.strips(k, view.chosen.other, t, at.unit, column), middle(t), tops[k]));
    if (share > 0) node.append(moved(states.strips(k, view.chosen.other, whole + 1, at.unit, column), middle(whole) + share * column, tops[k], share));
    if (view.reached < T) {
      const from = left(Math.ceil(view.reached) + 1) + 2;
      if (from < at.whole - 4) node.append(box(from, tops[k], at.whole - from - 1, strip, "pr-unknown", 3), text((from + at.whole) / 2, tops[k] + strip / 2 + 5, "?", "second", "middle"));
      if (from < at.whole - 4 && held) node.append(text((from + at.whole) / 2, tops[k] + strip / 2 + 23, "in the next beat", "second", "middle"));
    }
  });
  const y = (/** @type {number} */ value) => top + (1 - Math.min(1, value)) * at.bars;
  for (const value of [1, 0.5, 0]) {
    node.append(line(at.gutter, y(value), at.whole, y(value), value ? "pr-hair" : "pr-axis"));
    node.append(text(at.gutter - 5, y(value) + 4, percent(value), "second", "end"));
  }
  if (!at.phone) node.append(text(0, y(1) + 4, "still left", ""), text(0, y(1) + 22, "of “Krish”", "second"));
  node.append(...bars(at, view, data, middle, column, y));
  if (share > 0) for (const [k, { left: values }] of data.networks.entries()) node.append(...factor(values[whole] / values[whole - 1], left(whole + 1) + (share - 0.5) * 0.6 * column, tops[k] + strip / 2));
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 * @param {(t: number) => number} middle
 * @param {number} column
 * @param {(share: number) => number} y
 */
function bars(at, view, data, middle, column, y) {
  const printed = view.stage !== "swap";
  const width = px(Math.min(21, (column - 10) / (printed ? 3.4 : 2.6)));
  const pitch = width * 1.14;
  const from = printed ? -1.5 : -1;
  /** @type {SVGElement[]} */
  const nodes = [];
  data.words.forEach((_, k) => {
    const t = k + 1;
    const x = (/** @type {number} */ place) => middle(t) + (from + place) * pitch + (pitch - width) / 2;
    if (printed) nodes.push(...bar(x(0), width, y, data.printed[k], "kp-printed", at.phone ? "" : `${Math.round(100 * data.printed[k])}`));
    if (t > Math.ceil(view.reached)) {
      nodes.push(box(x(printed ? 1 : 0), y(0.45), pitch * 2, y(0) - y(0.45), "pr-unknown", 2), text(x(printed ? 1 : 0) + pitch, y(0.18), "?", "second", "middle"));
      return;
    }
    data.networks.forEach(({ left }, n) => {
      const coming = t > view.reached ? (1 - (1 - (view.reached % 1)) ** 2) : 1; // it falls to its height
      const height = left[k] + (1 - coming) * ((left[k - 1] ?? 1) - left[k]);
      nodes.push(...bar(x(n + (printed ? 1 : 0)), width, y, height, n ? "kp-filled" : "kp-hollow", coming < 1 || (at.phone && printed && t !== Math.floor(view.t)) ? "" : (at.phone ? String(Math.round(100 * left[k])) : percent(left[k]).replace("\u202f%", "")), true));
    });
  });
  return nodes;
}

/**
 * @param {number} x
 * @param {number} width
 * @param {(share: number) => number} y
 * @param {number} share
 * @param {string} kind
 * @param {string} label
 * @param {boolean} [strong]
 */
function bar(x, width, y, share, kind, label, strong = false) {
  const inset = kind === "kp-filled" ? 0 : 0.75;
  /** @type {SVGElement[]} */
  const nodes = [box(x + inset, y(share) + inset, width - 2 * inset, y(0) - y(share) - inset, kind)];
  if (label && share < 0.995) nodes.push(text(x + width / 2, y(share) - 4, label, strong ? "strong halo" : "second halo", "middle"));
  return nodes;
}

/**
 * @param {number} value
 * @param {number} x
 * @param {number} y
 */
export function factor(value, x, y) {
  return [box(x - 27, y - 12, 54, 24, "pr-pill", 12), text(x, y + 4, `× ${fixed(value, 2)}`, "on-pill", "middle")];
}

/**
 * @param {SVGElement} node
 * @param {number} x
 * @param {number} y
 * @param {number} [opacity]
 */
function moved(node, x, y, opacity = 1) {
  node.setAttribute("transform", `translate(${px(x)} ${px(y)})`);
  node.setAttribute("opacity", String(opacity));
  return node;
}

/**
 * The chosen word's column.
 * @param {number} x
 * @param {number} column
 * @param {number} height
 */
export const slot = (x, column, height) => [box(x, 26, column, height - 26, "pr-slot"), line(x, 26, x, height, "pr-slot-edge"), line(x + column, 26, x + column, height, "pr-slot-edge")];

/**
 * The words above their columns; the chosen one under its pill, later ones pale.
 * @param {Layout} at
 * @param {string[]} words
 * @param {number} t
 * @param {number} reached
 */
export function head(at, words, t, reached) {
  const { column, left, middle } = columnsOf(at, words.length);
  return words.flatMap((word, k) => {
    const here = k + 1 === t;
    const name = text(middle(k + 1), 18, word, here ? "kp-word on-pill" : k + 1 > Math.ceil(reached) ? "kp-word later" : "kp-word", "middle");
    return here ? [path(pill(left(t), column), "pr-pill"), name] : [name];
  });
}

/**
 * @param {number} x
 * @param {number} width
 */
const pill = (x, width) => `M${px(x)} 26v-20a4 4 0 0 1 4 -4h${px(width - 8)}a4 4 0 0 1 4 4v20z`;

/**
 * @param {Layout} at
 * @param {string} name
 * @param {number} H
 * @param {number} top
 * @param {number} strip
 */
function networkName(at, name, H, top, strip) {
  if (!at.phone) return [text(0, top + 16, [{ math: "h_t" }, `  ${name}`], "kp-name"), text(0, top + 34, `${H} units`, "second")];
  const node = text(0, 0, name, "strong", "middle");
  node.setAttribute("transform", `translate(12 ${px(top + strip / 2)}) rotate(-90)`);
  return [node];
}

/**
 * @param {View} view
 * @param {KeptData} data
 */
function spoken(view, data) {
  const t = Math.floor(view.reached);
  const told = data.networks.map(({ name, left }) => `${name} ${percent(left[t - 1])}`).join(", ");
  const later = t < data.words.length ? `; ${data.words.length - t} later words not read yet` : "";
  return `States with Krish and with ${data.others[view.chosen.other]}, and their difference; left of it after “${data.words[t - 1]}”: ${told}${later}`;
}
