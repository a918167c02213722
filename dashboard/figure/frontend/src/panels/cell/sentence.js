// The sentence as the time cursor: words over the forget gate and the cell state of every step. A slider by keyboard.

/** @import { RampKind } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */
/** @import { CellArrays, CellView } from "../../../types/cell.ts" */

import { element } from "../../dom.js";
import { fixed } from "../../format.js";
import { rich } from "../../rich.js";
import { ramp, rampCss, rampIndex } from "../../theme.js";

/** @type {["f" | "c", RampKind, string][]} */
const ROWS = [
  ["f", "gate", "forget gate"],
  ["c", "signed", "cell state"],
];

/** @param {Context} context */
export function createSentence(context) {
  const frame = element("div", "cell-slot");
  const grid = element("div", "cell-grid");
  const time = element("div", "cell-time", frame, grid);
  const gutter = element("div", "cell-gutter");
  time.dataset.time = "";
  time.tabIndex = 0;
  time.setAttribute("role", "slider");
  time.setAttribute("aria-label", "Word");
  time.setAttribute("aria-valuemin", "1");
  const hint = element("div", "cell-caption cell-hint");
  const node = element("div", "cell-sentence", hint, element("div", "cell-sentence-body", gutter, time));
  /** @type {HTMLElement[]} */
  let words = [];
  let T = 1;

  /**
   * @param {CellArrays} data
   * @param {CellView} view
   */
  function draw(data, { readAll, before, heldAt }) {
    const tokens = context.tokens;
    T = tokens.length;
    const column = (context.geometry.width - (context.narrow ? 34 : 112)) / T;
    const bare = column < 46;
    node.classList.toggle("bare", bare);
    grid.style.gridTemplateColumns = `repeat(${T}, minmax(0, 1fr))`;
    words = tokens.map((token) => element("span", "cell-token token", token));
    const cells = [...words];
    const labels = [element("div", "cell-token")];
    for (const [name, kind, label] of ROWS) {
      const colours = ramp(kind, name, context.palette);
      const [low, high] = kind === "gate" ? [0, 1] : [-data.limit, data.limit];
      labels.push(gutterLabel(name, label, colours, low, high));
      for (let k = 0; k < data.H; k++) {
        for (let t = 1; t <= T; t++) {
          const value = readAll(name, t)[k];
          const old = before(name, t, 0);
          const swatch = element("i", "cell-swatch");
          swatch.style.background = rampCss(colours, rampIndex(value, low, high) / 255);
          const text = fixed(value, 2);
          const cell = element("span", "cell-of", swatch, bare ? null : element("span", "", text));
          cell.classList.toggle("first", k === 0);
          cell.classList.toggle("held", name === "f" && heldAt("f", t).units.has(k));
          if (old && fixed(old[k], 3) !== fixed(value, 3)) {
            cell.classList.add("moved");
            cell.dataset.was = fixed(old[k], 2);
          }
          tip(cell, name, t, k, text);
          cells.push(cell);
        }
      }
    }
    grid.replaceChildren(...cells);
    gutter.replaceChildren(...labels);
    time.setAttribute("aria-valuemax", String(T));
    gutter.style.setProperty("--rows", data.H);
  }

  /**
   * @param {HTMLElement} cell
   * @param {string} name
   * @param {number} t
   * @param {number} k
   * @param {string} text
   */
  function tip(cell, name, t, k, text) {
    cell.addEventListener("pointermove", (event) => {
      if (event.buttons || event.pointerType !== "mouse") return context.tooltip.hide();
      /** @type {[name: string, value: string][]} */
      const lines = [["word", `${t}, ${context.tokens[t - 1]}`], [`${name}[${k}]`, text]];
      if (cell.dataset.was) lines.push(["was", cell.dataset.was]);
      context.tooltip.show(event, lines);
    });
    cell.addEventListener("pointerleave", () => context.tooltip.hide());
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {Uint8ClampedArray} colours
   * @param {number} low
   * @param {number} high
   */
  function gutterLabel(name, label, colours, low, high) {
    const strip = element("div", "ramp");
    strip.style.background = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, k) => rampCss(colours, k / 8)).join(", ")})`;
    /** @param {number} value */
    const end = (value) => fixed(value, Number.isInteger(value) ? 0 : 1);
    const ends = element("div", "ramp-ends", element("span", "", end(low)), element("span", "", end(high)));
    return element("div", "cell-row-name", element("span", "", rich([{ math: `${name}_t` }]), context.narrow ? "" : ` ${label}`), context.narrow ? null : strip, context.narrow ? null : ends);
  }

  /** @param {CellView} view */
  function set({ t }) {
    frame.style.left = `${(100 * (t - 1)) / T}%`;
    frame.style.width = `${100 / T}%`;
    words.forEach((word, k) => word.classList.toggle("now", k + 1 === t));
    time.setAttribute("aria-valuenow", String(t));
    time.setAttribute("aria-valuetext", `Word ${t} of ${T}, ${context.tokens[t - 1]}`);
    hint.textContent = context.narrow ? `word ${t} of ${T}` : `word ${t} of ${T} · press a word, or ← → for words and ↑ ↓ for sub-steps · bars in the cell: gates 0 to 1, g and h −1 to 1`;
  }

  return {
    node,
    draw,
    set,
    focus: () => time.focus({ preventScroll: true, focusVisible: false }),
    /** @param {MouseEvent} event */
    stepUnder(event) {
      const box = time.getBoundingClientRect();
      return Math.floor(((event.clientX - box.left) / box.width) * T) + 1;
    },
  };
}
