// Where everything of the cell stands, in px: a wide drawing and one for a phone.

/** @import { Context } from "../../../types/figure.ts" */
/** @import { Name } from "./view.js" */

import measures from "../../../../measures.json" with { type: "json" };

const { axis: AXIS, cell: CELL, phone: SMALL_CELL, narrow: NARROW } = measures.gated;

/** A wire: its path, role, the sub-step that draws it, its arrow's tip, the gate whose input it is, a later sub-step. */
/** @typedef {[d: string, role: string, from: number, head?: [x: number, y: number, way: "r" | "u" | "d"] | null, of?: string, also?: number]} Wire */
/** @typedef {[x: number, y: number, mark: "×" | "+", role: string, from: number]} Sign */
/** @typedef {{name: Name, from: number, role: string, symbol: string[], at: [x: number, y: number], label: [x: number, y: number]}} Place */
/** @typedef {typeof WIDE} Drawing */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * @param {Name} name
 * @param {number} from
 * @param {string} role
 * @param {string[]} symbol
 * @param {[x: number, y: number]} at
 * @param {[x: number, y: number]} label
 * @returns {Place}
 */
const place = (name, from, role, symbol, at, label) => ({ name, from, role, symbol, at, label });

const WIDE = {
  width: 680,
  height: CELL,
  frame: [84, 2, 493, 282],
  radius: 11,
  box: [54, 30],
  row: 13,
  bar: { width: 26, height: 8, left: 39 },
  /** @type {Wire[]} */
  wires: [
    ["M4 264H451V232", "h", 1], ["M106 300V278Q106 269 115 269H456V232", "ink", 1],
    ["M133.5 264V232", "h", 1, null, "f"], ["M138.5 269V232", "ink", 1, null, "f"], ["M223.5 264V232", "h", 1, null, "i"], ["M228.5 269V232", "ink", 1, null, "i"], ["M319.5 264V232", "h", 1, null, "g"], ["M324.5 269V232", "ink", 1, null, "g"],
    ["M4 82H124", "c", 0, [124, 82, "r"], "", 5], ["M147 82H310", "c", 5, [310, 82, "r"]], ["M333 82H676", "c", 7, [676, 82, "r"]],
    ["M136 202V94", "f", 2, [136, 94, "u"], "", 5], ["M226 202V182Q226 174 234 174H310", "i", 3, [310, 174, "r"], "", 6], ["M322 202V186", "g", 4, [322, 186, "u"], "", 6], ["M322 163V94", "c", 6, [322, 94, "u"], "", 7],
    ["M453 202V198Q453 190 461 190H486", "o", 8, [486, 190, "r"], "", 9], ["M498 82V94", "c", 9, [498, 94, "d"]], ["M498 122V178", "c", 9, [498, 178, "d"]], ["M498 201V256Q498 264 506 264H676", "h", 9, [676, 264, "r"]],
  ],
  /** @type {Sign[]} */
  signs: [[136, 82, "×", "c", 5], [322, 82, "+", "c", 7], [322, 174, "×", "c", 6], [498, 190, "×", "h", 9]],
  tanh: [475, 95, 46, 27],
  gates: /** @type {Record<string, [number, number]>} */ ({ f: [109, 202], i: [199, 202], g: [295, 202], o: [426, 202] }),
  words: /** @type {Record<string, [number, number, string]>} */ ({ f: [144, 250, "forget"], i: [234, 250, "input"], g: [330, 250, "candidate"], o: [408, 250, "output"] }),
  /** @type {Place[]} */
  vectors: [
    place("c0", 0, "c", ["c_{t-1}"], [4, 22], [8, 15]), place("kept", 5, "c", ["f_t", "×", "c_{t-1}"], [196, 22], [200, 15]), place("c", 7, "c", ["c_t"], [578, 22], [582, 15]),
    place("f", 2, "f", ["f_t"], [142, 116], [146, 108]), place("i", 3, "i", ["i_t"], [232, 112], [240, 105]), place("g", 4, "g", ["g_t"], [350, 185], [354, 178]), place("written", 6, "c", ["i_t", "×", "g_t"], [328, 106], [334, 99]),
    place("o", 8, "o", ["o_t"], [400, 131], [406, 124]), place("tanh", 9, "c", ["tanh", "c_t"], [505, 124], [525, 114]), place("h0", 0, "h", ["h_{t-1}"], [4, 199], [8, 192]), place("h", 9, "h", ["h_t"], [578, 199], [582, 192]),
  ],
  input: [116, 302],
};

