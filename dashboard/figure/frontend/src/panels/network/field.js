// The field above a state, hung on its wire to the output: bars for what comes together, their numbers, and the sum.

/** @import { Run } from "../../../types/payload.ts" */

import { element, placed } from "../../dom.js";
import { rich } from "../../rich.js";

const REACH = 12; // px of the longest bar, to either side of the wire
const ROLES = ["own", "role-h"];

/** @typedef {{bars: number[], texts: string[], total: string}} FieldRow */

/**
 * @param {number} H
 * @param {import("./layout.js").Layout} at
 * @param {number} t
 * @param {string[]} roles colours of the two parts
 */
export function createField(H, at, t, roles = ROLES) {
  const head = element("div", "net-field-head");
  const rows = Array.from({ length: H }, (_, k) => createRow(k, roles));
  const height = at.state - at.field;
  const node = placed(element("div", "net-field", head, ...rows.map((row) => row.node)), at.card(t) - 14, at.field, at.box + 14, height);
  const pending = placed(element("div", "net-pending", element("span", "", "?")), at.card(t), at.field + 4, at.box, height - 12);

  /**
   * @param {{t: number}} view
   * @param {{head: Run, rows: FieldRow[], limit: number}} filling
   * @param {boolean} is whether something of it stands
   * @param {boolean} [shown]
   */
  function set(view, filling, is, shown = true) {
    node.hidden = !is || !shown;
    pending.hidden = is || !shown;
    head.replaceChildren(rich([filling.head]), element("span", "", filling.rows[0].bars.length > 1 ? "sum" : ""));
    rows.forEach((row, k) => row.set(filling.rows[k], filling.limit));
  }

  return { nodes: [pending, node], set };
}

/**
 * @param {number} k
 * @param {string[]} roles
 */
function createRow(k, roles) {
  const bars = roles.map((role) => element("span", `net-bar ${role}`));
  const texts = roles.map((role) => element("span", role));
  const total = element("strong", "");
  const parts = element("span", "net-parts", ...texts);
  const node = element("div", "net-row", element("span", "net-unit", `[${k}]`), element("span", "net-bars", ...bars), parts, total);

  /**
   * @param {FieldRow} row
   * @param {number} limit
   */
  function set(row, limit) {
    node.classList.toggle("single", row.bars.length === 1);
    const values = row.bars.length === 1 ? [undefined, row.bars[0]] : row.bars;
    bars.forEach((bar, which) => stretch(bar, values[which], limit));
    texts.forEach((text, which) => (text.textContent = row.texts[which] ?? ""));
    total.textContent = row.total;
  }

  return { node, set };
}

/**
 * @param {HTMLElement} bar
 * @param {number | undefined} value
 * @param {number} limit
 */
function stretch(bar, value, limit) {
  bar.hidden = value === undefined;
  if (value === undefined) return;
  const length = Math.min(1, Math.abs(value) / limit) * REACH;
  bar.classList.toggle("none", value === 0);
  bar.style.left = `${value < 0 ? REACH - length : REACH}px`;
  bar.style.width = `${value === 0 ? 4 : Math.max(1, length)}px`;
}
