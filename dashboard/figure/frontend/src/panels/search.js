// Find the steps at which a quantity is below or above a threshold, in the chosen unit or in any. A step found is a
// button that goes there; bars on the time axis say in how many units it holds.

/** @import { SearchData } from "../../types/payload.ts" */
/** @import { Context, Cursor, Decoded, Panel, Timer } from "../../types/figure.ts" */

import { decode } from "../decode.js";
import { clamp, element, focusedBeside, svg } from "../dom.js";
import { fixed, short } from "../format.js";

const NAME = "search";
const BARS = 22; // px, height of the bars' row
const NOTHING = "nothing is asked for";
const QUIET = 500; // ms without a change before the result is said

/** @typedef {{name: string, scope: "any" | "one", side: "below" | "above", threshold: number}} Query */
/** @typedef {{t: number, count: number, unit: number, value: number}} Found */

/**
 * @param {Context} context
 * @param {SearchData} data
 * @returns {Panel<SearchData>}
 */
export function create(context, data) {
  const quantity = select("Quantity", (name) => choose({ name }));
  const scope = select("Units", (name) => choose({ scope: name === "one" ? "one" : "any" }));
  const side = select("Comparison", (name) => choose({ side: name === "below" ? "below" : "above" }));
  const threshold = element("input", "");
  threshold.type = "number";
  threshold.step = "0.05";
  threshold.setAttribute("aria-label", "Threshold");
  const count = element("span", "search-count");
  const spoken = element("div", "live");
  spoken.setAttribute("role", "status");
  const list = element("ol", "search-list");
  list.setAttribute("aria-label", "Steps found");
  const form = element("div", "search-form", element("strong", "", "Find steps"), " where ", quantity.node, " of ", scope.node, " is ", side.node, threshold);
  const title = element("div", "finder", form, count, list, spoken);
  const bars = svg("svg", { class: "search-bars", height: BARS, "aria-hidden": "true" });
  const path = svg("path");
  bars.append(path);
  const gutter = element("div", "label", "units found");
  /** @type {SearchData} */
  let payload;
  /** @type {Map<string, Decoded>} */
  let arrays;
  /** @type {Timer | undefined} */
  let said;
  /** @type {Found[]} */
  let found = [];
  /** @type {string | null} */
  let shown = null; // the query whose result stands on the screen

  function clear() {
    found = [];
    shown = NOTHING;
    count.textContent = "Type a number.";
    list.replaceChildren();
    path.setAttribute("d", "");
  }

  /** @param {string} name */
  const arrayOf = (name) => /** @type {Decoded} */ (arrays.get(name));

  /** @returns {Query} */
  const asked = () => {
    const { name, below, threshold: start } = payload.start;
    return { name, threshold: start, scope: "any", side: below ? "below" : "above", .../** @type {Partial<Query>} */ (context.recall(NAME)) };
  };

  /** @param {Partial<Query>} change */
  function choose(change) {
    context.remember(NAME, change);
    draw(context.cursor);
    clearTimeout(said);
    said = setTimeout(() => (spoken.textContent = count.textContent), QUIET);
  }

  // Nothing found stands beside a field that asks for something else: while there is no number in it, there is no result.
  threshold.addEventListener("input", () => {
    if (threshold.value === "" || !Number.isFinite(threshold.valueAsNumber)) return clear();
    shown = null;
    choose({ threshold: threshold.valueAsNumber });
  });
  threshold.addEventListener("blur", () => {
    if (shown !== NOTHING) return; // what is found stays: the press that takes the focus may be on it
    shown = null;
    draw(context.cursor);
  });
  // Arrows, Home and End belong to the field that has the focus, not to the time cursor.
  form.addEventListener("keydown", (event) => event.stopPropagation());

  /** @param {SearchData} next */
  function update(next) {
    payload = next;
    arrays = new Map(next.quantities.map(({ name, values }) => [name, decode(values)]));
    quantity.set(next.quantities.map(({ name, label }) => [name, `${label} ${name}`]));
    scope.set([["any", "any unit"], ["one", "the chosen unit"]]);
    side.set([["below", "below"], ["above", "above"]]);
    shown = null;
    draw(context.cursor);
  }

  /**
   * For each step: the units where it holds, and the one where it holds most clearly.
   * @param {Query} query
   * @param {number} unit
   * @returns {Found[]}
   */
  function matches(query, unit) {
    const { values, shape } = arrayOf(query.name);
    const [T, H] = shape;
    const sign = query.side === "below" ? 1 : -1;
    const units = query.scope === "one" ? [unit - 1] : Array.from({ length: H }, (_, k) => k);
    return Array.from({ length: T }, (_, k) => {
      const held = units.filter((u) => sign * values[k * H + u] < sign * query.threshold);
      const most = held.reduce((best, u) => (best < 0 || sign * values[k * H + u] < sign * values[k * H + best] ? u : best), -1);
      return { t: k + 1, count: held.length, unit: most + 1, value: most < 0 ? NaN : values[k * H + most] };
    }).filter((step) => step.count > 0);
  }

  /** @param {Cursor} cursor */
  function draw({ unit }) {
    const query = asked();
    const now = JSON.stringify([query.name, query.scope, query.side, query.threshold, query.scope === "one" && unit]);
    if (now === shown || (shown === NOTHING && focusedBeside(threshold) === threshold)) return;
    shown = now;
    quantity.node.value = query.name;
    scope.node.value = query.scope;
    side.node.value = query.side;
    if (focusedBeside(threshold) !== threshold) threshold.value = String(query.threshold);
    found = matches(query, unit);
    const where = query.scope === "one" ? ` in unit ${unit - 1}` : "";
    const T = context.tokens.length;
    count.textContent = `${query.name} ${query.side === "below" ? "<" : ">"} ${short(query.threshold)}${where} at ${found.length} of ${T} steps${found.length ? ":" : "."}`;
    list.replaceChildren(...found.map((step) => element("li", "", button(step, query))));
    path.setAttribute("class", `fill-${query.name}`);
    drawBars(query);
    mark(context.cursor);
  }

  /**
   * @param {Found} step
   * @param {Query} query
   */
  function button(step, query) {
    const values = query.scope === "one" ? fixed(step.value, 2) : `${step.count} unit${step.count === 1 ? "" : "s"}`;
    const node = element("button", "search-step", element("span", "search-t", String(step.t)), element("span", "token", context.tokens[step.t - 1]), element("span", "search-value", values));
    node.type = "button";
    node.addEventListener("click", () => {
      context.setStep(step.t);
      if (query.scope === "any") context.setUnit(step.unit);
    });
    return node;
  }

  /** @param {Query} query */
  function drawBars(query) {
    const { column, timeWidth } = context.geometry;
    const H = query.scope === "one" ? 1 : arrayOf(query.name).shape[1];
    const width = clamp(column * 0.4, 2, 14);
    bars.setAttribute("width", timeWidth);
    path.setAttribute("d", found.map(({ t, count: n }) => {
      const tall = Math.max(2, (n / H) * BARS);
      return `M${((t - 0.5) * column - width / 2).toFixed(1)} ${(BARS - tall).toFixed(1)}h${width.toFixed(1)}v${tall.toFixed(1)}h${(-width).toFixed(1)}z`;
    }).join(""));
  }

  /** @param {{t: number}} cursor */
  function mark({ t }) {
    [...list.children].forEach((item, k) => {
      if (found[k].t === t) item.firstElementChild?.setAttribute("aria-current", "step");
      else item.firstElementChild?.removeAttribute("aria-current");
    });
  }

  update(data);
  return {
    title,
    gutter: context.narrow ? null : gutter,
    time: bars,
    update,
    setCursor(cursor) {
      draw(cursor);
      mark(cursor);
    },
    resize: () => drawBars(asked()),
    destroy: () => clearTimeout(said),
  };
}

/**
 * @param {string} label
 * @param {(value: string) => void} chosen
 */
function select(label, chosen) {
  const node = element("select", "");
  node.setAttribute("aria-label", label);
  node.addEventListener("change", () => chosen(node.value));
  return {
    node,
    /** @param {[value: string, text: string][]} options */
    set(options) {
      if (node.options.length === options.length) return;
      node.replaceChildren(
        ...options.map(([value, text]) => {
          const option = element("option", "", text);
          option.value = value;
          return option;
        }),
      );
    },
  };
}
