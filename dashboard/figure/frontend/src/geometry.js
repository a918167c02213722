// Measures of the three layouts, by the width of the container.

/** @import { Geometry, Mode } from "../types/figure.ts" */

import measures from "../../measures.json" with { type: "json" };

const { container } = measures;

/**
 * @param {number} width
 * @returns {Mode}
 */
export function modeOf(width) {
  if (width < container.middle) return "phone";
  return width < container.desktop ? "middle" : "desktop";
}

/**
 * @param {number} width
 * @param {Mode} mode
 * @param {{T: number, H: number}} size
 * @returns {Geometry}
 */
export function geometry(width, mode, { T, H }) {
  const { gutter, gap, profile } = measures[mode];
  const share = mode === "desktop" ? Math.round((profile * Math.min(width, container.widest)) / container.widest) : profile;
  const timeWidth = width - gutter - gap - share;
  return {
    T,
    width,
    H: Math.max(1, H),
    gutter,
    gap,
    beside: mode === "desktop",
    profileWidth: mode === "middle" ? Math.floor((width - 40) / 2) : share,
    timeWidth,
    column: timeWidth / T,
  };
}
