// A small table whose cells are text, or values looked up at the chosen step (and unit).

/** @import { Column, TableCell, TableData } from "../../types/payload.ts" */
/** @import { Context, Cursor, LiveRun, Panel } from "../../types/figure.ts" */

import { decode } from "../decode.js";
import { element } from "../dom.js";
import { formatted } from "../format.js";
import { rich } from "../rich.js";
import { drawn } from "./cells.js";
import { keyMark } from "./vectors.js";

/**
 * A column that is drawn, or says what others say too, is left out where there is little room.
 * @param {Column} column
 */
const named = ({ align, wide }) => [align === "right" && "right", wide && "wide-only"].filter(Boolean).join(" ");

/**
 * @param {Context} context
 * @param {TableData} data
 * @returns {Panel<TableData>}
 */
export function create(context, data) {
  const node = element("div", "table-panel");
  /** @type {LiveRun[]} */
  const live = [];
  /** @type {((cursor: Cursor) => void)[]} */
  let cells = [];

  /** @param {TableData} next */
  function update(next) {
    live.length = 0;
    cells = [];
    const head = element("tr", "", ...next.columns.map(header));
    const body = next.rows.map((row) => element("tr", "", ...row.map((cell, k) => filled(cell, next.columns[k], k))));
    const table = element("table", "numbers", element("thead", "", head), element("tbody", "", ...body));
    if (next.caption) table.prepend(element("caption", "", rich(next.caption, live)));
    node.classList.toggle("large", Boolean(next.large));
    const scroller = element("div", "scroller", table);
    node.replaceChildren(scroller);
  }

  /**
   * @param {Column} column
   */
  function header(column) {
    const cell = element(column.label.length ? "th" : "td", named(column));
    if (column.label.length) cell.scope = "col";
    cell.append(rich(column.label, live));
    return cell;
  }

  /**
   * @param {TableCell} cell
   * @param {Column} column
   * @param {number} k
   */
  function filled(cell, column, k) {
    const place = element(k === 0 ? "th" : "td", named(column));
    if (k === 0) place.scope = "row";
    if (Array.isArray(cell) || typeof cell === "string") {
      place.append(rich(cell, live));
    } else if ("key" in cell) {
      place.append(element("span", "keyed", keyMark(cell.key), rich(cell.text, live)));
    } else if ("draw" in cell) {
      place.append(drawn(cell));
    } else {
      const array = decode(cell.values);
      const width = array.shape[1] ?? 1;
      /** @param {Cursor} cursor */
      const at = ({ t, unit }) => array.values[(t - 1) * width + (width === 1 ? 0 : unit - 1)];
      cells.push((cursor) => (place.textContent = formatted(at(cursor), cell.format)));
    }
    return place;
  }

  update(data);
  return {
    [data.place === "full" ? "full" : "profile"]: node,
    update,
    setCursor(cursor) {
      live.forEach((step) => step(cursor.t));
      cells.forEach((cell) => cell(cursor));
    },
    resize() {},
    destroy() {},
  };
}
