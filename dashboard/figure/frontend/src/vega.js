// A Vega view of a chart template. Compiled and parsed once a template and palette; data and measures change later.

/** @import { Columns, Palette, Sources } from "../types/payload.ts" */
/** @import { TooltipLike } from "../types/figure.ts" */

import { changeset, Error as ErrorLevel, expressionFunction, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

import { power, powerOfTen, short, significant } from "./format.js";
import { painted } from "./theme.js";

// What templates write numbers with; see `charts/_parts.py`.
expressionFunction("written", short);
expressionFunction("power", power);
expressionFunction("powerOfTen", powerOfTen);
expressionFunction("significant", significant);

// Fields whose values say themselves what they are.
const SPEAKING = new Set(["label", "model", "name", "series", "text"]);

export const PADDING = { left: 60, right: 4, top: 8, bottom: 8 };

/**
 * `ast` and the interpreter evaluate expressions without eval, so a strict content security policy holds.
 * @param {object} spec
 * @param {Palette} palette
 * @param {HTMLElement} container
 * @param {TooltipLike} tooltip
 */
export function createView(spec, palette, container, tooltip) {
  const compiled = compile(/** @type {import("vega-lite").TopLevelSpec} */ (painted(spec, palette))).spec;
  const view = new View(parse(compiled, undefined, { ast: true }), { expr: expressionInterpreter, renderer: "svg", container, logLevel: ErrorLevel });
  view.padding(PADDING);
  view.tooltip((_handler, event, _item, value) => {
    if (value === null || value === undefined || value === "") return tooltip.hide();
    return tooltip.show(event, Object.entries(value).map(([name, text]) => [SPEAKING.has(name) ? "" : name, String(text)]));
  });
  return view;
}

/**
 * @param {View} view
 * @param {Sources} sources
 * @param {(row: Record<string, unknown>) => boolean} [drawn] the rows to draw; all by default
 */
export function setData(view, sources, drawn = () => true) {
  for (const [name, tables] of Object.entries(sources)) {
    view.change(name, changeset().remove(() => true).insert([tables].flat().flatMap(rows).filter(drawn)));
  }
}

/** @type {WeakMap<View, object>} */
const signals = new WeakMap();

/**
 * Only signals the template declares: a payload may carry one more than a chart uses.
 * @param {View} view
 * @param {Record<string, unknown>} values
 */
export function setSignals(view, values) {
  const known = signals.get(view) ?? view.getState({ data: () => false, signals: () => true }).signals;
  signals.set(view, known);
  for (const [name, value] of Object.entries(values)) if (name in known) view.signal(name, value);
}

/**
 * @param {Columns} columns
 * @returns {Record<string, unknown>[]}
 */
function rows(columns) {
  const names = Object.keys(columns);
  const each = names.find((name) => typeof columns[name] !== "string");
  const count = each === undefined ? 0 : columns[each].length;
  const at = (/** @type {string} */ name, /** @type {number} */ k) => (typeof columns[name] === "string" ? columns[name] : columns[name][k]);
  return Array.from({ length: count }, (_, k) => Object.fromEntries(names.map((name) => [name, at(name, k)])));
}
