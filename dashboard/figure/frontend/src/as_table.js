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
    const { rows } = shown;
    const heads = rows ? [rows.head] : ["step", context.named ? "token" : "distance"];
    const head = element("tr", "", ...heads.map((text) => cell("th", text, 0, "col")), ...shown.columns.map((text) => cell("th", text, 2, "col")));
    const lines = (rows?.names ?? context.tokens).map((name, k) => {
      const first = rows ? [cell("th", name, 0, "row")] : [cell("th", String(k + 1), 0, "row"), cell("td", name, 1)];
      return element("tr", "", ...first, ...shown.row(k + 1).map((text) => cell("td", text, 2)));
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
