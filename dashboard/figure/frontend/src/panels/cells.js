// Cells of a table that are drawn: a bar, or what a number was and what it became. The number itself stands beside them.

/** @import { DrawnCell } from "../../types/payload.ts" */

import { element } from "../dom.js";

/** @param {DrawnCell} cell */
export function drawn(cell) {
  const box = element("div", `cell-drawn ${cell.draw}`);
  box.setAttribute("aria-hidden", "true");
  if (cell.draw === "bar") {
    if (cell.role) box.style.setProperty("--u-grad", `var(--u-${cell.role})`);
    box.append(part(cell.hollow ? "cell-bar hollow" : "cell-bar", cell.from, cell.to));
  } else {
    const [low, high] = [cell.from, cell.to].sort((a, b) => a - b);
    const line = part("cell-line", low, high);
    box.append(line, part("cell-was", cell.from), part("cell-is", cell.to));
    box.classList.add(cell.to < cell.from ? "better" : cell.to > cell.from ? "worse" : "same");
  }
  return box;
}

/**
 * @param {string} name
 * @param {number} from
 * @param {number} to
 */
function part(name, from, to = from) {
  const node = element("i", name);
  node.style.left = `${100 * from}%`;
  node.style.width = to > from ? `${100 * (to - from)}%` : "";
  return node;
}
