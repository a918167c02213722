// The loss from update to update, and the answers of both sequences.

import { element, placed, svg } from "../../dom.js";
import { number, short } from "../../format.js";
import { rich } from "../../rich.js";

const LEFT = 40;
const TOP = 32;
const BELOW = 22;

/** @param {number} taken */
const updates = (taken) => (taken === 1 ? "1 update" : `${taken} updates`);

/** @type {import("./vessel.js").Filling} */
export function trace(data, at, view) {
  const { presses } = view;
  if (!presses) return [];
  const right = at.phone ? 14 : 202;
  const [width, height] = [at.vesselWidth - LEFT - right, at.vesselHeight - TOP - BELOW];
  const last = presses.loss.length - 1;
  const most = Math.max(1e-9, ...presses.loss.map((value) => value ?? 0));
  const x = (/** @type {number} */ k) => LEFT + (width * k) / Math.max(1, last);
  const y = (/** @type {number} */ value) => TOP + height * (1 - value / most);
  const line = presses.loss.slice(0, view.taken + 1).map((value) => value ?? 0);
  const drawing = svg("svg", { class: "back-trace", width: at.vesselWidth, height: at.vesselHeight, role: "img", "aria-label": `Loss after ${updates(view.taken)}: ${line.map((value) => number(value)).join(", ")}` });
  const ticks = [0, most / 2, most];
  for (const tick of ticks) {
    drawing.append(svg("path", { d: `M${LEFT} ${y(tick)}h${width}`, class: "axis" }), text(LEFT - 6, y(tick) + 4, short(tick, 2), "end"));
  }
  const step = last > 12 ? 10 : 5;
  for (let k = 0; k <= last; k += step) drawing.append(text(x(k), at.vesselHeight - 6, String(k), "middle"));
  drawing.append(svg("path", { d: `M${line.map((value, k) => `${x(k).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`, class: "line" }));
  const end = line[line.length - 1];
  drawing.append(svg("circle", { cx: x(view.taken), cy: y(end), r: 4.5, class: "end" }));
  const name = element("div", "net-vessel-name", rich([{ math: "L" }, ` of both sequences after ${updates(view.taken)}: `, { strong: number(end) }]));
  return [name, drawing, ...(at.phone ? [] : [answers(data, presses, at, view)])];
}

/**
 * The last answer of each sequence beside its target: only the first input tells them apart.
 * @param {import("./data.js").Decoded} data
 * @param {NonNullable<import("./view.js").View["presses"]>} presses
 * @param {import("./layout.js").Place} at
 * @param {import("./view.js").View} view
 */
function answers(data, presses, at, view) {
  const rows = [0, 1].flatMap((sequence) => {
    const run = presses.runs(view.taken, sequence);
    const target = presses.targets[sequence].at(-1) ?? "";
    return [element("span", "", rich([{ math: "x_1" }, ` = [${presses.x[sequence][0].map((value) => short(value)).join(", ")}]`])), element("strong", "", number(run.y[run.y.length - 1] ?? null)), element("span", "", target)];
  });
  const head = [element("span", "", ""), element("span", "", rich([{ math: `\\hat{y}_${data.T}` }])), element("span", "", "target")];
  return placed(element("div", "back-answers", ...head, ...rows), at.vesselWidth - 196, 14);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {string} anchor
 */
function text(x, y, words, anchor) {
  const node = svg("text", { x, y, "text-anchor": anchor, class: "tick" });
  node.textContent = words;
  return node;
}
