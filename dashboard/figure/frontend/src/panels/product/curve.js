// The activation's slope over the pre-activation, and where this run's units stand on it: a rug below, stems up to it.

/** @import { ProductData } from "../../../types/payload.ts" */

import { svg } from "../../dom.js";
import { fixed, minus } from "../../format.js";
import { box, line, path, px, text } from "./draw.js";

const EDGE = 6;
const LEFT = 24;

/**
 * @param {import("./layout.js").Layout} at
 * @param {import("./view.js").View} view
 * @param {ProductData} data
 */
export function drawCurve(at, { built }, data) {
  const { side: width, curve: height } = at;
  const { curve, name, label } = data.activations.find((each) => each.name === built.at.activation) ?? data.activations[0];
  const x = (/** @type {number} */ a) => LEFT + ((a + EDGE) / (2 * EDGE)) * (width - LEFT - 2);
  const y = (/** @type {number} */ slope) => 4 + (1 - slope) * (height - 4);
  const node = svg("svg", { width, height: height + 30, class: "pr-svg", role: "img", "aria-label": `Slope of ${label}; mean over this run’s units and steps ${fixed(built.mean, 2)}` });
  for (const value of [0, 1]) node.append(line(LEFT, y(value), width, y(value), value ? "pr-hair" : "pr-axis"), text(LEFT - 6, y(value) + 4, String(value), "second", "end"));
  if (name === "sigmoid") node.append(line(LEFT, y(0.25), width, y(0.25), "pr-hair"), text(LEFT - 4, y(0.25) + 4, ".25", "second", "end"));
  const wide = (2 * EDGE) / built.counts.length;
  const span = x(wide) - x(0);
  Array.from(built.counts).forEach((count, k) => {
    if (!count) return;
    const a = -EDGE + (k + 0.5) * wide;
    const shade = 0.18 + 0.82 * Math.sqrt(count / 255);
    const stem = box(x(a) - span / 2 + 0.3, y(slopeAt(curve, a)), span - 0.6, y(0) - y(slopeAt(curve, a)), "pr-stem");
    const rug = box(x(a) - span / 2 + 0.3, y(0) + 3, span - 0.6, 8, "pr-rug");
    stem.setAttribute("opacity", String(px(shade * 5) / 10));
    rug.setAttribute("opacity", shade.toFixed(2));
    node.append(stem, rug);
  });
  node.append(path(`M${curve.map(([a, slope]) => `${px(x(a))} ${px(y(slope))}`).join("L")}`, "pr-curve"));
  const mean = y(built.mean);
  node.append(line(LEFT, mean, width, mean, "pr-mean"), text(width, mean < 40 ? mean + 15 : mean - 19, `mean ${fixed(built.mean, 2)}`, "strong halo", "end"), text(width, mean < 40 ? mean + 29 : mean - 5, `of all ${data.T * data.H}`, "second halo", "end"));
  for (const a of [-6, -3, 0, 3, 6]) node.append(text(x(a), height + 26, minus(String(a)), "second", a === EDGE ? "end" : "middle"));
  return node;
}

/**
 * The curve's value at the middle of a bin, which is a point of it or lies between two.
 * @param {[number, number][]} curve
 * @param {number} a
 */
function slopeAt(curve, a) {
  const next = Math.max(1, curve.findIndex(([at]) => at >= a));
  const [[a0, s0], [a1, s1]] = [curve[next - 1], curve[next]];
  return a1 === a0 ? s1 : s0 + ((a - a0) / (a1 - a0)) * (s1 - s0);
}
