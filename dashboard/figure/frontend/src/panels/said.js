// What is said at each step of the cursor: lines of rich text, all of one height, so that nothing below moves.

import { element } from "../dom.js";
import { rich } from "../rich.js";

export function create(context, data) {
  const node = element("div", "said");
  let steps = [];

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
