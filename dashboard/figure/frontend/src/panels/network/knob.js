// W_h as one knob on the open vessel, and as a matrix beside it: pressing an entry lights its uses.

import { element, placed } from "../../dom.js";
import { fixed } from "../../format.js";
import { rich } from "../../rich.js";

const TURNED = 40; // degrees of the mark for one turn

/**
 * @param {{weights: {W_h: number[][]}}} data
 * @param {import("./layout.js").Layout} at
 * @param {{press: () => void, choose: (entry: [number, number]) => void}} told
 */
export function createKnob(data, at, { press, choose }) {
  const mark = element("span", "net-mark");
  const knob = placed(element("button", "net-dial", mark, rich([{ math: "W_h" }])), at.knob.x - at.knob.r, at.knob.y - at.knob.r, 2 * at.knob.r, 2 * at.knob.r);
  knob.type = "button";
  knob.addEventListener("click", press);
  const value = placed(element("div", "net-dial-value"), at.knob.x - 34, at.knob.y + at.knob.r + 2, 68, 18);
  const buttons = data.weights.W_h.map((row, i) => row.map((weight, j) => entry(i, j, fixed(weight, 2), choose)));
  const grid = element("div", "net-matrix-grid", ...buttons.flat());
  grid.style.setProperty("--columns", String(data.weights.W_h.length));
  const node = element("div", "net-matrix", element("span", "", rich([{ math: "W_h" }])), grid, element("small", "", "press an entry"));
  if (at.phone) placed(node, at.width - at.matrixWidth - 16, at.vessel - 62 - 28 * buttons.length, at.matrixWidth + 12);
  else placed(node, at.width - at.matrixWidth, at.vessel - 10, at.matrixWidth);

  /** @param {{entry: number[], turn: number, weight: number, lit: boolean, open: boolean}} view */
  function set({ entry: [row, column], turn, weight, lit, open }) {
    node.hidden = at.phone && !open;
    knob.setAttribute("aria-pressed", String(lit));
    knob.setAttribute("aria-label", lit ? "W_h: its uses are lit" : "W_h: light its uses");
    mark.style.transform = `rotate(${45 + turn * TURNED}deg)`;
    value.textContent = at.phone ? (lit ? `${fixed(weight, 2)} ▾` : "press") : "";
    buttons.forEach((line, i) =>
      line.forEach((button, j) => {
        const chosen = row === i && column === j;
        button.setAttribute("aria-pressed", String(lit && chosen));
        button.textContent = fixed(chosen ? weight : data.weights.W_h[i][j], 2);
      }),
    );
  }

  return { nodes: [knob, value, node], set };
}

/**
 * @param {number} i
 * @param {number} j
 * @param {string} text
 * @param {(entry: [number, number]) => void} choose
 */
function entry(i, j, text, choose) {
  const button = element("button", "net-entry", text);
  button.type = "button";
  button.setAttribute("aria-label", `W_h, row ${i}, column ${j}: ${text}`);
  button.addEventListener("click", () => choose([i, j]));
  return button;
}
