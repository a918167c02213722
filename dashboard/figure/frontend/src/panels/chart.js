// An Altair template on the figure's time axis. The view is kept over reruns; only its data and signals change.

/** @import { ChartBase, KeyedText, NumbersTable } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { decode } from "../decode.js";
import { element } from "../dom.js";
import { significant } from "../format.js";
import { plain, rich } from "../rich.js";
import { createView, PADDING, setData, setSignals } from "../vega.js";
import { keyMark } from "./vectors.js";

/**
 * @param {Context} context
 * @param {ChartBase} data
 * @returns {Panel<ChartBase>}
 */
export function create(context, data) {
  const drawing = element("div", "");
  const holder = element("div", "chart-view", drawing);
  const time = element("div", "chart", holder);
  const gutter = element("div", "gutter-chart");
  const side = element("div", "keys side");
  const title = element("div", "title chart-title");
  /** @type {ChartBase} */
  let payload;
  let stale = true; // data, signals or size changed since the last run
  let step = 0;
  let shown = 0; // unit, for a template that draws one of them
  const finds = JSON.stringify(data.spec).includes('"data":{"name":"hover"}');
  const view = createView(data.spec, context.palette, drawing, context.tooltip);

  /** @param {ChartBase} next */
  function update(next) {
    payload = next;
    time.style.height = `${next.height}px`;
    gutter.replaceChildren(
      ...next.symbols.map((runs) => element("div", "symbol small", rich(runs))),
      element("div", "label", next.label),
    );
    side.replaceChildren(...keys(next.keys).children);
    title.replaceChildren(element("strong", "", rich(next.title)), keys(next.keys));
    // The chart speaks through its name and its table; Vega's own roles would name every mark.
    drawing.setAttribute("aria-hidden", "true");
    holder.setAttribute("role", "img");
    holder.setAttribute("aria-label", plain(next.title));
    setSignals(view, { ...next.params, T: context.geometry.T });
    setData(view, sources(next, false));
    later();
    shown = 0;
    measure();
  }

  // What only the pointer finds is as much to draw as what is seen; it comes after that.
  function later() {
    if (!finds) return;
    setData(view, { hover: [] });
    context.later(() => {
      setData(view, { hover: payload.data.series });
      view.run();
    });
  }

  function measure() {
    const plot = payload.height - PADDING.top - PADDING.bottom - payload.axis;
    view.width(context.geometry.timeWidth).height(plot);
    holder.style.marginLeft = `${-PADDING.left}px`;
    stale = true;
  }

  update(data);
  return {
    gutter: context.narrow ? null : gutter,
    time,
    title: context.narrow ? title : null,
    profile: data.profile || context.narrow ? null : side,
    update,
    // A new page is updated, measured and given its step one after the other: the chart is drawn once, at the end.
    setCursor({ t, unit }) {
      const moved = payload.cursor && t !== step;
      if (moved) view.signal("t", (step = t));
      const other = Number(payload.params.unit) > 0 && unit !== shown;
      if (other) {
        view.signal("unit", (shown = unit));
        setData(view, sources(payload, true), (row) => row.unit === unit);
      }
      if (moved || other || stale) view.run();
      stale = false;
    },
    resize: measure,
    destroy: () => view.finalize(),
    table: () => (payload.table ? [asTable(payload.table)] : []),
  };
}

/**
 * The sources that are drawn by unit, or the others.
 * @param {ChartBase} data
 * @param {boolean} byUnit
 */
const sources = ({ data, byUnit: names }, byUnit) => Object.fromEntries(Object.entries(data).filter(([name]) => names.includes(name) === byUnit));

/** @param {KeyedText[]} list */
const keys = (list) =>
  element("div", "keys", ...list.map(({ key, text }) => element("span", "keyed", keyMark(key, true), rich(text))));

/** @param {NumbersTable} table */
function asTable(table) {
  const array = decode(table.values);
  const width = array.shape[1];
  return {
    name: table.name,
    columns: table.columns,
    row: (/** @type {number} */ t) => Array.from(array.values.subarray((t - 1) * width, t * width), (value) => significant(value, 4)),
  };
}
