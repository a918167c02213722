// What each word takes of the difference, in three parts: falls on a log axis, in which equal factors are equal drops.

/** @import { KeptData } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { box, line, text } from "../product/draw.js";
import { columnsOf } from "./layout.js";
import { head, percent, slot } from "./states.js";

const TICKS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const HEAD = 40;
export const PARTS = /** @type {const} */ ([["mixed", "kp-filled"], ["squashed", "kp-grey"], ["shifted", "kp-hollow"]]);

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 */
export function drawSplit(at, view, data) {
  const { factors } = data.split;
  const { left } = data.networks[0];
  const T = data.words.length;
  const { column, left: edge } = columnsOf(at, T);
  const height = at.phone ? 290 : 340;
  const bottom = Math.log(TICKS.find((tick) => tick < 0.9 * Math.min(...left)) ?? 0.01);
  const y = (/** @type {number} */ share) => HEAD + 6 + (Math.log(share) / bottom) * (height - HEAD - 6);
  const node = svg("svg", { width: at.whole, height: height + 8, class: "pr-svg", role: "img", "aria-label": spoken(view, data) });
  node.append(...slot(edge(view.t), column, height), ...head(at, data.words, view.t, view.reached));
  for (const tick of TICKS.filter((value) => Math.log(value) >= bottom - 1e-9)) node.append(line(at.gutter, y(tick), at.whole, y(tick), "pr-hair"), text(at.gutter - 5, y(tick) + 4, percent(tick), "second", "end"));
  if (!at.phone) node.append(text(0, y(1) + 4, "RNN", "kp-name"), text(0, y(1) + 26, "still left", ""), text(0, y(1) + 44, "log scale", "second"));
  const width = (column - 6) / 3;
  node.append(line(edge(1) + column * 0.3, y(1), edge(2), y(1), "kp-level"));
  for (let t = 2; t <= Math.floor(view.reached); t++) {
    const [before, after] = [left[t - 2], left[t - 1]];
    const x = edge(t) + 3;
    if (!view.known) {
      node.append(box(x, y(before), column - 6, y(after) - y(before), "pr-unknown", 2), text(x + column / 2 - 3, (y(before) + y(after)) / 2 + 5, "?", "second", "middle"), line(x + column - 6, y(after), x + column, y(after), "kp-level"));
      continue;
    }
    let level = before;
    factors[t - 2].forEach((factor, k) => {
      const next = level * factor;
      const [upper, lower] = [Math.min(y(level), y(next)), Math.max(y(level), y(next))];
      node.append(box(x + k * width, upper, width - 1, Math.max(2, lower - upper), PARTS[k][1]));
      if (k === 0) node.append(text(x + width / 2 + (at.phone ? 4 : 0), lower + 15, `${at.phone ? "" : "× "}${fixed(factor, 2)}`, "halo", "middle"));
      level = next;
    });
    node.append(line(x + column - 6, y(after), x + column, y(after), "kp-level"));
  }
  return node;
}

/**
 * @param {View} view
 * @param {KeptData} data
 */
function spoken({ known, t }, data) {
  if (!known) return `What is left of the difference falls to ${percent(data.split.together)} at “${data.words[data.words.length - 1]}”; what takes it is not shown yet`;
  if (t < 2) return "Word 1: all of the difference is there";
  const parts = PARTS.map(([name], k) => `${name} × ${fixed(data.split.factors[t - 2][k], 2)}`).join(", ");
  return `At “${data.words[t - 1]}”: ${parts}; ${percent(data.networks[0].left[t - 1])} left`;
}
