// Where the parts of the drawing stand, in px, by the room there is.

/** @import { Context } from "../../../types/figure.ts" */

import measures from "../../../../measures.json" with { type: "json" };

const { controls: CONTROLS, gap: GAP, axis: AXIS, line: LINE, factors: FACTORS, curve: CURVE } = measures.product;
export const TOP = 7; // powers of ten at the upper and at the lower edge of the line's axis
export const BOTTOM = -11;

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * @param {Context} context
 * @param {number} T
 */
export function layoutOf(context, T) {
  const { width } = context.geometry;
  const phone = context.mode === "phone";
  const side = phone ? width : context.mode === "middle" ? 200 : CONTROLS;
  const gap = context.mode === "middle" ? 24 : GAP;
  const whole = phone ? width : width - side - gap;
  const plot = whole - (phone ? 46 : AXIS);
  const line = phone ? 172 : LINE;
  return {
    width, phone, middle: context.mode === "middle", side, gap, whole, plot, line,
    factors: phone ? 94 : FACTORS,
    curve: phone ? 78 : CURVE,
    /**
     * Of h_t; the step from t to t − 1 lies left of it.
     * @param {number} t
     */
    x: (t) => 0.5 + (t / T) * (plot - 1),
    /**
     * Of a power of ten on the line's axis.
     * @param {number} log10
     */
    y: (log10) => 4 + ((TOP - log10) / (TOP - BOTTOM)) * (line - 8),
    /**
     * The step under a place of the plot.
     * @param {number} x
     */
    stepAt: (x) => Math.max(1, Math.min(T, Math.ceil((x / plot) * T))),
  };
}
