// Where everything of the way back stands: as on the way forward, with room for δ before each card.

/** @import { Context } from "../../../types/figure.ts" */

import { layoutOf } from "../network/layout.js";

const LEAST = 188; // px of a column
const TIGHT = 170; // px of one without the names of its parts
const BOX = 116; // a card, narrower than on the way forward
const DELTA = 59; // px of a δ's numbers and of its wire before a card
const MARGIN = 3; // between a card and the next column
const WIRE = 22; // from a card's edge to the wire to its output
const BUS = 40; // the wire on which the losses add up
const DROP = 88; // from a card's edge to the wire that a loss takes up, and comes back down

/** @typedef {ReturnType<typeof placeOf>} Place */

/**
 * @param {Context} context
 * @param {{T: number, run: {h: number[][]}}} data
 * @param {number} t the step that must be seen
 */
export function placeOf(context, data, t) {
  const H = data.run.h[0].length;
  const sizes = { T: data.T, H, least: context.mode === "desktop" ? LEAST : TIGHT };
  const found = layoutOf(context, sizes, t);
  const at = found.count > 2 ? layoutOf(context, sizes, t + 1) : found; // what a change runs into must be seen
  const wide = (at.vesselWidth - 24) / data.T;
  const box = Math.min(BOX, at.pitch - 52);
  /** @param {number} step */
  const card = (step) => at.left(step) + at.pitch - box - MARGIN;
  /** @param {number} step */
  const use = (step) => at.left(step) + Math.max(12, card(step) - at.left(step) - DELTA);
  const all = at.count === data.T;
  const vesselHeight = all ? at.vesselHeight : 70 + 42 * H;
  return {
    ...at, box, card, use, all, vesselHeight, bus: BUS,
    tight: at.pitch < LEAST,
    /** @param {number} step */
    x: (step) => card(step) + box / 2,
    /** @param {number} step */
    wire: (step) => card(step) + WIRE,
    bottom: at.vessel + vesselHeight,
    delta: at.field + 26 + (at.state - at.field - 26) / 2,
    /** @param {number} step */
    drop: (step) => card(step) + Math.min(DROP, box - 14),
    /**
     * Where the vessel has a step: under its use where all steps are in sight.
     * @param {number} step
     */
    share: (step) => (all ? use(step) : 12 + (step - 0.5) * wide),
    shareWidth: all ? at.pitch - 16 : wide,
  };
}
