// Where the parts of the drawing stand, in px, by the room there is.

/** @import { Context } from "../../../types/figure.ts" */

import measures from "../../../../measures.json" with { type: "json" };

const { gutter: GUTTER, side: SIDE, gap: GAP, unit: UNIT } = measures.kept;

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** @param {Context} context */
export function layoutOf(context) {
  const { width } = context.geometry;
  const phone = context.mode === "phone";
  const wide = context.mode === "desktop";
  const gutter = phone ? 40 : GUTTER;
  const whole = wide ? width - SIDE - 2 * GAP : width;
  return { width, phone, wide, gutter, whole, plot: whole - gutter, unit: phone ? 4 : UNIT, bars: phone ? 104 : 118 };
}

/**
 * Columns of words across the plot.
 * @param {Layout} at
 * @param {number} count
 */
export function columnsOf(at, count) {
  const column = at.plot / count;
  return {
    column,
    /** @param {number} t */
    left: (t) => at.gutter + (t - 1) * column,
    /** @param {number} t */
    middle: (t) => at.gutter + (t - 0.5) * column,
  };
}
