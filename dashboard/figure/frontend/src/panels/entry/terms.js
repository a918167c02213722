// The sum that an entry is: one row per state step with immediate derivatives, one per loss step with total ones.

/** @import { Decoded, EntryView } from "../../../types/figure.ts" */

import { element } from "../../dom.js";
import { scientific } from "../../format.js";
import { rich } from "../../rich.js";
import { arrows, choosable } from "./choose.js";
import { READ_OUT, at, behind } from "./data.js";
import { summing, sumOver, sumOverLosses } from "./words.js";
import { bar, math, number, ownName, scrolling, short, stateName, unknown } from "./write.js";

/** @param {EntryView} view */
export function termsTable(view) {
  const { data, choice } = view;
  const { name, row } = choice;
  const readOut = READ_OUT.has(name);
  const heads = readOut
    ? [math("t"), math(ownName(name, row, "t"), name === "b_y" ? undefined : "h"), math(`∂L/∂z_t[${choice.col}]`, "grad"), "term", ""]
    : [math("t"), math(ownName(name, row, "t")), math(`φ^′(a_t)[${choice.col}]`), math(`∂L/∂h_t[${choice.col}]`, "grad"), "term", ""];
  const steps = Array.from({ length: data.T }, (_, k) => data.T - k);
  const rows = steps.map((k, place) => termRow(view, k, place));
  const label = `The terms of ${view.plainName}`;
  const table = framed("terms", label, heads, rows, foot(view, readOut ? 3 : 4));
  return arrows(table);
}

/**
 * @param {EntryView} view
 * @param {number} k
 * @param {number} place
 */
function termRow(view, k, place) {
  const { data, choice, known, part } = view;
  const { name, row, col } = choice;
  const read = !READ_OUT.has(name) || data.steps.includes(k);
  const is = known.term(name, k);
  const own = at(part.own, row, col, k - 1);
  const term = at(part.term, row, col, k - 1);
  const chosen = choice.k === k;
  const open = () => view.open(k);
  const pick = read ? choosable(`t-${k}`, place, 0, chosen, (event) => (event.stopPropagation(), open()), String(k)) : element("span", "unread", String(k));
  if (read) {
    pick.setAttribute("aria-pressed", String(chosen));
    pick.setAttribute("aria-label", `Open the term of t = ${k}${is ? `, ${number(term)}` : ", not computed yet"}`);
  }
  /** @type {(Node | string)[]} */
  const cells = [number(own)];
  if (READ_OUT.has(name)) cells.push(read ? (is ? number(at(data.factors.dz, data.steps.indexOf(k), col)) : unknown()) : "–");
  else cells.push(number(at(data.factors.slope, k - 1, col)), is ? number(at(data.factors.dh, k - 1, col)) : unknown());
  const signs = cells.map((_, c) => (read ? (c === cells.length - 1 ? "=" : "×") : ""));
  const result = !read ? "–" : is ? number(term) : unknown();
  const aside = name === "W_h" && k === 1 && own === 0 ? element("span", "remark", math(`h_0[${row}]`), " = 0") : null;
  const line = element(
    "tr",
    `${k === known.step ? "slot-row" : ""}${chosen ? " opened" : ""}${read ? " can" : ""}`,
    head("row", pick),
    ...cells.map((content, c) => element("td", "factor", element("span", c === 0 && (name === "W_h" || name === "W_y") ? "role-h" : c === cells.length - 1 && is ? "role-grad" : "", content), element("span", "sign", signs[c]))),
    element("td", "result", result),
    element("td", "term-bar", is && read ? bar(term, at(part.largest_term, row, col)) : null, aside),
  );
  if (read) line.addEventListener("click", open);
  return line;
}

/**
 * The sum so far, and once all is known the proof that it is the gradient.
 * @param {EntryView} view
 * @param {number} before
 */
function foot(view, before) {
  const { data, choice, known, part } = view;
  const { name, row, col } = choice;
  const count = known.count(name);
  const all = count === data.T;
  const words = all ? sumOver(name, data.steps.length, data.T) : count === 0 ? "No term is known yet" : `Sum so far, ${count} of ${data.T} terms`;
  const sum = count === 0 ? unknown() : number(all ? at(part.value, row, col) : at(part.so_far, row, col, count));
  return [total(words, before, sum), proof(view, before, all, part.difference)];
}

