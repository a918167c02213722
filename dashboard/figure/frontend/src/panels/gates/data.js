// The arrays of the drawing, decoded, and what is read off them.

/** @import { GatesData, GatesLetter } from "../../../types/payload.ts" */

import { decode } from "../../decode.js";

/** @typedef {ReturnType<typeof readData>} Read */

/** @param {GatesData} data */
export function readData(data) {
  const { network, other, explode } = data;
  const T = data.words.length;
  const maps = /** @type {Record<GatesLetter, number[][]>} */ (Object.fromEntries(Object.entries(network.maps).map(([letter, packed]) => [letter, rows(packed)])));
  const same = cube(network.same);
  const together = rows(network.together);
  const measured = rows(network.measured);
  const whole = Array.from(decode(network.whole).values);
  return {
    maps, T,
    otherF: rows(other.f),
    otherTogether: rows(other.together),
    explodeF: cube(explode.f),
    explodeWhole: rows(explode.whole),
    explodeAlone: rows(explode.alone),
    together,
    /**
     * The three parts at every word: of a unit in itself, with their signs, or of all units in length.
     * @param {number} unit
     */
    parts: (unit) => (unit < network.H ? same.map((part) => part.map((row) => row[unit])) : together),
    /**
     * What nudging measured at every word.
     * @param {number} unit
     */
    measured: (unit) => (unit < network.H ? measured.map((row) => row[unit]) : whole),
  };
}

/**
 * @param {import("../../../types/payload.ts").Packed} packed
 * @returns {number[][]}
 */
function rows(packed) {
  const { values, shape } = decode(packed);
  const [count, wide] = shape;
  return Array.from({ length: count }, (_, k) => Array.from(values.subarray(k * wide, (k + 1) * wide)));
}

/**
 * @param {import("../../../types/payload.ts").Packed} packed
 * @returns {number[][][]}
 */
function cube(packed) {
  const { values, shape } = decode(packed);
  const [count, tall, wide] = shape;
  const all = Array.from({ length: count * tall }, (_, k) => Array.from(values.subarray(k * wide, (k + 1) * wide)));
  return Array.from({ length: count }, (_, k) => all.slice(k * tall, (k + 1) * tall));
}
