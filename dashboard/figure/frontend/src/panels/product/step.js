// One step back, as a token that shrinks on its way: what arrives, what the slopes leave of it, and what W_h makes of that.

import { fixed } from "../../format.js";
import { box, path, px, text } from "./draw.js";

const HIGH = 28; // px of a token

/**
 * @param {import("./layout.js").Layout} at
 * @param {import("./view.js").View} view
 * @param {number} phase 1 to 3: how far the token has come; between two it is on its way
 */
export function drawStep(at, { built }, phase) {
  const T = built.slopes.length;
  const [slope, weight] = [10 ** built.slopes[T - 1], 10 ** built.weights[T - 1]];
  const sizes = [1, slope, slope * weight];
  const unit = at.phone ? 58 : Math.min(96, at.plot / 6);
  const places = [0.72, 0.43, at.phone ? 0.13 : 0.15].map((share) => share * at.plot);
  const y = at.phone ? 96 : 98;
  const names = [["arrives at ", { math: `h_${T}` }], ["after the slopes"], ["arrives at ", { math: `h_${T - 1}` }]];
  /** @type {SVGElement[]} */
  const nodes = [];
  for (const k of [0, 1]) nodes.push(path(`M${px(places[k] - unit / 2 - 6)} ${y}H${px(places[k + 1] + unit / 2 + 8)}m6 -4l-7 4l7 4`, "pr-wire"));
  const middle = [(places[0] + places[1]) / 2, (places[1] + places[2]) / 2];
  nodes.push(text(middle[0], y - 22, phase < 2 ? "× ?" : `× ${fixed(slope, 2)}`, "strong", "middle"), text(middle[0], y - 40, ["slopes ", { math: "φ" }, "′"], "second", "middle"));
  nodes.push(text(middle[1], y - 22, phase < 3 ? "× ?" : `× ${fixed(weight, 2)}`, "strong", "middle"), text(middle[1], y - 40, [{ math: "W_h" }], "second", "middle"));
  places.forEach((place, k) => {
    nodes.push(text(place, y + 36, names[k], "second", "middle"));
    if (phase < k + 1) {
      nodes.push(box(place - unit / 2, y - HIGH / 2, unit, HIGH, "pr-pending", 14), text(place, y + 5, "?", "second strong", "middle"));
      return;
    }
    if (k) nodes.push(box(place - unit / 2, y - HIGH / 2, unit, HIGH, "pr-whole", 14));
    nodes.push(...token(place, y, unit, sizes[k], fixed(sizes[k], 2)));
  });
  const on = Math.floor(phase);
  if (phase > on && on < 3) {
    const share = phase - on;
    const place = places[on - 1] + (places[on] - places[on - 1]) * share;
    nodes.push(...token(place, y, unit, sizes[on - 1] + (sizes[on] - sizes[on - 1]) * share, ""));
  }
  return nodes;
}

/**
 * @param {number} x of its whole length's middle
 * @param {number} y
 * @param {number} unit px of the length 1
 * @param {number} size
 * @param {string} words
 */
function token(x, y, unit, size, words) {
  const right = x + unit / 2;
  const bar = box(right - unit * size, y - HIGH / 2, unit * size, HIGH, "pr-token", 14);
  return words ? [bar, text(right - (unit * size) / 2, y + 4.5, words, "on-token", "middle")] : [bar];
}
