// The factor of each step, split: the slopes' bar from × 1, then that of W_h, and a mark where both lead.

import { svg } from "../../dom.js";
import { box, line, path, px, text } from "./draw.js";

/** @typedef {import("./view.js").View} View */

const HIGH = 0.52; // powers of ten at the edges
const LOW = -0.84;
const TICKS = /** @type {const} */ ([[Math.log10(3), "× 3"], [Math.log10(0.3), "× 0.3"]]);
const PENDING = -0.12; // where a bar that is not known yet is hinted at
const EVERY = 10;

/**
 * @param {import("./layout.js").Layout} at
 * @param {View} view
 */
export function drawFactors(at, view) {
  const { plot, factors: height, x } = at;
  const { built, t } = view;
  const T = built.slopes.length;
  const clamp = (/** @type {number} */ value) => Math.max(LOW, Math.min(HIGH, value));
  const y = (/** @type {number} */ value) => 2 + ((HIGH - clamp(value)) / (HIGH - LOW)) * (height - 4);
  const node = svg("svg", { width: at.whole, height: height + 26, class: "pr-svg", "aria-hidden": "true" });
  for (const [tick, words] of TICKS) node.append(line(0, y(tick), plot, y(tick), "pr-hair"), text(plot + 8, y(tick) + 4, words, "second"));
  node.append(box(x(t - 1), 0, x(t) - x(t - 1), height, "pr-slot"));
  const wide = x(1) - x(0);
  for (let step = 1; step <= T; step++) {
    const from = x(step - 1) + Math.min(1.2, wide / 6);
    const width = wide - 2 * Math.min(1.2, wide / 6);
    if (step <= view.reached) {
      node.append(path(`M${px(from)} ${px(y(PENDING))}h${px(width)}`, "pr-later"));
      continue;
    }
    const slope = built.slopes[step - 1];
    const weight = built.weights[step - 1];
    const [high, low] = weight >= 0 ? [weight, 0] : [slope, slope + weight];
    node.append(box(from, y(0), width, y(slope) - y(0), "pr-slope"), box(from, y(high), width, y(low) - y(high), "pr-weight"));
    node.append(path(`M${px(from)} ${px(y(slope + weight))}h${px(width)}`, "pr-both"));
  }
  node.append(line(0, y(0), plot, y(0), "pr-axis"), text(plot + 8, y(0) + 4, "× 1", "strong"));
  node.append(line(x(t - 1), 0, x(t - 1), height, "pr-slot-edge"), line(x(t), 0, x(t), height, "pr-slot-edge"), line(0, height, plot, height, "pr-axis"));
  if (view.reached > 1) node.append(text(x(view.reached / 2), y(PENDING) + 24, "?", "second strong halo large", "middle"));
  node.append(...numbers(at, t, T, height));
  return node;
}

/**
 * The axis of steps, with the chosen one as a pill.
 * @param {import("./layout.js").Layout} at
 * @param {number} t
 * @param {number} T
 * @param {number} height
 */
function numbers(at, t, T, height) {
  const middle = Math.max(34, Math.min(at.plot - 34, (at.x(t) + at.x(t - 1)) / 2));
  const nodes = [];
  for (let tick = 0; tick <= T; tick += EVERY) {
    if (Math.abs(at.x(tick) - middle) <= 50) continue;
    nodes.push(text(at.x(tick), height + 17, tick === 0 ? [{ math: "t" }, " = 0"] : String(tick), "second", tick === 0 ? "start" : "middle"));
  }
  return [...nodes, box(middle - 34, height + 3, 68, 20, "pr-pill", 4), text(middle, height + 17.5, `${t} → ${t - 1}`, "on-pill", "middle")];
}
