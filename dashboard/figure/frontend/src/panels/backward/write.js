// How the way back writes its numbers.

import { minus, number } from "../../format.js";

/**
 * A change, with its sign.
 * @param {number} value
 * @param {number} [places]
 */
export const changed = (value, places = 3) => (value > 0 ? `+${number(value, places, 1)}` : number(value, places, 1));

/**
 * A change where there is no room for a power of ten.
 * @param {number} value
 */
export function narrowly(value) {
  const size = Math.abs(value);
  if (size >= 5e-4 || value === 0) return changed(value);
  return size < 5e-5 ? "≈ 0" : minus(`${value > 0 ? "+" : ""}${value.toFixed(4)}`);
}

/**
 * A nudge: +0.10.
 * @param {number} value
 */
export const nudgeText = (value) => (value === 0 ? "0" : minus(`${value > 0 ? "+" : ""}${value.toFixed(2)}`));
