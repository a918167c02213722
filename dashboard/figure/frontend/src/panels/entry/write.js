// Names, numbers and small matrices of an opened entry.

/** @import { WeightName } from "../../../types/payload.ts" */

import { element } from "../../dom.js";
import { fixed, number as ordinary, short as typed, significant } from "../../format.js";
import { rich } from "../../rich.js";
import { READ_OUT } from "./data.js";

/**
 * @param {string} source
 * @param {string} [role]
 */
export const math = (source, role) => rich([role ? { math: source, role } : { math: source }]);

/**
 * Four decimals while they say something, a power of ten otherwise; a short decimal, such as a typed input, as it is.
 * @param {number} value
 */
export function number(value) {
  const size = Math.abs(value);
  if (size < 1000 && Number(value.toFixed(3)) === value) return typed(value, 6);
  return size < 0.0005 ? significant(value, 2) : ordinary(value, 4, 2);
}

/**
 * For a narrow cell; "0" is exactly zero.
 * @param {number} value
 */
export function short(value) {
  return Math.abs(value) < 10 ? fixed(value, 3) : significant(value);
}

/**
 * @param {WeightName} name
 * @param {number} row
 * @param {number} col
 */
export const index = (name, row, col) => (name.startsWith("b") ? `[${col}]` : `[${row},${col}]`);

/**
 * @param {WeightName} name
 * @param {number} row
 * @param {number} col
 */
export const entryName = (name, row, col) => `∂L/∂${name}${index(name, row, col)}`;

/**
 * What the entry multiplies at step t, as a symbol.
 * @param {WeightName} name
 * @param {number} row
 * @param {number | "t"} t
 */
export function ownName(name, row, t) {
  if (name.startsWith("b")) return "1";
  const before = t === "t" ? "{t-1}" : `{${t - 1}}`;
  const symbol = name === "W_x" ? `x_{${t}}` : name === "W_h" ? `h_${before}` : `h_{${t}}`;
  return `${symbol}[${row}]`;
}

/**
 * @param {WeightName} name
 * @param {number | string} t
 */
export const stateName = (name, t) => (READ_OUT.has(name) ? `z_{${t}}` : `h_{${t}}`);

/** What stands in place of a number that is not computed yet. */
export const unknown = () => {
  const node = element("span", "unknown", "?");
  node.title = "not computed yet";
  return node;
};

/**
 * A matrix in brackets; rows of numbers.
 * @param {number[][]} rows
 */
export function bracketed(rows) {
  const table = element("span", "bracketed");
  table.style.setProperty("--columns", rows[0].length);
  table.append(...rows.flat().map((value) => element("span", "", number(value))));
  return table;
}

/**
 * One bar to the left or right of a line in the middle, and 0 as the line alone.
 * @param {number} value
 * @param {number} largest
 */
export function bar(value, largest) {
  const fill = element("i", "");
  const node = element("span", "bar", fill);
  node.setAttribute("aria-hidden", "true");
  const share = largest > 0 && Number.isFinite(value) ? Math.min(1, Math.abs(value) / largest) * 50 : 0;
  fill.style.width = `${share}%`;
  fill.style[value < 0 ? "right" : "left"] = "50%";
  return node;
}

/**
 * A table that may be wider than its place scrolls in a box of its own, by keyboard too.
 * @param {string} label
 * @param {Node} table
 */
export function scrolling(label, table) {
  const box = element("div", "scroller", table);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", `${label}, scrolls sideways`);
  return box;
}
