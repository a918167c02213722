// Where the parts of the drawing stand, in px, by the room there is.

/** @import { GatesData } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */

import measures from "../../../../measures.json" with { type: "json" };

const { gutter: GUTTER, side: SIDE, gap: GAP } = measures.gates;
const LETTER = { m: 12, w: 11, narrow: 4.4, other: 7.4 }; // px of a letter of a word
const PAD = 9; // px around a word
const TIGHT = 0.86; // of the room that the words would like; with less they stand upright
export const BETWEEN = 7; // px between two maps

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * @param {Context} context
 * @param {GatesData} data
 */
export function layoutOf(context, data) {
  const { width } = context.geometry;
  const phone = context.mode === "phone";
  const beside = context.mode === "desktop";
  const gutter = phone ? 34 : GUTTER; // a letter and the numbers of the rows
  const right = width - (beside ? SIDE + GAP : 1);
  const room = right - gutter;
  const wished = data.words.map((word) => PAD + [...word.toLowerCase()].reduce((sum, letter) => sum + (letter === "m" ? LETTER.m : letter === "w" ? LETTER.w : "ijltf.".includes(letter) ? LETTER.narrow : LETTER.other), 0));
  const scale = room / wished.reduce((sum, wide) => sum + wide, 0);
  const turned = scale < TIGHT;
  const edges = [gutter];
  for (const wide of wished) edges.push(edges[edges.length - 1] + (turned ? room / wished.length : wide * scale));
  return {
    width, phone, beside, gutter, right, room, turned, edges,
    tight: scale < 0.97,
    head: turned ? 58 : 26,
    row: { f: phone ? 13 : 15, other: 10 },
    /** @param {number} t */
    left: (t) => edges[t - 1],
    /** @param {number} t */
    wide: (t) => edges[t] - edges[t - 1],
    /** @param {number} t */
    middle: (t) => (edges[t - 1] + edges[t]) / 2,
    /**
     * The word under a place of the drawing.
     * @param {number} x
     */
    wordAt: (x) => Math.max(1, Math.min(wished.length, edges.filter((edge) => edge <= x).length)),
  };
}

/**
 * A scale with ticks at round numbers.
 * @param {number} low
 * @param {number} high
 * @param {number} top px
 * @param {number} height px
 */
export function scaleOf(low, high, top, height) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((round) => round * power >= rough * 0.99) ?? 10) * power;
  const least = Math.floor(low / step + 1e-9) * step;
  const most = Math.ceil(high / step - 1e-9) * step;
  return {
    ticks: Array.from({ length: Math.round((most - least) / step) + 1 }, (_, k) => Math.round((least + k * step) * 1e6) / 1e6),
    least, most,
    /** @param {number} value */
    y: (value) => top + ((most - value) / (most - least)) * height,
  };
}
