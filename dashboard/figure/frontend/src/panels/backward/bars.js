// A bar for each step, at its use: filled for what is there, dashed for what was measured. Where signs are mixed the zero
// line stands in the middle.

import { element, placed, svg } from "../../dom.js";
import { rich } from "../../rich.js";

const WIDTH = 26;
const TOP = [26, 48]; // px of the vessel above the highest bar, where steps have their uses above them and where not
const BELOW = [24, 42]; // px of the numbers, and of the steps' names
const LEAST = 3; // px of a height that can be dashed

/**
 * @typedef {object} Bars
 * @property {(number | null)[]} filled
 * @property {(number | null)[]} dashed
 * @property {string} role colour of the filled ones
 * @property {number} most the largest value there can be
 * @property {string[]} texts what stands below each
 */

/**
 * @param {import("./data.js").Decoded} data
 * @param {import("./layout.js").Place} at
 * @param {Bars} shown
 * @returns {Element[]}
 */
export function bars(data, at, { filled, dashed, role, most, texts }) {
  const top = TOP[at.all ? 0 : 1];
  const bottom = at.vesselHeight - BELOW[at.all ? 0 : 1];
  const all = [...filled, ...dashed].filter((value) => value !== null);
  const mixed = all.some((value) => value > most / 200) && all.some((value) => value < -most / 200);
  const down = !mixed && all.some((value) => value < -most / 200);
  const room = bottom - top;
  const zero = mixed ? top + room / 2 : down ? top : bottom;
  const scale = (mixed ? room / 2 : room - 4) / most;
  const drawing = svg("svg", { class: "back-bars", width: at.vesselWidth, height: at.vesselHeight, "aria-hidden": "true" });
  drawing.append(svg("path", { d: `M10 ${zero}H${Math.min(at.vesselWidth - 16, at.share(data.T) + WIDTH)}`, class: "axis" }));
  /**
   * @param {number | null | undefined} value
   * @param {number} t
   * @param {string} name
   */
  const bar = (value, t, name) => {
    if (value === null || value === undefined) return;
    const height = Math.min(room, Math.abs(value) * scale);
    if (height < LEAST && name === "dashed") return;
    drawing.append(svg("rect", { x: at.share(t) - WIDTH / 2, y: value > 0 ? zero - height : zero, width: WIDTH, height: Math.max(value === 0 ? 0 : 1, height), class: name }));
  };
  for (let t = 1; t <= data.T; t++) {
    bar(filled[t - 1], t, role);
    bar(dashed[t - 1], t, "dashed");
  }
  const width = Math.min(76, at.shareWidth);
  const under = texts.map((text, k) => placed(element("div", `back-under${filled[k] === null || filled[k] === undefined ? "" : ` ${role}`}`, text), Math.max(2, at.share(k + 1) - width / 2), bottom + 2, width));
  const names = at.all ? [] : texts.map((_, k) => placed(element("div", "back-under step", rich([{ math: "t" }, ` = ${k + 1}`])), at.share(k + 1) - width / 2, bottom + 20, width));
  return [drawing, ...names, ...under];
}
