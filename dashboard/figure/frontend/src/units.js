// The header of the unit columns: a slider over the units, and the tint of the chosen unit's column. Units are shown by
// their index from 0, as in W_h[0, 1] and in NumPy; the cursor counts them from 1.

/** @import { Context, Cursor } from "../types/figure.ts" */

import { clamp, element } from "./dom.js";
import { MANY_UNITS } from "./bars.js";

/** @param {Context} context */
export function createUnits(context) {
  const node = element("div", "units");
  node.tabIndex = 0;
  node.setAttribute("role", "slider");
  node.setAttribute("aria-label", "Unit");
  node.setAttribute("aria-valuemin", "0");
  /** @type {HTMLElement[]} */
  let labels = [];
  /** @type {HTMLElement | null} */
  let single = null;

  function measure() {
    const { H, profileWidth } = context.geometry;
    const width = profileWidth / H;
    node.setAttribute("aria-valuemax", String(H - 1));
    labels = [];
    single = null;
    if (H > MANY_UNITS) {
      single = element("span", "chosen");
      node.replaceChildren(single);
      return;
    }
    labels = Array.from({ length: H }, (_, k) => {
      const label = element("span", "", String(context.nameOf(k + 1)));
      label.style.left = `${(k + 0.5) * width}px`;
      return label;
    });
    node.replaceChildren(...labels);
  }

  /** @param {Cursor} cursor */
  function setCursor({ unit }) {
    const { H, profileWidth } = context.geometry;
    node.setAttribute("aria-valuenow", String(unit - 1));
    node.setAttribute("aria-valuetext", `Unit ${context.nameOf(unit)} of ${context.nameOf(1)} to ${context.nameOf(H)}`);
    labels.forEach((label, k) => label.classList.toggle("chosen", k + 1 === unit));
    if (!single) return;
    single.textContent = `${context.nameOf(unit)} of ${context.nameOf(1)}–${context.nameOf(H)}`;
    single.style.left = `${clamp(((unit - 0.5) * profileWidth) / H, 24, profileWidth - 24)}px`;
  }

  node.addEventListener("keydown", (event) => {
    const { H } = context.geometry;
    const { unit } = context.cursor;
    /** @type {Record<string, number | undefined>} */
    const targets = { ArrowLeft: unit - 1, ArrowRight: unit + 1, ArrowDown: unit - 1, ArrowUp: unit + 1, Home: 1, End: H };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    context.setUnit(target);
  });

  return { node, measure, setCursor };
}

/**
 * Unit under the pointer in a node as wide as the profile.
 * @param {MouseEvent} event
 * @param {Element} node
 * @param {number} H
 */
export function unitAt(event, node, H) {
  const box = node.getBoundingClientRect();
  return clamp(Math.floor(((event.clientX - box.left) / box.width) * H) + 1, 1, H);
}
