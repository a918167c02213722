// "Show as table": the numbers of one chart or map, step by step, built when asked for.

/** @import { Context, StepTable } from "../types/figure.ts" */

import { element } from "./dom.js";

/**
 * @param {Context} context
 * @param {() => StepTable[]} tables
 */
export function createAsTable(context, tables) {
  const choice = element("select", "");
  choice.setAttribute("aria-label", "Panel shown as a table");
  const scroller = element("div", "scroller tall");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  const node = element("details", "as-table", element("summary", "", "Show as table"), choice, scroller);

  /** @param {string} label the figure's; a page may have many */
  function rebuild(label) {
    const kept = choice.selectedIndex;
    choice.replaceChildren(...tables().map(({ name }) => element("option", "", name)));
    choice.selectedIndex = Math.min(Math.max(kept, 0), choice.options.length - 1);
    scroller.setAttribute("aria-label", `${label}: numbers of the chosen panel`);
    node.hidden = choice.options.length === 0;
    if (node.open) fill();
  }

  function fill() {
    const shown = tables()[choice.selectedIndex];
    if (!shown) return;
    const head = element("tr", "", ...["step", context.named ? "token" : "distance", ...shown.columns].map((text, k) => cell("th", text, k, "col")));
    const lines = context.tokens.map((token, k) => {
      const values = shown.row(k + 1);
      const cells = values.map((text) => cell("td", text, 2));
      return element("tr", "", cell("th", String(k + 1), 0, "row"), cell("td", token, 1), ...cells);
    });
    scroller.replaceChildren(element("table", "numbers", element("thead", "", head), element("tbody", "", ...lines)));
  }

  node.addEventListener("toggle", () => node.open && fill());
  choice.addEventListener("change", fill);
  return { node, rebuild };
}

/**
 * @param {"th" | "td"} tag
 * @param {string} text
 * @param {number} k
 * @param {string} [scope]
 */
function cell(tag, text, k, scope) {
  const node = element(tag, k > 1 ? "right" : "", text);
  if (scope) node.scope = scope;
  return node;
}
