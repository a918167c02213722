// One term as the product it is: factors from left to right, and under each the row vector after it.

/** @import { Decoded, EntryView } from "../../../types/figure.ts" */

import { element } from "../../dom.js";
import { rich } from "../../rich.js";
import { radios } from "./choose.js";
import { READ_OUT, at, behind, matrix } from "./data.js";
import { example, factorsOf, growing } from "./words.js";
import { bracketed, index, math, number, scrolling, stateName, unknown } from "./write.js";

/** @param {EntryView} view */
export function chainBox(view) {
  return view.choice.total ? forwards(view) : backwards(view);
}

/** @param {EntryView} view */
function backwards(view) {
  const { data, choice } = view;
  const { s, k } = choice;
  const title = element("h3", "", "One term, opened: ", math(`t = ${k}`), data.steps.length > 1 ? rich([", loss at ", { math: `s = ${s}` }]) : "");
  const table = product(factors(view), `The factors of the term of t = ${k}${data.steps.length > 1 ? `, loss at ${s}` : ""}`);
  return [element("div", "chain-head", title, losses(view)), table, story(view)];
}

/**
 * With several losses a term is a sum itself: one part for each loss step that reaches k.
 * @param {EntryView} view
 */
function losses(view) {
  const { data, choice, known, part } = view;
  const { name, row, col, s, k } = choice;
  const reach = data.steps.filter((step) => step >= k);
  if (reach.length < 2 || READ_OUT.has(name)) return null;
  /** @param {number} step */
  const value = (step) => (known.term(name, k) ? number(at(part.terms, row, col, data.steps.indexOf(step), k - 1)) : "?");
  return radios(
    "Loss step",
    reach.map((step) => [`s-${step}`, `loss at ${step}: ${value(step)}`, step === s, () => view.choose({ s: step, example: false })]),
  );
}

/** @typedef {{symbol: string, value: Node | null, after: string, result: Node | null, first?: boolean, last?: boolean}} Factor */

/**
 * The factors, in the order in which they are multiplied; value and result null where not known.
 * @param {EntryView} view
 * @returns {Factor[]}
 */
function factors(view) {
  const { data, choice, known, part } = view;
  const { name, row, col, s, k } = choice;
  const { dL_dy_hat, dy_hat_dz, dz, dz_dh, J, rows } = data.factors;
  const read = data.steps.indexOf(s);
  const readOut = READ_OUT.has(name);
  const known_z = known.output || known.reached <= s;
  const loss = data.steps.length > 1 ? `L_{${s}}` : "L";
  /**
   * @param {boolean} is
   * @param {() => Node} make
   */
  const when = (is, make) => (is ? make() : null);
  /** @param {Iterable<number>} values */
  const line = (values) => bracketed([Array.from(values)]);
  /** @type {Factor[]} */
  const list = [
    { symbol: `∂${loss}/∂\\hat{y}${data.steps.length > 1 ? `_{${s}}` : ""}`, value: when(known_z, () => line(behind(dL_dy_hat, read))), after: "", result: null, first: true },
    { symbol: `∂\\hat{y}${data.steps.length > 1 ? `_{${s}}` : ""}/∂z_{${s}}`, value: when(known_z, () => bracketed(matrix(dy_hat_dz, read))), after: `∂${loss}/∂z_{${s}}`, result: when(known_z, () => line(behind(dz, read))) },
  ];
  if (!readOut) {
    /** @param {number} t */
    const reaches = (t) => known.reached <= t;
    list.push({ symbol: `∂z_{${s}}/∂h_{${s}}`, value: when(reaches(s), () => bracketed(matrix(dz_dh))), after: `∂${loss}/∂h_{${s}}`, result: when(reaches(s), () => line(behind(rows, read, s - 1))) });
    for (let t = s; t > k; t--) {
      list.push({ symbol: `∂h_{${t}}/∂h_{${t - 1}}`, value: when(reaches(t - 1), () => bracketed(matrix(J, t - 1))), after: `∂${loss}/∂h_{${t - 1}}`, result: when(reaches(t - 1), () => line(behind(rows, read, t - 2))) });
    }
  }
  const is = known.term(name, k);
  const column = Array.from(behind(part.immediate, row, col, k - 1), (value) => [value]);
  const term = at(part.terms, row, col, read, k - 1);
  list.push({ symbol: `∂⁺${stateName(name, k)}/∂${name}${index(name, row, col)}`, value: when(is, () => bracketed(column)), after: "term", result: when(is, () => element("strong", "", number(term))), last: true });
  return list;
}

/**
 * @param {Factor[]} list
 * @param {string} label
 */
function product(list, label) {
  /**
   * @param {string} title
   * @param {Node[]} cells
   */
  const line = (title, cells) => {
    const name = element("th", "", title);
    name.scope = "row";
    return element("tr", "", name, ...cells);
  };
  const heads = list.map(({ symbol, last }) => {
    const cell = element("th", "", math(symbol, last ? undefined : symbol.startsWith("∂L") ? "grad" : undefined));
    cell.scope = "col";
    return cell;
  });
  const values = list.map(({ value }, k) => element("td", k ? "times" : "", value ?? unknown()));
  const names = list.map(({ after, first }) => element("td", "after", first ? "" : after === "term" ? "the term" : math(after, "grad")));
  const results = list.map(({ result, first }) => element("td", "after-value", first ? "" : (result ?? unknown())));
  const table = element(
    "table",
    "chain",
    element("thead", "", line("factor", heads)),
    element("tbody", "", line("value", values), line("so far", names), line("", results)),
  );
  table.querySelectorAll("tbody tr:last-child > th").forEach((cell) => cell.replaceWith(element("td", "")));
  table.setAttribute("aria-label", label);
  return scrolling(label, table);
}

/**
 * The words below the chain: the chapter's example, or how to read the factors.
 * @param {EntryView} view
 */
function story(view) {
  const { data, choice } = view;
  const { name, s, k } = choice;
  if (choice.example && name === "W_h" && k === 3 && s === data.T) return element("div", "story example", ...example(data.T).map((runs) => element("p", "", rich(runs))));
  return element("p", "story", rich(factorsOf(choice)));
}

/**
 * Total derivatives grow forwards: each holds its own use and, through its Jacobian, all earlier ones.
 * @param {EntryView} view
 */
function forwards(view) {
  const { data, choice, part } = view;
  const { name, row, col } = choice;
  const title = element("h3", "", "The total derivative, step by step");
  const steps = Array.from({ length: data.T }, (_, k) => k + 1);
  /** @type {(array: Decoded, t: number) => HTMLElement} */
  const column = (array, t) => bracketed(Array.from(behind(array, row, col, t - 1), (value) => [value]));
  const head = element("tr", "", named("t"), ...steps.map((t) => titled(String(t))));
  const own = element("tr", "", named(math(`∂⁺${stateName(name, "t")}/∂${name}`)), ...steps.map((t) => element("td", "", column(part.immediate, t))));
  const all = element("tr", "", named(math(`d${stateName(name, "t")}/d${name}`)), ...steps.map((t) => element("td", "", column(part.total, t))));
  const table = element("table", "chain steps-of-total", element("thead", "", head), element("tbody", "", own, all));
  const scroller = scrolling("Immediate and total derivative of every step", table);
  return [element("div", "chain-head", title), scroller, element("p", "story", rich(growing(name)))];
}

/** @param {Node | string} content */
const named = (content) => {
  const cell = element("th", "", content);
  cell.scope = "row";
  return cell;
};

/** @param {Node | string} content */
const titled = (content) => {
  const cell = element("th", "", content);
  cell.scope = "col";
  return cell;
};
