// Buttons of which one is chosen: one stop of the Tab key, arrow keys move the choice.

import { element } from "../../dom.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// `data-focus` names the button over a redrawing; row and column are its place for the arrow keys.
export function choosable(id, row, col, chosen, act, ...content) {
  const node = element("button", chosen ? "pick chosen" : "pick", ...content);
  node.type = "button";
  node.tabIndex = chosen ? 0 : -1;
  node.dataset.focus = id;
  node.dataset.row = row;
  node.dataset.col = col;
  node.addEventListener("click", act);
  return node;
}

// A row of radio buttons from [[id, content, chosen, act], …].
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

// Arrow keys go to the next button in their direction and choose it, Home and End to the ends of its row.
export function arrows(node) {
  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = event.target.closest(".pick");
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

function target(node, from, key) {
  const place = (button) => [Number(button.dataset.row), Number(button.dataset.col)];
  const [row, col] = place(from);
  const all = [...node.querySelectorAll(".pick")];
  if (key === "Home" || key === "End") {
    return all.filter((button) => place(button)[0] === row).at(key === "Home" ? 0 : -1);
  }
  if (!(key in MOVES)) return undefined;
  const [down, right] = MOVES[key];
  const ahead = all.filter((button) => {
    const [r, c] = place(button);
    return down ? c === col && (r - row) * down > 0 : r === row && (c - col) * right > 0;
  });
  const distance = (button) => Math.abs(place(button)[0] - row) + Math.abs(place(button)[1] - col);
  return ahead.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

// Redraw and give the focus back to the button of the same name.
export function keepingFocus(root, draw) {
  const kept = root.getRootNode().activeElement?.dataset?.focus;
  draw();
  if (kept) root.querySelector(`[data-focus="${kept}"]`)?.focus({ preventScroll: true });
}
