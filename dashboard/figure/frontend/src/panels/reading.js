// The sentence itself, once for each model: every word shaded by its share, the share below it, the chosen word framed.
// A word pressed is the step chosen; the keyboard has the figure's own slider for that.

/** @import { ReadingData, ReadingRow } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { decode } from "../decode.js";
import { element } from "../dom.js";
import { keyMark } from "./vectors.js";

const SHADE = 42; // per cent of the colour behind the word with the largest share; text stays readable on it
const TOLD = 0.005; // smaller shares have no number

/**
 * @param {Context} context
 * @param {ReadingData} data
 * @returns {Panel<ReadingData>}
 */
export function create(context, data) {
  const full = element("div", "reading");
  /** @type {HTMLElement[][]} */
  let words = [];
  let shown = 0;

  /** @param {ReadingData} next */
  function update(next) {
    words = [];
    shown = 0;
    full.replaceChildren(...next.rows.map((row) => line(row, next.largest)));
  }

  /**
   * @param {ReadingRow} row
   * @param {number} largest
   */
  function line(row, largest) {
    const shares = decode(row.shares).values;
    const spans = context.tokens.map((token, k) => {
      const share = shares[k];
      const below = share < TOLD ? "" : share < 0.01 ? "<1" : String(Math.round(100 * share));
      const word = element("span", "reading-word", element("span", "token", token), element("span", "reading-share", below));
      word.style.setProperty("--shade", `${(largest > 0 ? (SHADE * share) / largest : 0).toFixed(1)}%`);
      word.addEventListener("click", () => context.setStep(k + 1));
      return word;
    });
    words.push(spans);
    const text = element("p", "reading-text", ...spans.flatMap((span) => [span, " "]));
    const name = element("div", "reading-name", keyMark(row.key), element("strong", "", row.name), element("span", "label", row.said));
    return element("div", "reading-line", name, text);
  }

  update(data);
  return {
    full,
    update,
    setCursor({ t }) {
      for (const spans of words) {
        spans[shown - 1]?.classList.remove("chosen");
        spans[t - 1]?.classList.add("chosen");
      }
      shown = t;
    },
    resize() {},
    destroy() {},
  };
}
