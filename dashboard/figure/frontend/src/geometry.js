// Measures of the three layouts, by the width of the container.

/** @import { Geometry, Mode } from "../types/figure.ts" */

/** @type {Record<Mode, {gutter: number, gap: number, profile: number}>} */
export const LAYOUTS = {
  desktop: { gutter: 112, gap: 33, profile: 336 },
  middle: { gutter: 112, gap: 12, profile: 0 },
  phone: { gutter: 44, gap: 4, profile: 0 },
};

/**
 * @param {number} width
 * @returns {Mode}
 */
export function modeOf(width) {
  if (width < 640) return "phone";
  return width < 900 ? "middle" : "desktop";
}

/**
 * @param {number} width
 * @param {Mode} mode
 * @param {{T: number, H: number}} size
 * @returns {Geometry}
 */
export function geometry(width, mode, { T, H }) {
  const { gutter, gap, profile } = LAYOUTS[mode];
  const share = mode === "desktop" ? Math.round((profile * Math.min(width, 944)) / 944) : profile;
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
