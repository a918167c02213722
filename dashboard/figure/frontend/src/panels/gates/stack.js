// What reaches back from the last word to each word, in its parts: bars that stand on each other, and what was measured.

/** @import { Rich } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */

import { fixed, number } from "../../format.js";
import { box, dot, line, path, px, text } from "../product/draw.js";
import { scaleOf } from "./layout.js";
import { PARTS } from "./view.js";

export const KINDS = { forget: "gt-f", through_h: "gt-h", later: "gt-grad" };

/**
 * Where each part begins and ends at each word: above 0 they stand on each other, below they hang.
 * @param {number[][]} parts
 */
function ends(parts) {
  const T = parts[0].length;
  const up = Array(T).fill(0);
  const down = Array(T).fill(0);
  return parts.map((part) =>
    part.map((value, k) => {
      const side = value < 0 ? down : up;
      const from = side[k];
      side[k] += value;
      return [from, side[k]];
    }),
  );
}

/**
 * The scale on which all parts of a unit have room, switched off or not.
 * @param {number[][]} parts
 * @param {number} top
 * @param {number} height
 */
export function scaleOfParts(parts, top, height) {
  const all = ends(parts).flat(2);
  return scaleOf(Math.min(0, ...all), Math.max(1, ...all), top, height);
}

/**
 * @typedef {object} Stack
 * @property {number[][]} parts three, each of T
 * @property {boolean[]} on
 * @property {number} reached the earliest word drawn
 * @property {number} top
 * @property {number} height
 * @property {number[] | null} measured
 * @property {{t: number, shares: number[]} | null} [built] a word whose parts are drawn in shares of 1
 */

/**
 * @param {Layout} at
 * @param {Stack} stack
 */
export function drawStack(at, { parts, on, reached, top, height, measured, built = null }) {
  const scale = scaleOfParts(parts, top, height);
  const shown = parts.map((part, row) => part.map((value, k) => (on[row] ? (built?.t === k + 1 ? grown(part, k, row, built.shares[row]) : value) : 0)));
  const spans = ends(shown);
  const T = parts[0].length;
  /** @type {SVGElement[]} */
  const nodes = [];
  for (const tick of scale.ticks) nodes.push(line(at.gutter, scale.y(tick), at.right, scale.y(tick), tick === 0 ? "gt-zero" : "gt-hair"), text(at.gutter - 6, scale.y(tick) + 4, number(tick, Number.isInteger(tick) ? 0 : 1), "second", "end"));
  if (reached < T && shown.flat().every((value) => value >= 0)) nodes.push(...spans.map((span, row) => area(at, span, scale.y, reached, KINDS[PARTS[row]])));
  for (let t = reached; t <= T; t++) {
    const wide = Math.max(5, Math.min(15, at.wide(t) * 0.36));
    spans.forEach((span, row) => {
      const [from, to] = span[t - 1];
      const middle = built?.t === t && row === 0 ? at.middle(t + 1) + (at.middle(t) - at.middle(t + 1)) * built.shares[0] : at.middle(t);
      if (from !== to) nodes.push(box(middle - wide / 2, scale.y(Math.max(from, to)), wide, Math.abs(scale.y(from) - scale.y(to)), KINDS[PARTS[row]]));
    });
  }
  if (measured) for (let t = reached; t <= T; t++) if (!built || built.t !== t) nodes.push(dot(at.middle(t), scale.y(measured[t - 1]), 3.6, "gt-measured"));
  if (reached > 1) nodes.push(box(at.gutter + 1, top + 1, at.left(reached) - at.gutter - 4, height - 3, "gt-covered"), text((at.gutter + at.left(reached)) / 2, top + height / 2 + 5, "?", "second", "middle"));
  return { nodes, scale, sums: Array.from({ length: T }, (_, k) => shown.reduce((sum, part) => sum + part[k], 0)), tops: spans[0].map((_, k) => Math.max(...spans.map((span) => Math.max(...span[k])))) };
}

/**
 * A part on its way: that through f alone walks from the word after, the others are laid on top.
 * @param {number[]} part
 * @param {number} k
 * @param {number} row
 * @param {number} share
 */
const grown = (part, k, row, share) => (row === 0 ? part[k + 1] + (part[k] - part[k + 1]) * share : part[k] * share);

/**
 * @param {Layout} at
 * @param {number[][]} span
 * @param {(value: number) => number} y
 * @param {number} reached
 * @param {string} kind
 */
function area(at, span, y, reached, kind) {
  const steps = span.map((_, k) => k + 1).filter((t) => t >= reached);
  const place = (/** @type {number} */ t, /** @type {number} */ end) => `${px(at.middle(t))} ${px(y(span[t - 1][end]))}`;
  return path(`M${steps.map((t) => place(t, 1)).join("L")}L${steps.toReversed().map((t) => place(t, 0)).join("L")}Z`, `gt-area ${kind}`);
}

/**
 * The sum at a word, above its bars.
 * @param {Layout} at
 * @param {ReturnType<typeof drawStack>} drawn
 * @param {number} t
 */
export const drawSum = (at, { scale, sums, tops }, t) => text(at.middle(t), scale.y(Math.max(0, tops[t - 1])) - 7, fixed(sums[t - 1], 2), "strong halo", "middle");

/**
 * What is drawn below the words, left of it.
 * @param {Layout} at
 * @param {number} top
 * @param {(Rich | string)[]} lines
 * @param {boolean} [length] whether it is the length of all units' together
 */
export function drawName(at, top, lines, length = false) {
  if (at.phone) return [];
  const symbol = [...(length ? ["‖"] : []), { math: "∂c_T" }, "/", { math: "∂c_t" }, ...(length ? ["‖"] : [])];
  return [text(0, top + 4, symbol, "gt-symbol gt-grad"), ...(length ? [...lines, "‖ ‖: length"] : lines).map((words, k) => text(0, top + 24 + 15 * k, words, "second"))];
}
