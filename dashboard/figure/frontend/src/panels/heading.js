// A model's name, and its equations where the values stand.

/** @import { HeadingData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element } from "../dom.js";
import { rich } from "../rich.js";

/**
 * @param {Context} context
 * @param {HeadingData} data
 * @returns {Panel<HeadingData>}
 */
export function create(context, data) {
  // Where the values stand below, the step's own heading of the second level comes later.
  const name = element(context.geometry.beside ? "h3" : "h2", "heading-name");
  const equations = element("div", "heading-formula");
  const nameBelow = element("span", "heading-name");
  const below = context.geometry.beside || context.narrow ? null : element("div", "heading", nameBelow, equations);
  const title = context.narrow ? element("div", "title heading", name, equations) : null;

  /** @param {HeadingData} next */
  function update(next) {
    name.textContent = next.text;
    nameBelow.textContent = next.text;
    equations.replaceChildren(...next.formula.map((runs) => rich(runs)));
  }

  update(data);
  return {
    gutter: title ? null : name,
    profile: title ? null : (below ?? equations),
    title,
    group: () => name.textContent ?? "",
    update,
    setCursor() {},
    resize() {},
    destroy() {},
  };
}
