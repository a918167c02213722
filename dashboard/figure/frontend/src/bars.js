// The values of one step as bars over the figure's unit columns, with numbers below while they fit.

/** @import { Context, Floats } from "../types/figure.ts" */

import { svg } from "./dom.js";
import { fixed } from "./format.js";

export const MANY_UNITS = 12;
const NUMBERS_HEIGHT = 18;
export const TIGHT = 34; // px a column below which numbers are set smaller

/**
 * @param {Context} context
 * @param {{role: string, signed: boolean, domain: [number, number], height: number}} look
 */
export function createBars(context, { role, signed, domain, height }) {
  const drawing = svg("svg", { class: "bars", height, role: "presentation", "aria-hidden": "true" });
  const limit = svg("line", { class: "limit" });
  const axis = svg("line", { class: "rule" });
  const path = svg("path", { class: `fill-${role}` });
  const strong = svg("path", { class: "fill-ink" });
  drawing.append(limit, axis, path, strong);
  /** @type {SVGTextElement[]} */
  const labels = [];
  /** @type {{values: Floats, unit: number}} */
  let shown;

  function draw() {
    const { H, profileWidth } = context.geometry;
    const column = profileWidth / H;
    const bar = Math.max(1, Math.min(14, column * 0.4));
    const bottom = height - NUMBERS_HEIGHT;
    const zero = signed ? bottom / 2 : bottom;
    const reach = (signed ? bottom / 2 : bottom) - 2;
    const scale = reach / Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
    drawing.setAttribute("width", profileWidth);
    place(axis, profileWidth, zero);
    place(limit, signed ? 0 : profileWidth, zero - reach);
    let d = "";
    for (let k = 0; k < H; k++) {
      const x = (k + 0.5) * column - bar / 2;
      d += box(x, bar, zero, shown.values[k], scale, reach);
    }
    path.setAttribute("d", d);
    const chosen = shown.unit - 1;
    strong.setAttribute("d", H <= MANY_UNITS ? "" : box((chosen + 0.5) * column - bar / 2, bar, zero, shown.values[chosen], scale, reach));
    setLabels(H, column);
  }

  /**
   * @param {number} H
   * @param {number} column
   */
  function setLabels(H, column) {
    const all = H <= MANY_UNITS;
    const digits = column >= 38 ? 3 : 2;
    drawing.classList.toggle("tight", all && column < TIGHT);
    const count = all ? H : 1;
    while (labels.length > count) labels.pop()?.remove();
    while (labels.length < count) {
      const label = svg("text", { y: height - 3 });
      labels.push(label);
      drawing.append(label);
    }
    if (all) {
      labels.forEach((label, k) => setLabel(label, (k + 0.5) * column + Math.min(16, column / 2 - 1), fixed(shown.values[k], digits), k + 1 === shown.unit));
    } else {
      const middle = (shown.unit - 0.5) * column + 18;
      const x = Math.min(context.geometry.profileWidth, Math.max(42, middle));
      setLabel(labels[0], x, fixed(shown.values[shown.unit - 1], 3), true);
    }
  }

  return {
    node: drawing,
    /**
     * @param {Floats} values
     * @param {number} unit
     */
    set(values, unit) {
      shown = { values, unit };
      draw();
    },
  };
}

/**
 * @param {SVGLineElement} line
 * @param {number} width
 * @param {number} y
 */
function place(line, width, y) {
  line.setAttribute("x2", width);
  line.setAttribute("y1", Math.round(y) + 0.5);
  line.setAttribute("y2", Math.round(y) + 0.5);
}

/**
 * One bar as a closed path; a value too small to see still leaves a hairline.
 * @param {number} x
 * @param {number} width
 * @param {number} zero
 * @param {number} value
 * @param {number} scale
 * @param {number} reach
 */
function box(x, width, zero, value, scale, reach) {
  if (!Number.isFinite(value)) return "";
  const size = Math.max(1, Math.min(reach, Math.abs(value) * scale));
  const top = value > 0 ? zero - size : zero;
  return `M${x.toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${size.toFixed(1)}h${(-width).toFixed(1)}z`;
}

/**
 * @param {SVGTextElement} label
 * @param {number} x
 * @param {string} text
 * @param {boolean} chosen
 */
function setLabel(label, x, text, chosen) {
  label.setAttribute("x", x.toFixed(1));
  if (label.textContent !== text) label.textContent = text;
  label.classList.toggle("chosen", chosen);
}
