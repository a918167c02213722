// What moves in a sub-step: the numbers of two vectors travel to the sign where they meet; what is let go drops out.

/** @import { Drawing } from "./layout.js" */
/** @import { Name, View } from "./view.js" */

import { svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { box, px, text } from "../product/draw.js";
import { MEET } from "./view.js";

const ROW = 15;
const WIDE = 40;
const ABOVE = 44; // px over the line, where no label stands

/** What meets in a sub-step, where: by its place in `signs`. */
const MEETINGS = /** @type {Record<number, {sign: number, from: [Name, string][]}>} */ ({
  5: { sign: 0, from: [["c0", "c"], ["f", "f"]] },
  6: { sign: 2, from: [["i", "i"], ["g", "g"]] },
  7: { sign: 1, from: [["kept", "c"], ["written", "c"]] },
  9: { sign: 3, from: [["tanh", "c"], ["o", "o"]] },
});

/**
 * @param {View} view
 * @param {Drawing} cell
 * @param {boolean} phone
 */
export function tokensOf(view, cell, phone) {
  const meeting = MEETINGS[view.sub];
  if (!meeting || view.asked === view.sub) return [];
  const [x, below] = cell.signs[meeting.sign];
  const y = below - (phone || meeting.sign > 1 ? 0 : ABOVE);
  const done = Math.min(1, view.share / MEET);
  const eased = done < 0.5 ? 2 * done * done : 1 - (-2 * done + 2) ** 2 / 2;
  const nodes = meeting.from.flatMap(([name, role], k) => {
    const place = cell.vectors.find((each) => each.name === name);
    const [left, top] = place ? [place.at[0] + cell.bar.left, place.at[1] + 2 * cell.row] : cell.tanh;
    return column(left + (x + (k - 0.5) * (WIDE + 4) - left) * eased, top + (y - top) * eased, view.now(name), role, 1 - Math.max(0, view.share - MEET) / (1 - MEET));
  });
  if (view.sub !== 5 || done < 1) return nodes;
  const fall = (view.share - MEET) / (1 - MEET);
  return [...nodes, ...column(x - 44, y + 40 + 30 * fall, view.now("dropped"), "c", 1 - 0.6 * fall, true), text(x - 64, y + 88 + 30 * fall, "let go", "gc-note")];
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number[]} values
 * @param {string} role
 * @param {number} opacity
 * @param {boolean} [hollow]
 */
function column(x, y, values, role, opacity, hollow = false) {
  const group = svg("g", { opacity: px(opacity) });
  values.forEach((value, k) => {
    const top = y + (k - values.length / 2) * ROW;
    group.append(box(x - WIDE / 2, top, WIDE, ROW - 2, `gc-token gc-of-${role}${hollow ? " hollow" : ""}`, 4), text(x, top + 10.5, fixed(value, 2), "gc-number strong", "middle"));
  });
  return [group];
}
