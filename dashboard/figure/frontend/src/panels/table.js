// A small table whose cells are text, or values looked up at the chosen step (and unit).

import { decode } from "../decode.js";
import { element } from "../dom.js";
import { formatted } from "../format.js";
import { rich } from "../rich.js";
import { drawn } from "./cells.js";
import { keyMark } from "./vectors.js";

// A column that is drawn, or says what others say too, is left out where there is little room.
const named = ({ align, wide }) => [align === "right" && "right", wide && "wide-only"].filter(Boolean).join(" ");

export function create(context, data) {
  const node = element("div", "table-panel");
  const live = [];
  let cells = [];

  function update(next) {
    live.length = 0;
    cells = [];
    const head = element("tr", "", ...next.columns.map((column, k) => header(column, next, k)));
    const body = next.rows.map((row) => element("tr", "", ...row.map((cell, k) => filled(cell, next.columns[k], k))));
    const table = element("table", "numbers", element("thead", "", head), element("tbody", "", ...body));
    if (next.caption) table.prepend(element("caption", "", rich(next.caption, live)));
    node.classList.toggle("large", Boolean(next.large));
    const scroller = element("div", "scroller", table);
    node.replaceChildren(scroller);
  }

  function header(column, next, k) {
    const cell = element(column.label.length ? "th" : "td", named(column));
    if (column.label.length) cell.scope = "col";
    cell.append(rich(column.label, live));
    return cell;
  }

  function filled(cell, column, k) {
    const node = element(k === 0 ? "th" : "td", named(column));
    if (k === 0) node.scope = "row";
    if (Array.isArray(cell) || typeof cell === "string") {
      node.append(rich(cell, live));
    } else if (cell.key) {
      node.append(element("span", "keyed", keyMark(cell.key), rich(cell.text, live)));
    } else if (cell.draw) {
      node.append(drawn(cell));
    } else {
      const array = decode(cell.values);
      const width = array.shape[1] ?? 1;
      const at = ({ t, unit }) => array.values[(t - 1) * width + (width === 1 ? 0 : unit - 1)];
      cells.push((cursor) => (node.textContent = formatted(at(cursor), cell.format)));
    }
    return node;
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
