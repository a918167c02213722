// The chosen step's way to the one before: the slope at its sum, what is left of the gradient, and what W_h makes of it.

import { element, placed, svg } from "../../dom.js";
import { number, short } from "../../format.js";
import { rich } from "../../rich.js";

const CURVE = [150, 84];
const WIDE = 700; // px of a vessel with room for the curve
const FEW = 2; // units up to which the curve has room beside their sums

/** @type {import("./vessel.js").Filling} */
export function way(data, at, view) {
  const { t } = view;
  const hidden = view.hides(t);
  const rows = data.run.dh[t - 1].flatMap((dh, k) => [
    element("span", "net-unit", `[${k}]`),
    element("span", "grad", number(dh)),
    "×",
    element("span", "", hidden ? "?" : number(data.slope[t - 1][k])),
    "=",
    element("strong", "grad", hidden ? "?" : number(data.run.delta[t - 1][k])),
  ]).map((cell) => (typeof cell === "string" ? element("span", "", cell) : cell));
  const symbols = [[], [{ math: `∂L/∂h_${t}`, role: "grad" }], [], [{ math: `φ^′(a_${t})` }], [], [{ math: `δ_${t}`, role: "grad" }]].map((runs) => element("span", "back-symbol", rich(runs)));
  const slopes = element("div", "back-slopes", ...symbols, ...rows);
  const sends = element("div", "back-sends", element("div", "back-symbol", ...sent(t)), ...lines(data, view, hidden));
  if (at.phone) return [placed(slopes, 10, 4), placed(sends, 10, 8 + 19 * (data.run.h[0].length + 1), at.vesselWidth - 20)];
  const room = at.vesselWidth < WIDE ? 232 : 262;
  if (data.run.h[0].length > FEW || at.vesselWidth < WIDE) return [placed(slopes, 14, 6), placed(sends, room, 6, at.vesselWidth - room - 8)];
  return [curve(data, t, hidden), placed(slopes, 178, 6), placed(sends, 432, 6, at.vesselWidth - 440)];
}

/** @param {number} t */
function sent(t) {
  return t === 1 ? [rich(["there is no step before; ", { math: "h_0" }, " stays 0"])] : [rich(["what ", { math: "W_h^⊤" }, " sends to ", { math: `h_${t - 1}` }])];
}

/**
 * δ times a row of W_h for each unit of the state before, with its numbers.
 * @param {import("./data.js").Decoded} data
 * @param {import("./view.js").View} view
 * @param {boolean} hidden
 */
function lines(data, { t }, hidden) {
  if (t === 1) return [];
  const delta = data.run.delta[t - 1];
  const places = delta.length > FEW ? 3 : 4;
  return data.weights.W_h.map((row, i) => {
    const products = row.map((weight, j) => `${hidden ? "?" : bracketed(number(delta[j], places), j)} · ${bracketed(short(weight, places), 1)}`);
    return element("div", "", element("span", "net-unit", `[${i}]`), ` ${products.join(" + ")} = `, element("strong", "grad", hidden ? "?" : number(data.run.future[t - 2][i], 4)));
  });
}

/**
 * A negative number as a later factor or summand.
 * @param {string} text
 * @param {number} place
 */
const bracketed = (text, place) => (place > 0 && text.startsWith("−") ? `(${text})` : text);

/**
 * The activation's curve with the chosen step's sums on it, and the slope at each.
 * @param {import("./data.js").Decoded} data
 * @param {number} t
 * @param {boolean} hidden
 */
function curve(data, t, hidden) {
  const [width, height] = CURVE;
  const values = data.curve.map(([, v]) => v);
  const [from, to] = [data.curve[0][0], data.curve[data.curve.length - 1][0]];
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const scaleX = width / (to - from);
  const scaleY = (height - 8) / (high - low || 1);
  const x = (/** @type {number} */ a) => (Math.max(from, Math.min(to, a)) - from) * scaleX;
  const y = (/** @type {number} */ v) => height - 4 - (Math.max(low, Math.min(high, v)) - low) * scaleY;
  const drawing = svg("svg", { class: "back-curve", width, height, role: "img", "aria-label": `${data.activation} at the sums of step ${t}${hidden ? ", slopes not shown yet" : ""}` });
  drawing.append(svg("path", { d: `M0 ${y(0)}H${width}M${x(0)} 0V${height}`, class: "axis" }), svg("path", { d: `M${data.curve.map(([a, v]) => `${x(a).toFixed(1)} ${y(v).toFixed(1)}`).join("L")}`, class: "curve" }));
  data.a[t - 1].forEach((a, k) => {
    const [px, py] = [x(a), y(data.run.h[t][k])];
    const rise = (data.slope[t - 1][k] * scaleY) / scaleX;
    const length = 20 / Math.hypot(1, rise);
    if (!hidden) drawing.append(svg("path", { d: `M${px - length} ${py + rise * length}L${px + length} ${py - rise * length}`, class: "slope" }));
    const text = svg("text", { x: px + (k % 2 ? -15 : 15), y: py + (k % 2 ? -6 : 15), class: "unit" });
    text.textContent = `[${k}]`;
    drawing.append(svg("circle", { cx: px, cy: py, r: 4, class: "point" }), text);
  });
  return placed(element("div", "back-curve-box", drawing), 12, 8);
}