/**
 * @param {EntryView} view
 * @param {number} before
 * @param {boolean} all
 * @param {Decoded} difference
 */
function proof(view, before, all, difference) {
  const { row, col } = view.choice;
  const agrees = view.part.agrees[row][col];
  const words = element("th", "", "Backprop gives", all ? ` (difference ${scientific(at(difference, row, col), 1)})` : "");
  words.scope = "row";
  words.colSpan = before;
  const value = element("td", "result", all ? number(at(view.part.gradient, row, col)) : unknown());
  const check = element("td", `term-bar proof ${agrees ? "agrees" : "differs"}`, all ? (agrees ? "✓ equal" : "✗ not equal") : "");
  return element("tr", "proof-row", words, value, check);
}

/**
 * @param {string} words
 * @param {number} before
 * @param {Node | string} sum
 */
const total = (words, before, sum) => {
  const name = element("th", "", words);
  name.scope = "row";
  name.colSpan = before;
  return element("tr", "sum", name, element("td", "result", sum), element("td", ""));
};

/**
 * Total derivatives: one product per loss step.
 * @param {EntryView} view
 */
export function totalsTable(view) {
  const { data, choice, known, part } = view;
  const { name, row, col } = choice;
  const state = stateName(name, "s");
  const heads = [math("s"), math(`∂L_s/∂${state}`, "grad"), math(`d${state.replace(/[{}]/g, "")}/d${name}`), "product", ""];
  const largest = Math.max(...Array.from(behind(part.products, row, col), Math.abs));
  const rows = Array.from({ length: data.T }, (_, k) => data.T - k).map((s) => {
    const read = data.steps.indexOf(s);
    const is = read >= 0 && known.term(name, s);
    const sent = read < 0 ? "no loss here" : is ? vector(behind(part.sent, read)) : unknown();
    const product = read >= 0 ? at(part.products, row, col, read) : 0;
    return element(
      "tr",
      s === known.step ? "slot-row" : "",
      head("row", String(s)),
      element("td", "factor", element("span", read < 0 ? "quiet" : "role-grad", sent), element("span", "sign", read < 0 ? "" : "·")),
      element("td", "factor", element("span", read < 0 ? "quiet" : "", vector(behind(part.total, row, col, s - 1))), element("span", "sign", read < 0 ? "" : "=")),
      element("td", "result", read < 0 ? "–" : is ? number(product) : unknown()),
      element("td", "term-bar", is ? bar(product, largest) : null),
    );
  });
  const all = known.count(name) === data.T;
  const sum = all ? number(at(part.total_sum, row, col)) : unknown();
  return framed("terms totals", `Total derivatives for ${view.plainName}`, heads, rows, [total(sumOverLosses(data.steps.length), 3, sum), proof(view, 3, all, part.total_difference)]);
}

/**
 * Long vectors get a digit less, or two of them would not fit beside each other.
 * @param {ArrayLike<number>} values
 */
const vector = (values) => `[${Array.from(values, values.length > 3 ? short : number).join(", ")}]`;

/**
 * @param {string} className
 * @param {string} label
 * @param {(Node | string)[]} heads
 * @param {Node[]} rows
 * @param {Node[]} feet
 */
function framed(className, label, heads, rows, feet) {
  const titles = heads.map((content, k) => {
    const cell = element(content === "" ? "td" : "th", k > 0 ? "right" : "", content);
    if (content !== "") cell.scope = "col";
    return cell;
  });
  const table = element("table", className, element("thead", "", element("tr", "", ...titles)), element("tbody", "", ...rows), element("tfoot", "", ...feet));
  table.setAttribute("aria-label", label);
  return scrolling(label, table);
}

/**
 * @param {"row" | "col"} scope
 * @param {...(Node | string)} content
 */
function head(scope, ...content) {
  const cell = element("th", "", ...content);
  cell.scope = scope;
  return cell;
}

/**
 * What the two ways of summing have to do with one another, in words and numbers.
 * @param {EntryView} view
 */
export function remark(view) {
  const { data, choice, known, part } = view;
  const { row, col } = choice;
  const [again, gradient] = known.complete ? [number(at(part.counted_again, row, col)), number(at(part.gradient, row, col))] : ["?", "?"];
  return rich(summing(choice, data.steps, again, gradient));
}
