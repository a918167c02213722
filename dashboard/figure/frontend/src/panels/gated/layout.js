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
  frame: [84, 4, 490, 374],
  radius: 11,
  box: [54, 30],
  row: 13,
  bar: { width: 26, height: 8, left: 39 },
  /** @type {Wire[]} */
  wires: [
    ["M4 350H416V315", "h", 1], ["M106 392V364Q106 355 115 355H421V315", "ink", 1],
    ["M133.5 350V315", "h", 1, null, "f"], ["M138.5 355V315", "ink", 1, null, "f"], ["M223.5 350V315", "h", 1, null, "i"], ["M228.5 355V315", "ink", 1, null, "i"], ["M319.5 350V315", "h", 1, null, "g"], ["M324.5 355V315", "ink", 1, null, "g"],
    ["M4 96H124", "c", 0, [124, 96, "r"], "", 5], ["M147 96H310", "c", 5, [310, 96, "r"]], ["M333 96H676", "c", 7, [676, 96, "r"]],
    ["M136 284V108", "f", 2, [136, 108, "u"], "", 5], ["M226 284V202Q226 194 234 194H310", "i", 3, [310, 194, "r"], "", 6], ["M322 284V206", "g", 4, [322, 206, "u"], "", 6], ["M322 183V108", "c", 6, [322, 108, "u"], "", 7],
    ["M418 284V244Q418 236 426 236H486", "o", 8, [486, 236, "r"], "", 9], ["M498 96V112", "c", 9, [498, 112, "d"]], ["M498 140V224", "c", 9, [498, 224, "d"]], ["M498 247V342Q498 350 506 350H676", "h", 9, [676, 350, "r"]],
  ],
  /** @type {Sign[]} */
  signs: [[136, 96, "×", "c", 5], [322, 96, "+", "c", 7], [322, 194, "×", "c", 6], [498, 236, "×", "h", 9]],
  tanh: [473, 113, 50, 27],
  gates: /** @type {Record<string, [number, number]>} */ ({ f: [109, 284], i: [199, 284], g: [295, 284], o: [391, 284] }),
  words: /** @type {Record<string, [number, number, string]>} */ ({ f: [144, 331, "forget"], i: [234, 331, "input"], g: [330, 331, "candidate"], o: [428, 331, "output"] }),
  /** @type {Place[]} */
  vectors: [
    place("c0", 0, "c", ["c_{t-1}"], [4, 30], [8, 22]), place("kept", 5, "c", ["f_t", "×", "c_{t-1}"], [196, 30], [200, 22]), place("c", 7, "c", ["c_t"], [578, 30], [582, 22]),
    place("f", 2, "f", ["f_t"], [142, 136], [146, 128]), place("i", 3, "i", ["i_t"], [236, 222], [240, 214]), place("g", 4, "g", ["g_t"], [332, 222], [336, 214]), place("written", 6, "c", ["i_t", "×", "g_t"], [332, 130], [336, 122]),
    place("o", 8, "o", ["o_t"], [424, 179], [430, 172]), place("tanh", 9, "c", ["tanh", "c_t"], [505, 163], [508, 156]), place("h0", 0, "h", ["h_{t-1}"], [4, 284], [8, 276]), place("h", 9, "h", ["h_t"], [578, 284], [582, 276]),
  ],
  input: [116, 394],
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
    words: phone ? 52 : 30, // height of the words
    shares: phone ? [62, 100] : [42, 86], // where f is 1, and 0
    memory: phone ? [112, 162] : [100, 168],
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
