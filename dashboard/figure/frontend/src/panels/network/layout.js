// Where everything of the network stands, in px, by the room there is and the sizes of the network.

/** @import { Context } from "../../../types/figure.ts" */

import measures from "../../../../measures.json" with { type: "json" };

const { pitch: PITCH, least: LEAST, box: BOX, wire: WIRE, right: RIGHT, left: LEFT, unit: UNIT, field: FIELD, top: TOP, vessel: VESSEL } = measures.network;
const KNOB = 26; // radius
const MARGIN = 6; // between a card and the next column

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * @param {Context} context
 * @param {{T: number, H: number, least?: number}} sizes and the narrowest column
 * @param {number} t the step that must be seen
 */
export function layoutOf(context, { T, H, least = LEAST }, t) {
  const width = context.geometry.width;
  const phone = context.mode === "phone";
  const right = phone ? 0 : RIGHT;
  const room = width - LEFT - right;
  const count = Math.max(1, Math.min(T, Math.floor(room / (phone ? 150 : least))));
  const pitch = Math.min(PITCH, room / count);
  const first = Math.max(1, Math.min(T - count + 1, t - Math.ceil(count / 2) + (count > 2 ? 0 : 1)));
  const box = Math.min(BOX, pitch - 48);
  const field = TOP;
  const state = field + 26 + FIELD * H;
  const stateHeight = 10 + UNIT * H;
  const middle = state + stateHeight / 2;
  const inputs = state + stateHeight + 24;
  const input = inputs + 18;
  const vessel = input + 32;
  const vesselHeight = Math.max(VESSEL, 48 + 26 * H);
  const matrixWidth = 20 + 38 * H;
  const vesselWidth = phone ? width - 2 * KNOB - 6 : width - matrixWidth - 2 * KNOB - 22;
  /** @param {number} step */
  const left = (step) => LEFT + (step - first) * pitch;
  /** @param {number} step */
  const card = (step) => left(step) + pitch - box - MARGIN;
  return {
    width, phone, first, count, pitch, field, state, stateHeight, middle, inputs, input, vessel, vesselHeight, box, left, card, matrixWidth, vesselWidth,
    knob: { x: vesselWidth + KNOB, y: vessel + VESSEL / 2 - 6, r: KNOB },
    far: left(first + count) + 16, // the weights that are not opened
    outputs: TOP - 10, // the wire of W_y
    /**
     * The middle of a card.
     * @param {number} step
     */
    x: (step) => card(step) + box / 2,
    /**
     * Where the wire to the output leaves a card.
     * @param {number} step
     */
    wire: (step) => card(step) + WIRE,
    /**
     * Where W_h stands on the wire into a step.
     * @param {number} step
     */
    use: (step) => left(step) + Math.max(28, (pitch - box - MARGIN) / 2 - 11),
    bottom: vessel + vesselHeight,
    steps: Array.from({ length: count }, (_, k) => first + k),
  };
}
