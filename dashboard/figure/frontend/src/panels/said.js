// What is said at each step of the cursor: lines of rich text, all of one height, so that nothing below moves.

/** @import { SaidData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element } from "../dom.js";
import { rich } from "../rich.js";

/**
 * @param {Context} context
 * @param {SaidData} data
 * @returns {Panel<SaidData>}
 */
export function create(context, data) {
  const node = element("div", "said");
  /** @type {HTMLElement[]} */
  let steps = [];

  /** @param {SaidData} next */
  function update(next) {
    node.className = `said ${next.style}`;
    steps = next.lines.map((lines) => element("div", "said-step", ...lines.map((runs) => element("div", "said-line", rich(runs)))));
    node.replaceChildren(...steps);
  }

  update(data);
  return {
    full: node,
    update,
    // All stand in one place; those that are not shown keep their room and are hidden from everyone.
    setCursor: ({ t }) => steps.forEach((step, k) => step.classList.toggle("shown", k + 1 === t)),
    resize() {},
    destroy() {},
  };
}
