// How far the answer moves with each word, in four networks: shades on one absolute log scale. On a phone it is turned.

/** @import { KeptData } from "../../../types/payload.ts" */
/** @import { Decoded } from "../../../types/figure.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { svg } from "../../dom.js";
import { powerOfTen } from "../../format.js";
import { box, line, text } from "../product/draw.js";

const LETTER = 7.2; // px
const MOST_NAMED = 19; // words that have room for their names
const ROW = 40;
const PITCH = 68;
const HEAD = 40;
const COVERED = 2; // the row that waits for the answer
export const TOP = 0.6; // log₁₀ of the darkest shade

/**
 * @param {number} log10
 * @param {number} floor
 */
export const shade = (log10, floor) => `fill: color-mix(in oklab, var(--u-grad) ${Math.round(4 + 96 * Math.min(1, Math.max(0, (log10 - floor) / (TOP - floor))))}%, var(--u-page))`;

/**
 * @param {Decoded} sizes
 * @param {number} network
 * @param {number} t
 */
export const sizeAt = ({ values, shape }, network, t) => values[network * shape[1] + t - 1];

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 * @param {Decoded} sizes
 */
export function drawNudges(at, view, data, sizes) {
  return at.phone ? turned(at, view, data, sizes) : across(at, view, data, sizes);
}

/**
 * Where the words stand: as wide as they are written, or all alike where there are many.
 * @param {Layout} at
 * @param {string[]} words
 */
export function places(at, words) {
  const named = words.length <= MOST_NAMED;
  const wide = words.map((word) => (named ? Math.max(12, word.length * LETTER + 8) : 1));
  const scale = at.plot / wide.reduce((sum, width) => sum + width, 0);
  let x = at.gutter;
  const columns = wide.map((width) => {
    const column = { x, width: width * scale };
    x += width * scale;
    return column;
  });
  return { named, columns };
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 * @param {Decoded} sizes
 */
function across(at, view, data, sizes) {
  const { named, columns } = places(at, view.words);
  const height = HEAD + 4 * PITCH;
  const node = svg("svg", { width: at.whole, height: height + 8, class: "pr-svg kp-press", role: "img", "aria-label": spoken(view, data, sizes) });
  const chosen = columns[view.t - 1];
  const [from, to] = [chosen.x, chosen.x + chosen.width];
  node.append(box(from, 26, to - from, height - 34, "pr-slot"));
  data.names.forEach((name, n) => {
    const y = HEAD + n * PITCH;
    const [cell, weights] = name.split(" ");
    node.append(text(0, y + 18, cell, "kp-name"), text(0, y + 35, weights, "second"));
    if (n === COVERED && !view.known) return node.append(box(at.gutter, y, at.plot - 2, ROW, "pr-unknown", 3), text(at.gutter + at.plot / 2, y + ROW / 2 + 5, "?", "second", "middle"));
    columns.forEach(({ x, width }, k) => {
      const cell_ = box(x + 0.5, y, Math.max(2, width - 2), ROW, "kp-shade", 2);
      cell_.setAttribute("style", shade(sizeAt(sizes, n, k + 1), data.floor));
      node.append(cell_);
    });
  });
  node.append(line(from, 26, from, height - 8, "pr-slot-edge"), line(to, 26, to, height - 8, "pr-slot-edge"));
  const word = view.words[view.t - 1];
  const half = Math.max(to - from, word.length * LETTER + 14) / 2;
  const middle = Math.min(Math.max((from + to) / 2, at.gutter + half), at.whole - half);
  columns.forEach(({ x, width }, k) => named && k + 1 !== view.t && node.append(text(x + width / 2, 18, view.words[k], "kp-word", "middle")));
  if (!named) for (const k of [4, columns.length - 1]) if (Math.abs(columns[k].x - middle) > half + 24) node.append(text(Math.min(columns[k].x + columns[k].width / 2, at.whole - 18), 18, view.words[k], "kp-word", "middle"));
  node.append(box(middle - half, 2, 2 * half, 24, "pr-pill", 4), text(middle, 18, word, "kp-word on-pill", "middle"));
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 * @param {Decoded} sizes
 */
function turned(at, view, data, sizes) {
  const row = rowOf(view.words.length);
  const gutter = 76;
  const column = (at.whole - gutter) / 4;
  const height = 46 + row * view.words.length;
  const node = svg("svg", { width: at.whole, height: height + 6, class: "pr-svg kp-press", role: "img", "aria-label": spoken(view, data, sizes) });
  data.names.forEach((name, n) => {
    const x = gutter + n * column;
    const [cell, weights] = name.split(" ");
    node.append(text(x + column / 2, 14, cell, "strong", "middle"), text(x + column / 2, 32, weights, "second", "middle"));
    if (n === COVERED && !view.known) return node.append(box(x + 1, 42, column - 4, row * view.words.length, "pr-unknown", 3), text(x + column / 2, 42 + (row * view.words.length) / 2, "?", "second", "middle"));
    view.words.forEach((_, k) => {
      const shaded = box(x + 1, 42 + k * row, column - 4, row - (row > 8 ? 2 : 0.5), "kp-shade", 1);
      shaded.setAttribute("style", shade(sizeAt(sizes, n, k + 1), data.floor));
      node.append(shaded);
    });
  });
  view.words.forEach((word, k) => {
    if (k + 1 !== view.t && row >= 15) node.append(text(2, 42 + (k + 0.5) * row + 4, word, "kp-word"));
  });
  const y = 42 + (view.t - 0.5) * row;
  node.append(box(0, y - Math.max(9, row / 2), gutter - 6, Math.max(18, row), "pr-pill", 4), text(4, y + 4, view.words[view.t - 1], "kp-word on-pill"), box(gutter - 2, 41 + (view.t - 1) * row, at.whole - gutter + 1, row, "kp-frame", 3));
  return node;
}

/** @param {number} count */
const rowOf = (count) => Math.min(20, 348 / count);

/**
 * The word under a place of the drawing.
 * @param {Layout} at
 * @param {string[]} words
 * @param {number} x
 * @param {number} y
 */
export function wordUnder(at, words, x, y) {
  if (at.phone) return Math.floor((y - 42) / rowOf(words.length)) + 1;
  const { columns } = places(at, words);
  const found = columns.findIndex((column) => x < column.x + column.width);
  return found < 0 ? words.length : found + 1;
}

/**
 * @param {View} view
 * @param {KeptData} data
 * @param {Decoded} sizes
 */
function spoken(view, data, sizes) {
  const told = data.names.map((name, n) => `${name} ${n === COVERED && !view.known ? "not shown yet" : powerOfTen(sizeAt(sizes, n, view.t), 2)}`);
  return `How far a nudge of “${view.words[view.t - 1]}”, word ${view.t} of ${view.words.length}, moves the answer: ${told.join(", ")}`;
}
