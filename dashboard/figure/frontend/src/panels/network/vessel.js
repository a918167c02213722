// The open vessel below the row of states: what one weight, one product or one curve does at each step.

/** @import { NetworkData } from "../../../types/payload.ts" */

import { element, placed, svg } from "../../dom.js";
import { narrow as number, short } from "../../format.js";
import { rich } from "../../rich.js";
import { bracketed, sums } from "./sums.js";

const HEAD = 24; // px of the vessel's name

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */
/** @typedef {(data: NetworkData, at: Layout, view: View) => Node[]} Filling */

/**
 * @param {NetworkData} data
 * @param {Layout} at
 */
export function createVessel(data, at) {
  const node = placed(element("div", "net-vessel"), 0, at.vessel, at.vesselWidth, at.vesselHeight);

  /** @param {View} view */
  function set(view) {
    const kind = opened(view);
    node.hidden = !kind;
    if (kind) node.replaceChildren(...FILLINGS[kind](data, at, view));
  }

  return { node, set };
}

/** @type {Record<NonNullable<import("./view.js").Show["vessel"]> | "W_x" | "W_y", Filling>} */
const FILLINGS = { products: sums, uses, lengths, curves, losses, W_x: inputs, W_y: outputs };

/**
 * What the vessel holds: a weight that was pressed, or what the beat puts there.
 * @param {View} view
 */
function opened({ pressed, show }) {
  const varied = show.control === "drag" || show.control === "activation"; // a weight's numbers are those of the run as it is
  if (pressed === null || varied) return show.vessel;
  return pressed === "W_h" ? "uses" : pressed;
}

/** @param {import("../../../types/payload.ts").Rich} runs */
export const named = (...runs) => element("div", "net-vessel-name", rich(runs));

/**
 * Something for each step: under its use of W_h where all steps are in sight, and in a row of its own where not.
 * @param {Layout} at
 * @param {number} T
 * @param {(t: number) => Node[]} filled
 * @param {number} [top] px
 */
export function perStep(at, T, filled, top = HEAD) {
  if (at.count === T) return at.steps.map((t) => placed(element("div", "net-under", ...filled(t)), at.use(t) - 14, top, at.pitch - 16));
  const wide = (at.vesselWidth - 20) / T;
  return Array.from({ length: T }, (_, k) => placed(element("div", "net-under narrow", ...filled(k + 1)), 12 + k * wide, top, wide));
}

/**
 * What one entry of W_h sends at each of its uses.
 * @type {Filling}
 */
function uses(data, at, view) {
  const [i, j] = view.entry;
  const turned = data.turned[view.entry.join(",")];
  const weight = turned.weight[view.turn + 1];
  const cells = perStep(at, data.T, (t) => {
    const stands = t - 1 <= view.until;
    const met = stands ? number(view.h[t - 1][i]) : "?";
    const sent = stands && (view.known || t === 1) ? number(turned.sent[view.turn + 1][t - 1]) : "?";
    const whole = at.count === data.T;
    const meets = rich([{ math: `h_${t - 1}`, role: "h" }, `[${i}]`, whole ? "" : ` ${met}`]);
    return [meets, element("span", "", whole ? `${met} · ${bracketed(weight)} = ` : "→ ", element("strong", "", sent))];
  });
  const name = at.phone ? `: what it sends into unit [${j}]` : `: what it meets in unit [${i}] of the state before, and what it sends into unit [${j}]`;
  return [named({ math: "W_h" }, `[${i},${j}] = ${short(weight)}${name}`), ...cells];
}

/**
 * The input's weights, and what they make of each input.
 * @type {Filling}
 */
function inputs(data, at, view) {
  const cells = perStep(at, data.T, (t) => [rich([{ math: `x_${t} ${view.chapter ? "W" : "W_x"}` }]), element("strong", "", listed(data.fromX[t - 1]))], HEAD + 24);
  return [named({ math: view.chapter ? "W" : "W_x" }, " = ", written(data.W_x), at.phone ? "" : " at every step: what it makes of the input"), ...cells];
}

/**
 * The read-out's weights, and what they make of a state.
 * @type {Filling}
 */
function outputs(data, at, view) {
  const lines = data.outputs[view.readout].filter(({ t }) => t === view.t || data.outputs[view.readout].length === 1);
  const told = lines.map(({ t, from, y }) => element("div", "net-total", rich([{ math: `\\hat{y}${view.readout === "every" ? `_${t}` : ""}` }, ` = ${from} = `, { strong: view.known || view.show.vessel !== "losses" ? y : "?" }])));
  return [named({ math: "W_y" }, " = ", written(data.W_y), ", ", { math: "b_y" }, ` = ${listed(data.b_y)}: what they make of a state`), ...told];
}

