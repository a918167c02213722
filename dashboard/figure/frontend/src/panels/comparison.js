// Claims against measurements: a row an aspect, with what is said, what each model measured, and the verdict.
// On a narrow container each aspect is a list of its own. A link leads to the part of the page that measured it.

/** @import { Aspect, ComparisonData, Verdict } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element } from "../dom.js";
import { rich } from "../rich.js";

/**
 * @param {Context} context
 * @param {ComparisonData} data
 * @returns {Panel<ComparisonData>}
 */
export function create(context, data) {
  const full = element("div", "comparison");

  /** @param {ComparisonData} next */
  function update(next) {
    full.replaceChildren(context.narrow ? lists(next) : table(next));
  }

  update(data);
  return { full, update, setCursor() {}, resize() {}, destroy() {} };
}

/** @param {ComparisonData} data */
function table({ heads, rows }) {
  const head = element("tr", "", ...heads.map((text) => scoped("th", "col", text)));
  const body = rows.map((row) =>
    element("tr", "", scoped("th", "row", row.aspect), element("td", "claimed", ...claims(row)), ...row.measured.map((runs) => element("td", "", rich(runs))), element("td", "verdict", ...verdict(row))),
  );
  return element("div", "scroller", element("table", "numbers", element("thead", "", head), element("tbody", "", ...body)));
}

/** @param {ComparisonData} data */
function lists({ heads, models, rows }) {
  const parts = rows.map((row) => {
    /** @type {[name: string, content: Node[]][]} */
    const pairs = [[heads[1], claims(row)], ...models.map((name, k) => /** @type {[string, Node[]]} */ ([name, [rich(row.measured[k])]]))];
    const list = element("dl", "", ...pairs.flatMap(([name, content]) => [element("dt", "", name), element("dd", "", ...content)]));
    return element("div", "aspect", element("strong", "aspect-name", row.aspect), list, element("div", "verdict", ...verdict(row)));
  });
  return element("div", "aspects", ...parts);
}

/** @param {Aspect} aspect */
const claims = ({ claims: lines }) => lines.map((line) => element("div", "", line));

/** @param {Verdict} found */
function verdict({ sign, word, tone, text, how }) {
  const link = element("a", "how", how.text);
  link.href = `#${how.to}`;
  link.setAttribute("aria-label", `${how.text}: ${how.name}`);
  link.addEventListener("click", (event) => lead(event, how.to));
  return [element("div", `word ${tone}`, `${sign} ${word}`), element("div", "", rich(text), " ", link)];
}

/**
 * The page's address stays as it is: a change of it would ask the server for another page.
 * @param {Event} event
 * @param {string} id
 */
function lead(event, id) {
  const target = document.getElementById(id);
  if (!target) return;
  event.preventDefault();
  const smooth = matchMedia("(prefers-reduced-motion: no-preference)").matches;
  target.scrollIntoView({ behavior: smooth ? "smooth" : "auto", block: "start" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/**
 * @param {"th"} tag
 * @param {"col" | "row"} scope
 * @param {string} text
 */
function scoped(tag, scope, text) {
  const cell = element(text ? tag : "td", "", text);
  if (text) cell.scope = scope;
  return cell;
}
