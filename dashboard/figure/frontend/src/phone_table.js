// The chosen step on a narrow container: units are rows, maps are columns, models are groups of columns.

/** @import { Context, Cursor, Floats, LiveRun, Row, StepColumn } from "../types/figure.ts" */

import { clamp, element } from "./dom.js";
import { fixed } from "./format.js";
import { followed, rich } from "./rich.js";

const MOST_ROWS = 16; // more units: a window around the chosen one
const WINDOW = 9;

/**
 * @param {Context} context
 * @param {() => Row[]} rows
 */
export function createPhoneTable(context, rows) {
  const table = element("table", "numbers units-table");
  const node = element("div", "scroller", table);
  /** @type {LiveRun[]} */
  let live = [];
  /** @type {StepColumn[]} */
  let columns = [];
  /** @type {ReturnType<typeof createLine>[]} */
  let body = [];

  function rebuild() {
    live = [];
    const groups = grouped(rows());
    columns = groups.flatMap((group) => group.columns);
    const names = element("tr", "", element("td", ""), ...groups.map((group) => spanning(group)));
    const symbols = element("tr", "", header("unit", ""), ...columns.map(({ symbol, role }) => header(rich(followed(symbol), live), `right role-${role}`)));
    const H = context.geometry.H;
    body = Array.from({ length: H > MOST_ROWS ? WINDOW : H }, () => createLine(columns.length, context));
    table.replaceChildren(element("thead", "", names, symbols), element("tbody", "", ...body.map((line) => line.node)));
    node.hidden = columns.length === 0;
  }

  /** @param {Cursor} cursor */
  function setCursor({ t, unit }) {
    live.forEach((step) => step(t));
    const { H } = context.geometry;
    const first = body.length < H ? clamp(unit - (WINDOW >> 1), 1, H - WINDOW + 1) : 1;
    const values = columns.map((column) => column.at(t));
    body.forEach((line, k) => line.set(first + k, values, first + k === unit));
  }

  return { node, rebuild, setCursor };
}

/** @param {Row[]} rows */
function grouped(rows) {
  /** @type {{name: string, columns: StepColumn[]}[]} */
  const groups = [];
  for (const { main } of rows) {
    if (main.group) groups.push({ name: main.group(), columns: [] });
    if (main.column) (groups.at(-1) ?? groups[groups.push({ name: "", columns: [] }) - 1]).columns.push(main.column());
  }
  return groups.filter((group) => group.columns.length);
}

/** @param {{name: string, columns: StepColumn[]}} group */
function spanning({ name, columns }) {
  const cell = element(name ? "th" : "td", "right", name);
  cell.colSpan = columns.length;
  if (name) cell.scope = "colgroup";
  return cell;
}

/**
 * @param {Node | string} content
 * @param {string} className
 */
function header(content, className) {
  const cell = element("th", className, content);
  cell.scope = "col";
  return cell;
}

/**
 * @param {number} count
 * @param {Context} context
 */
function createLine(count, context) {
  const name = element("th", "");
  name.scope = "row";
  const choose = element("button", "unit-button");
  choose.type = "button";
  name.append(choose);
  const cells = Array.from({ length: count }, () => element("td", "right"));
  let shown = 0;
  choose.addEventListener("click", () => context.setUnit(shown));
  const line = element("tr", "", name, ...cells);
  return {
    node: line,
    /**
     * @param {number} unit
     * @param {Floats[]} values
     * @param {boolean} chosen
     */
    set(unit, values, chosen) {
      shown = unit;
      choose.textContent = String(context.nameOf(unit));
      choose.setAttribute("aria-pressed", String(chosen));
      choose.setAttribute("aria-label", `Unit ${context.nameOf(unit)}`);
      line.classList.toggle("chosen", chosen);
      cells.forEach((cell, k) => (cell.textContent = fixed(values[k][unit - 1], 3)));
    },
  };
}
