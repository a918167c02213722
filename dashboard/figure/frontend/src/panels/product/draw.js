// Small parts of the drawings: lines, texts with formulas in them, arrows.

/** @import { Rich } from "../../../types/payload.ts" */

import { svg } from "../../dom.js";
import { fixed, significant } from "../../format.js";

/** @typedef {"start" | "middle" | "end"} Anchor */

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} kind
 */
export const line = (x1, y1, x2, y2, kind) => svg("path", { d: `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}`, class: kind });

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} kind
 * @param {number} [round]
 */
export const box = (x, y, width, height, kind, round = 0) => svg("rect", { x: px(x), y: px(y), width: px(Math.max(0, width)), height: px(Math.max(0, height)), rx: round, class: kind });

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} kind
 */
export const dot = (x, y, r, kind) => svg("circle", { cx: px(x), cy: px(y), r, class: kind });

/**
 * @param {string} d
 * @param {string} kind
 */
export const path = (d, kind) => svg("path", { d, class: kind });

/**
 * Text at a place: words, and symbols such as h_{50} in the faces of formulas.
 * @param {number} x
 * @param {number} y
 * @param {Rich | string} runs
 * @param {string} [kind]
 * @param {Anchor} [anchor]
 */
export function text(x, y, runs, kind = "", anchor = "start") {
  const node = svg("text", { x: px(x), y: px(y), class: kind, "text-anchor": anchor });
  for (const run of typeof runs === "string" ? [runs] : runs) {
    if (typeof run === "string") node.append(run);
    else if ("strong" in run) node.append(piece("strong", run.strong));
    else if ("math" in run) node.append(...symbol(run.math));
  }
  return node;
}

/** @param {string} source */
function symbol(source) {
  const [base, index] = source.replace(/[{}]/g, "").split("_");
  const sign = piece("italic", base);
  if (index === undefined) return [sign];
  const low = piece(/\d/.test(index) ? "upright index" : "italic index", index);
  low.setAttribute("dy", "3");
  const back = piece("", "\u200b");
  back.setAttribute("dy", "-3");
  return [sign, low, back];
}

/**
 * @param {string} kind
 * @param {string} words
 */
function piece(kind, words) {
  const node = svg("tspan", kind ? { class: kind } : {});
  node.textContent = words;
  return node;
}

/**
 * A factor in two decimals, or in two digits where those would hide it.
 * @param {number} log10
 */
export const factor = (log10) => (10 ** log10 < 0.095 ? significant(10 ** log10, 2) : fixed(10 ** log10, 2));

/** @param {number} value */
export const px = (value) => Math.round(value * 10) / 10;
