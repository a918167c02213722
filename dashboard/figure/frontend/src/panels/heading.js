// A model's name, and its equations where the values stand.

import { element } from "../dom.js";
import { rich } from "../rich.js";

export function create(context, data) {
  // Where the values stand below, the step's own heading of the second level comes later.
  const name = element(context.geometry.beside ? "h3" : "h2", "heading-name");
  const equations = element("div", "heading-formula");
  const below = context.geometry.beside || context.narrow ? null : element("div", "heading", element("span", "heading-name"), equations);
  const title = context.narrow ? element("div", "title heading", name, equations) : null;

  function update(next) {
    name.textContent = next.text;
    if (below) below.firstChild.textContent = next.text;
    equations.replaceChildren(...next.formula.map((runs) => rich(runs)));
  }

  update(data);
  return {
    gutter: title ? null : name,
    profile: title ? null : (below ?? equations),
    title,
    group: () => name.textContent,
    update,
    setCursor() {},
    resize() {},
    destroy() {},
  };
}