/** @param {number[][]} rows */
const written = (rows) => ({ matrix: rows.map((row) => row.map((value) => short(value))) });

/** @param {number[]} values */
const listed = (values) => `[${values.map((value) => number(value)).join(", ")}]`;

/**
 * How far each state moved.
 * @type {Filling}
 */
function lengths(data, at, view) {
  const most = Math.max(1e-3, ...view.h.map((_, t) => Math.hypot(...view.moved(t))));
  const cells = perStep(at, data.T, (t) => {
    const length = Math.hypot(...view.moved(t));
    const bar = element("span", "net-length");
    bar.style.height = view.known ? `${Math.max(1, Math.round((36 * length) / most))}px` : "0";
    return [element("span", "net-length-box", bar), element("strong", "", view.known || t === 0 ? short(length, 3) : "?")];
  });
  return [named(at.phone ? "how far each state moved" : "how far the whole state moved, beside the farthest: the length of its change ", ...(at.phone ? [] : [{ math: "Δh_t", role: "h" }])), ...cells];
}

/**
 * The activations' curves with this run's pre-activations on them.
 * @type {Filling}
 */
function curves(data, at, view) {
  const shown = at.phone ? [view.squashed] : data.squashed;
  const width = (at.vesselWidth - 24) / shown.length - 24;
  const drawn = shown.map((each, k) => placed(curve(each, width, view.known || each.name === data.activation, each === view.squashed), 14 + k * (width + 24), 4));
  return drawn;
}

/**
 * @param {import("../../../types/payload.ts").Squashed} squashed
 * @param {number} width
 * @param {boolean} known
 * @param {boolean} now
 */
function curve({ curve: line, points, title }, width, known, now) {
  const height = 72;
  const [[from]] = line;
  const [to] = line[line.length - 1];
  const low = Math.min(0, ...line.map(([, y]) => y));
  const high = Math.max(...line.map(([, y]) => y));
  const x = (/** @type {number} */ a) => (Math.max(from, Math.min(to, a)) - from) * (width / (to - from));
  const y = (/** @type {number} */ v) => height - 4 - ((Math.min(v, high) - low) / (high - low)) * (height - 10);
  const drawing = svg("svg", { class: "net-curve", width, height, role: "img", "aria-label": `${title}: what becomes of each sum of this run${known ? "" : ", not shown yet"}` });
  drawing.append(svg("path", { d: `M0 ${y(0)}H${width}M${x(0)} 0V${height}`, class: "axis" }), svg("path", { d: `M${line.map(([a, v]) => `${x(a).toFixed(1)} ${y(v).toFixed(1)}`).join("L")}`, class: "curve" }));
  for (const value of [low, high]) drawing.append(tick(2, y(value) + (value === high ? 11 : -3), short(Math.round(10 * value) / 10)));
  drawing.append(tick(width - 92, y(0) - 4, `sum, ${short(from)} to ${short(to)}`));
  if (known) for (const [a, v] of points) drawing.append(svg("circle", { cx: x(a), cy: y(v), r: 3.2, class: "point" }));
  const range = known ? `${short(Math.min(...points.map(([, v]) => v)), 2)} to ${short(Math.max(...points.map(([, v]) => v)), 2)}` : "?";
  return element("div", `net-curve-box${now ? " now" : ""}`, element("div", "net-vessel-name", element("strong", "", title), `: states from ${range}`), drawing);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 */
function tick(x, y, text) {
  const node = svg("text", { x, y, class: "tick" });
  node.textContent = text;
  return node;
}

/**
 * What each output is held against, and how the losses add up.
 * @type {Filling}
 */
function losses(data, at, view) {
  const every = view.readout === "every";
  const found = data.outputs[view.readout];
  const open = view.known;
  const working = found.filter(({ t }) => (at.phone ? t === view.t : every || t === data.T)).map((each) => element("span", "net-working", rich([{ math: every ? `L_${each.t}` : "L" }, open ? ` = ${each.working} = ` : " = ", { strong: open ? each.loss : "?" }])));
  const sum = every ? element("div", "net-total", rich([{ math: "L" }, open ? ` = ${found.map(({ loss }) => loss).join(" + ")} = ` : " = ", { strong: open ? data.outputs.total : "?" }])) : null;
  const answer = found.filter(({ t }) => t === view.t || !every).map(({ t, from, y }) => element("span", "net-working", rich([{ math: every ? `\\hat{y}_${t}` : "\\hat{y}" }, ` = ${from} = `, { strong: y }])));
  const name = at.phone ? "ln is the natural logarithm" : data.outputs.words;
  const nodes = [named(name), element("div", "net-workings", ...answer), element("div", "net-workings", ...working)];
  return sum ? [...nodes, sum] : nodes;
}
