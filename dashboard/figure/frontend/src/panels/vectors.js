// Vectors of the chosen step beside a chart: key, symbol, norm, and the entries with a common power of ten.

/** @import { Key, VectorRow, VectorsData } from "../../types/payload.ts" */
/** @import { Context, Floats, LiveRun, Panel, StepTable } from "../../types/figure.ts" */

import { MANY_UNITS, TIGHT } from "../bars.js";
import { decode, rowAt } from "../decode.js";
import { element, svg } from "../dom.js";
import { fixed, raised, scientific } from "../format.js";
import { plain, rich } from "../rich.js";

/**
 * @param {Context} context
 * @param {VectorsData} data
 * @returns {Panel<VectorsData>}
 */
export function create(context, data) {
  const list = element("div", "vectors");
  /** @type {LiveRun[]} */
  const live = [];
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];

  /** @param {VectorsData} next */
  function update(next) {
    live.length = 0;
    rows = next.rows.map((row) => createRow(context, row, live));
    list.replaceChildren(...rows.map((row) => row.node));
  }

  update(data);
  return {
    profile: list,
    update,
    setCursor({ t, unit }) {
      live.forEach((step) => step(t));
      rows.forEach((row) => row.set(t, unit));
    },
    resize() {},
    destroy() {},
    table: () => rows.map((row) => row.table()),
  };
}

/**
 * @param {Context} context
 * @param {VectorRow} data
 * @param {LiveRun[]} live
 */
function createRow(context, data, live) {
  const array = decode(data.parts);
  const scale = decode(data.scale).values;
  const norms = decode(data.norms).values;
  const norm = element("strong", "");
  const power = element("span", "");
  const name = element("div", "vector-name", keyMark(data), rich(data.label, live));
  const size = element("div", "vector-norm", "norm ", norm, power);
  const entries = element("div", "vector-entries");
  const node = element("div", "vector", element("div", "vector-head", name, size), entries);
  const many = array.shape[1] > MANY_UNITS;
  const cells = Array.from({ length: many ? 0 : array.shape[1] }, () => element("span", ""));
  const line = many ? sparkline(array.shape[1]) : null;
  entries.append(...(line ? [line.node] : cells));
  entries.classList.toggle("many", many);
  entries.classList.toggle("tight", context.geometry.profileWidth / array.shape[1] < TIGHT);
  entries.hidden = !context.profiles;
  node.classList.toggle("bare", !context.profiles);

  /**
   * @param {number} t
   * @param {number} unit
   */
  function set(t, unit) {
    const parts = rowAt(array, t);
    const largest = scale[t - 1];
    const exponent = largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log10(largest)) : 0;
    norm.textContent = scientific(norms[t - 1]);
    if (!context.profiles) return;
    if (line) {
      power.textContent = ` · unit ${context.nameOf(unit)}: ${scientific(parts[unit - 1] * largest)}`;
      line.set(parts, unit);
      return;
    }
    power.textContent = exponent === 0 ? "" : ` · entries × 10${raised(exponent)}`;
    const mantissa = scaled(largest, exponent);
    cells.forEach((cell, k) => {
      cell.textContent = fixed(parts[k] * mantissa, 2);
      cell.classList.toggle("chosen", k + 1 === unit);
    });
  }

  return {
    node,
    set,
    /** @returns {StepTable} */
    table: () => ({
      name: plain(data.label),
      columns: ["norm", ...Array.from({ length: array.shape[1] }, (_, k) => `unit ${context.nameOf(k + 1)}`)],
      row: (t) => [norms[t - 1], ...Array.from(rowAt(array, t), (part) => part * scale[t - 1])].map((value) => scientific(value, 4)),
    }),
  };
}

/**
 * value / 10^exponent without a power that underflows or overflows on the way.
 * @param {number} value
 * @param {number} exponent
 */
const scaled = (value, exponent) => (exponent < -300 ? (value * 1e300) / 10 ** (exponent + 300) : value / 10 ** exponent);

/**
 * Stroke says which model, shape and colour say which series, as in the chart.
 * @param {Key} key
 * @param {boolean} compact
 */
export function keyMark({ model, role, shape, dash }, compact = false) {
  const width = compact && shape === "bar" ? 12 : 26;
  const drawing = svg("svg", { class: `key stroke-${role}`, width, height: 12, viewBox: `-13 -6 ${width} 12`, "aria-hidden": "true" });
  const hollow = model === "RNN";
  if (shape === "bar") {
    drawing.append(svg("rect", { x: -13, y: -5, width: 10, height: 10, class: hollow ? "hollow" : `fill-${role}` }));
    return drawing;
  }
  if (shape === "block") {
    drawing.append(svg("rect", { x: -13, y: -5, width: 10, height: 10, class: `fill-${role}` }));
    return drawing;
  }
  const line = svg("path", { d: "M-13 0H13", class: dash ?? (hollow ? "dashed" : "") });
  if (shape === "line") {
    drawing.append(line);
    return drawing;
  }
  drawing.append(line, svg("path", { d: SHAPES[shape ?? "circle"], class: hollow ? "hollow" : `fill-${role}` }));
  return drawing;
}

const SHAPES = {
  circle: "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z",
  diamond: "M0 -4.2L4.2 0L0 4.2L-4.2 0z",
  square: "M-3 -3h6v6h-6z",
  triangle: "M0 -3.8L3.8 3L-3.8 3z",
};

/** @param {number} count */
function sparkline(count) {
  const node = svg("svg", { class: "bars", height: 22, preserveAspectRatio: "none", viewBox: `0 0 ${count} 22`, "aria-hidden": "true" });
  const path = svg("path", { class: "fill-second" });
  const chosen = svg("path", { class: "fill-ink" });
  node.append(path, chosen);
  /**
   * @param {number} value
   * @param {number} k
   */
  const bar = (value, k) => {
    const size = Math.max(0.5, Math.abs(value) * 10);
    return `M${k + 0.2} ${value > 0 ? 11 - size : 11}h0.6v${size}h-0.6z`;
  };
  return {
    node,
    /**
     * @param {Floats} values
     * @param {number} unit
     */
    set(values, unit) {
      path.setAttribute("d", Array.from(values, (value, k) => bar(value, k)).join(""));
      chosen.setAttribute("d", bar(values[unit - 1], unit - 1));
    },
  };
}
