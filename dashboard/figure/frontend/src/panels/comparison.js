// Claims against measurements: a row an aspect, with what is said of each model, what each measured, and the verdict.
// Pressing a verdict opens why, with a link to the part of the page that measured it. On a narrow container an aspect
// is a group of three lines.

/** @import { Aspect, ComparisonData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element, focusedBeside } from "../dom.js";
import { rich } from "../rich.js";

/**
 * @param {Context} context
 * @param {ComparisonData} data
 * @returns {Panel<ComparisonData>}
 */
export function create(context, data) {
  const full = element("div", "comparison");
  /** @type {Set<string>} aspects whose why is open; they stay so when the numbers change */
  const open = new Set();

  /** @param {ComparisonData} next */
  function update(next) {
    const focused = focusedBeside(full), aspect = focused?.dataset.aspect;
    full.replaceChildren(context.narrow ? groups(next, open) : table(next, open));
    /** @type {HTMLElement | null} */ (aspect && full.querySelector(`${focused.localName}[data-aspect="${aspect}"]`))?.focus({ preventScroll: true });
  }

  update(data);
  return { full, update, setCursor() {}, resize() {}, destroy() {} };
}

/**
 * @param {ComparisonData} data
 * @param {Set<string>} open
 */
function table({ models, rows, said, measured, verdict }, open) {
  const across = (/** @type {string} */ text) => Object.assign(scoped("colgroup", text), { colSpan: models.length });
  const first = element("tr", "", element("td", ""), across(said), across(measured), element("td", ""));
  const second = element("tr", "", element("td", ""), ...[...models, ...models].map((name) => scoped("col", name)), scoped("col", verdict));
  const body = rows.flatMap((row) => {
    const why = explained(row, 2 + 2 * models.length, open);
    const claims = row.claims.map((text) => element("td", "claimed", text));
    const runs = row.measured.map((told) => element("td", "", rich(told)));
    return [element("tr", "", scoped("row", row.aspect), ...claims, ...runs, element("td", "", judged(row, why, open))), why];
  });
  return element("div", "scroller", element("table", "numbers", element("thead", "", first, second), element("tbody", "", ...body)));
}

/**
 * @param {ComparisonData} data
 * @param {Set<string>} open
 */
function groups({ models, rows, short: [said, measured] }, open) {
  const head = element("tr", "", element("td", ""), ...models.map((name) => scoped("col", name)));
  const bodies = rows.map((row) => {
    const why = explained(row, 1 + models.length, open);
    const name = Object.assign(scoped("rowgroup", ""), { colSpan: 1 + models.length, className: "aspect" });
    name.append(element("span", "", row.aspect), judged(row, why, open));
    const claims = element("tr", "claimed", scoped("row", said), ...row.claims.map((text) => element("td", "", text)));
    const runs = element("tr", "", scoped("row", measured), ...row.measured.map((told) => element("td", "", rich(told))));
    return element("tbody", "", element("tr", "", name), claims, runs, why);
  });
  return element("table", "numbers groups", element("thead", "", head), ...bodies);
}

/**
 * The row that says why, closed until its verdict is pressed.
 * @param {Aspect} row
 * @param {number} columns
 * @param {Set<string>} open
 */
function explained({ aspect, text, how }, columns, open) {
  const link = element("a", "how", how.text);
  link.href = `#${how.to}`;
  link.dataset.aspect = aspect;
  link.setAttribute("aria-label", `${how.text}: ${how.name}`);
  link.addEventListener("click", (event) => lead(event, how.to));
  const cell = element("td", "", rich(text), " ", link);
  cell.colSpan = columns;
  const line = element("tr", "why", cell);
  line.hidden = !open.has(aspect);
  return line;
}

/**
 * The verdict, which opens and closes its row.
 * @param {Aspect} row
 * @param {HTMLElement} why
 * @param {Set<string>} open
 */
function judged({ aspect, sign, word, tone }, why, open) {
  const button = element("button", `word ${tone}`, `${sign} ${word}`);
  button.type = "button";
  button.dataset.aspect = aspect;
  button.setAttribute("aria-expanded", String(!why.hidden));
  button.addEventListener("click", () => {
    why.hidden = !why.hidden;
    button.setAttribute("aria-expanded", String(!why.hidden));
    if (why.hidden) open.delete(aspect);
    else open.add(aspect);
  });
  return button;
}

/**
 * The page's address stays as it is: a change of it would ask the server for another page.
 * @param {Event} event
 * @param {string} id of an element, or the key of a fold, which is opened
 */
function lead(event, id) {
  const fold = /** @type {HTMLElement | null} */ (document.querySelector(`.st-key-${CSS.escape(id)} summary`));
  const target = document.getElementById(id) ?? fold;
  if (!target) return;
  event.preventDefault();
  if (target === fold && !fold.closest("details")?.open) fold.click();
  const smooth = matchMedia("(prefers-reduced-motion: no-preference)").matches;
  target.scrollIntoView({ behavior: smooth ? "smooth" : "auto", block: "start" });
  if (target !== fold) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/**
 * @param {"col" | "row" | "colgroup" | "rowgroup"} scope
 * @param {string} text
 */
function scoped(scope, text) {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}