/** @type {Drawing} */
const SMALL = {
  width: 358,
  height: SMALL_CELL,
  frame: [38, 6, 284, 286],
  radius: 10,
  box: [42, 28],
  row: 11,
  bar: { width: 24, height: 7, left: 0 },
  wires: [
    ["M2 262H254V229", "h", 1], ["M54 314V275Q54 267 62 267H258V229", "ink", 1],
    ["M76 262V229", "h", 1, null, "f"], ["M80 267V229", "ink", 1, null, "f"], ["M140 262V229", "h", 1, null, "i"], ["M144 267V229", "ink", 1, null, "i"], ["M198 262V229", "h", 1, null, "g"], ["M202 267V229", "ink", 1, null, "g"],
    ["M2 44H66", "c", 0, [67, 44, "r"], "", 5], ["M89 44H188", "c", 5, [189, 44, "r"]], ["M211 44H356", "c", 7, [356, 44, "r"]],
    ["M78 200V56", "f", 2, [78, 55, "u"], "", 5], ["M142 200V138Q142 130 150 130H188", "i", 3, [189, 130, "r"], "", 6], ["M200 200V142", "g", 4, [200, 141, "u"], "", 6], ["M200 119V56", "c", 6, [200, 55, "u"], "", 7],
    ["M256 200V158Q256 150 264 150H288", "o", 8, [289, 150, "r"], "", 9], ["M300 44V75", "c", 9, [300, 76, "d"]], ["M300 102V138", "c", 9, [300, 139, "d"]], ["M300 161V254Q300 262 308 262H356", "h", 9, [356, 262, "r"]],
  ],
  signs: [[78, 44, "×", "c", 5], [200, 44, "+", "c", 7], [200, 130, "×", "c", 6], [300, 150, "×", "h", 9]],
  tanh: [279, 77, 42, 25],
  gates: { f: [57, 200], i: [121, 200], g: [179, 200], o: [235, 200] },
  words: {},
  vectors: [
    place("c0", 0, "c", ["c_{t-1}"], [4, 52], [2, 32]), place("kept", 5, "c", ["f_t", "×", "c_{t-1}"], [112, 52], [100, 30]), place("c", 7, "c", ["c_t"], [328, 52], [332, 32]),
    place("f", 2, "f", ["f_t"], [84, 128], [84, 120]), place("i", 3, "i", ["i_t"], [148, 156], [148, 150]), place("g", 4, "g", ["g_t"], [206, 156], [206, 150]), place("written", 6, "c", ["i_t", "×", "g_t"], [206, 82], [206, 76]),
    place("o", 8, "o", ["o_t"], [265, 156], [247, 134]), place("h0", 0, "h", ["h_{t-1}"], [4, 196], [2, 188]), place("h", 9, "h", ["h_t"], [328, 196], [332, 188]),
  ],
  input: [64, 312],
};

/** @param {Context} context */
export function layoutOf(context) {
  const { width } = context.geometry;
  const { mode } = context;
  const phone = mode === "phone";
  const desktop = mode === "desktop";
  const cell = phone ? SMALL : WIDE;
  const scale = phone ? width / cell.width : Math.min(1, width / cell.width);
  const left = phone ? 26 : 88;
  const right = desktop ? width - 192 : width - 2;
  return {
    width, phone, desktop, cell, scale, left, right,
    words: phone ? 50 : 26, // height of the words
    shares: phone ? [58, 90] : [36, 68], // where f is 1, and 0
    memory: phone ? [98, 146] : [80, 138],
    axis: phone ? NARROW : AXIS,
    size: phone ? 12.5 : desktop ? 14.5 : 12.5, // of the words
  };
}

/**
 * Columns of the words: as wide as they are long, with what is left of the room shared out.
 * @param {Layout} at
 * @param {string[]} words
 */
export function columnsOf(at, words) {
  const room = at.right - at.left;
  if (at.phone) return words.map((_, k) => ({ x: at.left + (k * room) / words.length, width: room / words.length }));
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = `500 ${at.size}px "Source Sans", sans-serif`;
  const wide = words.map((word) => Math.max(9, context.measureText(word).width));
  const spare = (room - wide.reduce((sum, width) => sum + width, 0)) / words.length;
  let x = at.left;
  return wide.map((own) => {
    const column = { x, width: own + spare };
    x += column.width;
    return column;
  });
}
