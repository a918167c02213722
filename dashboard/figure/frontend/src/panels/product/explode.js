// The run that breaks: the largest state at every step, a line for each update, under the largest number there is.

/** @import { ProductFailing } from "../../../types/payload.ts" */

import { element, svg } from "../../dom.js";
import { power } from "../../format.js";
import { rich } from "../../rich.js";
import { box, dot, line, path, px, text } from "./draw.js";

const TOP = 328; // powers of ten at the upper edge
const BOTTOM = -22;
const TICKS = [200, 100, 0];

/**
 * @param {import("./layout.js").Layout} at
 * @param {ProductFailing} data
 * @param {number} taken updates
 */
export function drawExplosion(at, data, taken) {
  const wide = at.phone ? at.width : at.width - 300;
  const plot = wide - 56;
  const height = at.phone ? 230 : 334;
  const x = (/** @type {number} */ t) => 4 + ((t - 1) / (data.T - 1)) * (plot - 8);
  const y = (/** @type {number} */ log10) => 16 + ((TOP - log10) / (TOP - BOTTOM)) * (height - 16);
  const node = svg("svg", { width: wide, height: height + 26, class: "pr-svg", role: "img", "aria-label": `Largest state at every step after ${taken} updates` });
  node.append(line(0, y(data.ceiling), plot, y(data.ceiling), "pr-slot-edge"), text(0, y(data.ceiling) - 6, `the largest 64-bit float, ${data.ceilingText}`, "strong"));
  for (const tick of TICKS) node.append(line(0, y(tick), plot, y(tick), "pr-hair"), text(plot + 8, y(tick) + 4, tick ? power(tick) : "1", "second"));
  node.append(line(plot, 14, plot, height, "pr-axis"), line(0, height, plot, height, "pr-axis"));
  for (let k = 0; k <= taken; k++) node.append(...updateLine(data, k, k === taken, x, y, height));
  node.append(text(x(9), y(8) - 12, `after ${listed(Math.min(taken, data.broken - 1))}`, "second halo"));
  for (const t of [1, 10, 20, 30, 40, 50].filter((step) => step <= data.T)) node.append(text(x(t), height + 17, t === 1 ? [{ math: "t" }, " = 1"] : String(t), "second", t === 1 ? "start" : "middle"));
  return element("div", "pr-explosion", element("div", "pr-head", element("strong", "", "Largest state at every step, forward"), element("span", "", taken > 1 ? "where a line falls to the floor, all units are at 0 (ReLU)" : `${data.T} steps, left to right`)), element("div", "pr-beside", node, table(data, taken)));
}

/** @param {number} last */
const listed = (last) => (last === 0 ? "no update" : last === 1 ? "0 and 1 updates" : `0 to ${last} updates`);

/**
 * @param {ProductFailing} data
 * @param {number} k updates made
 * @param {boolean} newest
 * @param {(t: number) => number} x
 * @param {(log10: number) => number} y
 * @param {number} height
 */
function updateLine(data, k, newest, x, y, height) {
  const { states } = data.updates[k];
  // Up to the step that is not finite; a state of exactly 0 lies at the lower edge.
  const until = k === data.broken && data.infinite !== null ? data.infinite - 1 : states.length;
  const drawn = states.slice(0, until).map((log10, t) => /** @type {const} */ ([x(t + 1), y(Math.max(BOTTOM, log10 ?? BOTTOM))]));
  /** @type {SVGElement[]} */
  const nodes = [path(`M${drawn.map(([px_, py]) => `${px(px_)} ${px(py)}`).join("L")}`, newest ? "pr-states newest" : "pr-states")];
  if (until === states.length || data.infinite === null) return nodes;
  const at = x(data.infinite);
  nodes.push(line(drawn[until - 1][0], drawn[until - 1][1], at, y(data.ceiling), "pr-states newest"), dot(at, y(data.ceiling), 5.5, "pr-ring"));
  nodes.push(text(at + 8, y(data.ceiling) - 7, ["∞ at ", { math: "t" }, ` = ${data.infinite}`], "bad strong halo"));
  if (data.nan !== null) {
    const middle = (x(data.nan) + x(data.T)) / 2;
    nodes.push(box(x(data.nan) - 5, y(data.ceiling) + 6, x(data.T) - x(data.nan) + 9, height - y(data.ceiling) - 6, "pr-slot"));
    nodes.push(text(middle, y(200), "NaN", "bad strong large", "middle"), text(middle, y(200) + 17, ["from ", { math: "t" }, ` = ${data.nan}`], "second", "middle"));
  }
  return nodes;
}

/**
 * Gradient and loss by update; those not taken yet are asked for.
 * @param {ProductFailing} data
 * @param {number} taken
 */
function table(data, taken) {
  const rows = data.updates.map(({ gradient, loss }, k) => {
    const is = k <= taken;
    return element("tr", "", cell("th", String(k), "row"), cell("td", is ? gradient : "?"), cell("td", is ? loss : "?"));
  });
  const heads = [cell("th", "updates", "col"), cell("th", "", "col"), cell("th", "loss", "col")];
  heads[1].append(rich(["length of gradient"]));
  return element("table", "pr-updates", element("thead", "", element("tr", "", ...heads)), element("tbody", "", ...rows));
}

/**
 * @param {"th" | "td"} tag
 * @param {string} words
 * @param {string} [scope]
 */
function cell(tag, words, scope) {
  const node = element(tag, words === "NaN" ? "bad" : words === "?" ? "second" : "", words);
  if (scope) node.scope = scope;
  return node;
}
