// W_h as one knob that fills, and as a matrix beside it: the weights, or what their gradient has come to.

import { element, placed } from "../../dom.js";
import { fixed, number } from "../../format.js";
import { rich } from "../../rich.js";
import { draggable } from "./drag.js";
import { nudgeText } from "./write.js";

const TURNED = 400; // degrees of the mark for one unit
const COUNTS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight"];

/**
 * @param {import("./data.js").Decoded} data
 * @param {import("./layout.js").Place} at
 * @param {{press: () => void, choose: (entry: [number, number]) => void, nudge: (n: number) => void}} told
 */
export function createKnob(data, at, { press, choose, nudge: turn }) {
  /** @type {import("./view.js").View | null} */
  let shown = null;
  const mark = element("span", "net-mark");
  const level = element("span", "back-level");
  const knob = placed(element("button", "net-dial back-dial", element("span", "back-well", level), mark, rich([{ math: "W_h" }])), at.knob.x - at.knob.r, at.knob.y - at.knob.r, 2 * at.knob.r, 2 * at.knob.r);
  knob.type = "button";
  knob.addEventListener("click", press);
  draggable(knob, () => (shown?.show.scene === "nudge" && shown.show.use === 0 ? shown : null), { begin: () => undefined, nudge: turn });
  const value = placed(element("div", "net-dial-value"), at.knob.x - 34, at.knob.y + at.knob.r + 2, 68, 18);
  const buttons = data.weights.W_h.map((row, i) => row.map((_, j) => entry(i, j, choose)));
  const grid = element("div", "net-matrix-grid", ...buttons.flat());
  grid.style.setProperty("--columns", String(data.weights.W_h.length));
  const name = element("span", "");
  const note = element("small", "");
  const node = element("div", "net-matrix back-matrix", name, grid, note);
  if (at.phone) placed(node, at.width - at.matrixWidth - 40, at.vessel - 62 - 28 * buttons.length, at.matrixWidth + 36);
  else placed(node, at.width - at.matrixWidth, at.vessel - 10, at.matrixWidth);

  /**
   * @param {import("./view.js").View} view
   * @param {boolean} open the matrix, on a phone
   */
  function set(view, open) {
    shown = view;
    const { show, nudge, presses } = view;
    const nudging = show.scene === "nudge";
    const fills = show.shares !== undefined;
    const count = Math.max(0, data.T + 1 - view.shares);
    node.hidden = at.phone && !open;
    name.replaceChildren(rich(fills ? [{ math: "∂L/∂W_h", role: "grad" }] : presses ? [{ math: "W_h" }, " now"] : [{ math: "W_h" }]));
    buttons.forEach((row, i) => row.forEach((button, j) => fill(button, view, i, j)));
    note.textContent = noteOf(view, count);
    knob.classList.toggle("turns", nudging && show.use === 0);
    mark.style.transform = `rotate(${45 + (nudging && nudge.use === 0 ? nudge.by * TURNED : 0)}deg)`;
    const length = presses ? presses.lengths[view.taken]?.W_h : fills && count ? data.lengths.W_h[view.shares - 1] : 0;
    level.style.height = `${Math.round(100 * filled(length))}%`;
    knob.setAttribute("aria-label", `W_h${length ? `, length of its gradient ${number(length)}` : ""}`);
    value.textContent = at.phone && !presses ? buttons[view.entry[0]][view.entry[1]].textContent : "";
  }

  /**
   * One entry: the weight as it is or as it is turned, or what its gradient has come to.
   * @param {HTMLButtonElement} button
   * @param {import("./view.js").View} view
   * @param {number} i
   * @param {number} j
   */
  function fill(button, view, i, j) {
    const { show, nudge, presses, entry: [row, column] } = view;
    const mine = row === i && column === j;
    const fills = show.shares !== undefined;
    const text = fills ? gathered(view, i, j) : presses ? fixed(presses.W_h[view.taken][i][j], 3) : fixed(data.weights.W_h[i][j] + (show.scene === "nudge" && mine ? nudge.by : 0), 2);
    button.textContent = text;
    button.disabled = presses !== null || (show.scene === "nudge" && !data.nudges.has(`${i},${j}`));
    button.setAttribute("aria-pressed", String(mine && !presses));
    button.setAttribute("aria-label", `${fills ? "∂L/∂W_h" : "W_h"}, row ${i}, column ${j}: ${text}`);
  }

  /**
   * The shares of an entry so far, added up.
   * @param {import("./view.js").View} view
   * @param {number} i
   * @param {number} j
   */
  function gathered({ shares }, i, j) {
    if (shares > data.T) return "?";
    return number(data.shares.slice(shares - 1).reduce((sum, share) => sum + share[i][j], 0));
  }

  /**
   * @param {import("./view.js").View} view
   * @param {number} count shares that are in
   */
  function noteOf({ show, nudge, presses, taken }, count) {
    if (presses) return taken === 1 ? "1 update" : `${taken} updates`;
    if (show.scene === "nudge" && nudge.by !== 0) return nudge.use ? `${nudgeText(nudge.by)} at t = ${nudge.use}` : `turned by ${nudgeText(nudge.by)}`;
    return show.shares !== undefined && count < data.T ? `${COUNTS[count]} of ${COUNTS[data.T]} in` : "press an entry";
  }

  return { nodes: [knob, value, node], set };
}

/**
 * How full a knob is with a gradient of this length: the whole line of lengths, so that none overflows.
 * @param {number | null | undefined} length
 */
export const filled = (length) => (length ? length / (length + 0.5) : 0);

/**
 * @param {number} i
 * @param {number} j
 * @param {(entry: [number, number]) => void} choose
 */
function entry(i, j, choose) {
  const button = element("button", "net-entry");
  button.type = "button";
  button.addEventListener("click", () => choose([i, j]));
  return button;
}
