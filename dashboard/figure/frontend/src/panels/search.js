// Find the steps at which a quantity is below or above a threshold, in the chosen unit or in any. A step found is a
// button that goes there; bars on the time axis say in how many units it holds.

import { decode } from "../decode.js";
import { clamp, element, svg } from "../dom.js";
import { fixed, minus } from "../format.js";
import style from "./search.css";

const NAME = "search";
const BARS = 22; // px, height of the bars' row
const QUIET = 500; // ms without a change before the result is said

export function create(context, data) {
  const sheet = element("style", "");
  sheet.textContent = style;
  const quantity = select("Quantity", (name) => choose({ name }));
  const scope = select("Units", (name) => choose({ scope: name }));
  const side = select("Comparison", (name) => choose({ side: name }));
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
  const title = element("div", "finder", sheet, form, count, list, spoken);
  const bars = svg("svg", { class: "search-bars", height: BARS, "aria-hidden": "true" });
  const path = svg("path");
  bars.append(path);
  const gutter = element("div", "label", "units found");
  let payload;
  let arrays;
  let said = 0;
  let found = [];
  let shown = null; // the query whose result stands on the screen

  const asked = () => ({ scope: "any", side: payload.start.below ? "below" : "above", ...payload.start, ...context.recall(NAME) });

  function choose(change) {
    context.remember(NAME, change);
    draw(context.cursor);
    clearTimeout(said);
    said = setTimeout(() => (spoken.textContent = count.textContent), QUIET);
  }

  threshold.addEventListener("input", () => {
    if (threshold.value !== "" && Number.isFinite(threshold.valueAsNumber)) choose({ threshold: threshold.valueAsNumber });
  });
  // Arrows, Home and End belong to the field that has the focus, not to the time cursor.
  form.addEventListener("keydown", (event) => event.stopPropagation());

  function update(next) {
    payload = next;
    arrays = new Map(next.quantities.map(({ name, values }) => [name, decode(values)]));
    quantity.set(next.quantities.map(({ name, label }) => [name, `${label} ${name}`]));
    scope.set([["any", "any unit"], ["one", "the chosen unit"]]);
    side.set([["below", "below"], ["above", "above"]]);
    shown = null;
  }

  // For each step: the units where it holds, and the one where it holds most clearly.
  function matches(query, unit) {
    const { values, shape } = arrays.get(query.name);
    const [T, H] = shape;
    const sign = query.side === "below" ? 1 : -1;
    const units = query.scope === "one" ? [unit - 1] : Array.from({ length: H }, (_, k) => k);
    return Array.from({ length: T }, (_, k) => {
      const held = units.filter((u) => sign * values[k * H + u] < sign * query.threshold);
      const most = held.reduce((best, u) => (best === null || sign * values[k * H + u] < sign * values[k * H + best] ? u : best), null);
      return { t: k + 1, count: held.length, unit: most === null ? null : most + 1, value: most === null ? NaN : values[k * H + most] };
    }).filter((step) => step.count > 0);
  }

  function draw({ unit }) {
    const query = asked();
    const now = JSON.stringify([query.name, query.scope, query.side, query.threshold, query.scope === "one" && unit]);
    if (now === shown) return;
    shown = now;
    quantity.node.value = query.name;
    scope.node.value = query.scope;
    side.node.value = query.side;
    if (threshold.getRootNode().activeElement !== threshold) threshold.value = String(query.threshold);
    found = matches(query, unit);
    const where = query.scope === "one" ? ` in unit ${unit}` : "";
    const T = context.tokens.length;
    count.textContent = `${query.name} ${query.side === "below" ? "<" : ">"} ${minus(String(query.threshold))}${where} at ${found.length} of ${T} steps${found.length ? ":" : "."}`;
    list.replaceChildren(...found.map((step) => element("li", "", button(step, query))));
    path.setAttribute("class", `fill-${query.name}`);
    drawBars(query);
    mark(context.cursor);
  }

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

  function drawBars(query) {
    const { column, timeWidth } = context.geometry;
    const H = query.scope === "one" ? 1 : arrays.get(query.name).shape[1];
    const width = clamp(column * 0.4, 2, 14);
    bars.setAttribute("width", timeWidth);
    path.setAttribute("d", found.map(({ t, count: n }) => {
      const tall = Math.max(2, (n / H) * BARS);
      return `M${((t - 0.5) * column - width / 2).toFixed(1)} ${(BARS - tall).toFixed(1)}h${width.toFixed(1)}v${tall.toFixed(1)}h${(-width).toFixed(1)}z`;
    }).join(""));
  }

  function mark({ t }) {
    [...list.children].forEach((item, k) => {
      if (found[k].t === t) item.firstChild.setAttribute("aria-current", "step");
      else item.firstChild.removeAttribute("aria-current");
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

function select(label, chosen) {
  const node = element("select", "");
  node.setAttribute("aria-label", label);
  node.addEventListener("change", () => chosen(node.value));
  return {
    node,
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
