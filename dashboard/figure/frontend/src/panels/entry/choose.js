// Buttons of which one is chosen: one stop of the Tab key, arrow keys move the choice.

import { element, focusedBeside, targetOf } from "../../dom.js";

/** @type {Record<string, [down: number, right: number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * `data-focus` names the button over a redrawing; row and column are its place for the arrow keys.
 * @param {string} id
 * @param {number} row
 * @param {number} col
 * @param {boolean} chosen
 * @param {(event: MouseEvent) => void} act
 * @param {...(Node | string)} content
 */
export function choosable(id, row, col, chosen, act, ...content) {
  const node = element("button", chosen ? "pick chosen" : "pick", ...content);
  node.type = "button";
  node.tabIndex = chosen ? 0 : -1;
  node.dataset.focus = id;
  node.dataset.row = String(row);
  node.dataset.col = String(col);
  node.addEventListener("click", act);
  return node;
}

/**
 * A row of radio buttons from [[id, content, chosen, act], …].
 * @param {string} label
 * @param {[id: string, content: Node | string, chosen: boolean, act: () => void][]} items
 */
export function radios(label, items) {
  const buttons = items.map(([id, content, chosen, act], k) => {
    const button = choosable(id, 0, k, chosen, act, content);
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(Boolean(chosen)));
    return button;
  });
  const node = element("div", "segments", ...buttons);
  node.setAttribute("role", "radiogroup");
  node.setAttribute("aria-label", label);
  return arrows(node);
}

/**
 * Arrow keys go to the next button in their direction and choose it, Home and End to the ends of its row.
 * @template {HTMLElement} Node
 * @param {Node} node
 */
export function arrows(node) {
  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = /** @type {HTMLElement | null} */ (targetOf(event).closest(".pick"));
    if (!from) return;
    const to = target(node, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the figure's own arrow keys move its cursor
    if (!to || to === from) return;
    to.focus();
    to.click();
  });
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} from
 * @param {string} key
 */
function target(node, from, key) {
  /**
   * @param {HTMLElement} button
   * @returns {[row: number, col: number]}
   */
  const place = (button) => [Number(button.dataset.row), Number(button.dataset.col)];
  const [row, col] = place(from);
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll(".pick"))];
  if (key === "Home" || key === "End") {
    return all.filter((button) => place(button)[0] === row).at(key === "Home" ? 0 : -1);
  }
  if (!(key in MOVES)) return undefined;
  const [down, right] = MOVES[key];
  const ahead = all.filter((button) => {
    const [r, c] = place(button);
    return down ? c === col && (r - row) * down > 0 : r === row && (c - col) * right > 0;
  });
  /** @param {HTMLElement} button */
  const distance = (button) => Math.abs(place(button)[0] - row) + Math.abs(place(button)[1] - col);
  return ahead.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/**
 * Redraw and give the focus back to the button of the same name.
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
export function keepingFocus(root, draw) {
  const kept = focusedBeside(root)?.dataset.focus;
  draw();
  if (kept) /** @type {HTMLElement | null} */ (root.querySelector(`[data-focus="${kept}"]`))?.focus({ preventScroll: true });
}
