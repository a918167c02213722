// A Vega view of a chart template. Compiled and parsed once a template and palette; data and measures change later.

import { changeset, Error as ErrorLevel, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";

import { painted } from "./theme.js";

export const PADDING = { left: 60, right: 4, top: 8, bottom: 8 };

// `ast` and the interpreter evaluate expressions without eval, so a strict content security policy holds.
export function createView(spec, palette, container, tooltip) {
  const compiled = compile(painted(spec, palette)).spec;
  const view = new View(parse(compiled, null, { ast: true }), { expr: expressionInterpreter, renderer: "svg", container, logLevel: ErrorLevel });
  view.padding(PADDING);
  view.tooltip((_handler, event, _item, value) => {
    if (value === null || value === undefined || value === "") return tooltip.hide();
    return tooltip.show(event, Object.entries(value).map(([name, text]) => [name, String(text)]));
  });
  return view;
}

export function setData(view, sources) {
  for (const [name, columns] of Object.entries(sources)) {
    view.change(name, changeset().remove(() => true).insert(rows(columns)));
  }
}

const signals = new WeakMap();

// Only signals the template declares: a payload may carry one more than a chart uses.
export function setSignals(view, values) {
  if (!signals.has(view)) signals.set(view, view.getState({ data: () => false, signals: () => true }).signals);
  for (const [name, value] of Object.entries(values)) if (name in signals.get(view)) view.signal(name, value);
}

function rows(columns) {
  const names = Object.keys(columns);
  const count = names.length ? columns[names[0]].length : 0;
  return Array.from({ length: count }, (_, k) => Object.fromEntries(names.map((name) => [name, columns[name][k]])));
}
