// The networks that the sliders reach, looked up: nothing here is computed but sums of what `core` found.

/** @import { ProductAt, ProductData } from "../../../types/payload.ts" */
/** @import { Decoded } from "../../../types/figure.ts" */

import { decode } from "../../decode.js";

/**
 * One network; logarithms are base 10.
 * @typedef {object} Built
 * @property {ProductAt} at its place among the sliders
 * @property {number[]} slopes what they multiply by at the steps 1 … T
 * @property {number[]} weights likewise W_h
 * @property {number[]} line what is left at h_0 … h_T
 * @property {number[]} most the most that can be left there
 * @property {number} left the first state, going back, at which the line is outside the band; -1 where it stays
 * @property {ArrayLike<number>} counts pre-activations by bin
 * @property {number} mean slope over all units and steps
 * @property {number} slope geometric mean of the slopes' factors
 * @property {number} weight likewise of those of W_h
 */

/** @param {ProductData} data */
export function createGrid(data) {
  const parts = { slopes: decode(data.slopes), weights: decode(data.weights), most: decode(data.most), counts: decode(data.counts), mean: decode(data.mean) };
  const { T, unit, coarse, band } = data;

  /** @param {ProductAt} at */
  function placeOf(at) {
    return [data.shapes.indexOf(at.shape), data.activations.findIndex(({ name }) => name === at.activation), data.radii.indexOf(at.radius), data.inputs.indexOf(at.inputs)];
  }

  /**
   * @param {ProductAt} at
   * @returns {Built}
   */
  function find(at) {
    const [shape, ...rest] = placeOf(at);
    const slopes = Array.from(rowOf(parts.slopes, [shape, ...rest]), (value) => value * unit);
    // An orthogonal matrix multiplies any gradient by its radius; a chain's factors hang on what arrives.
    const weights = shape === 0 ? slopes.map(() => data.even[rest[1]]) : Array.from(rowOf(parts.weights, rest), (value) => value * unit);
    const line = summed(slopes.map((slope, k) => slope + weights[k]));
    const most = summed(Array.from(rowOf(parts.most, [shape, ...rest]), (value) => value * coarse));
    const left = line.findLastIndex((value) => Math.abs(value) > band);
    return {
      at, slopes, weights, line, most, left,
      counts: rowOf(parts.counts, [shape, ...rest]),
      mean: rowOf(parts.mean, [shape, ...rest])[0],
      slope: mean(slopes),
      weight: mean(weights),
    };
  }

  /** @type {Map<string, Built>} */
  const found = new Map();

  return {
    T,
    /** @param {ProductAt} at */
    at(at) {
      const name = nameOf(at);
      const built = found.get(name) ?? find(at);
      found.set(name, built);
      return built;
    },
    /** @param {ProductAt} at */
    has: (at) => placeOf(at).every((place) => place >= 0),
  };
}

/** @param {ProductAt} at */
export const nameOf = (at) => [at.radius, at.inputs, at.activation, at.shape].join("_");

/**
 * @param {string} name
 * @returns {ProductAt}
 */
export function atOf(name) {
  const [radius, inputs, activation, shape] = name.split("_");
  return { radius: Number(radius), inputs: Number(inputs), activation, shape };
}

/**
 * The part of an array under its first indices.
 * @param {Decoded} array
 * @param {number[]} index
 */
function rowOf(array, index) {
  const inner = array.shape.slice(index.length).reduce((product, size) => product * size, 1);
  const at = index.reduce((sum, place, axis) => sum * array.shape[axis] + place, 0);
  return array.values.subarray(at * inner, (at + 1) * inner);
}

/**
 * From factors of the steps 1 … T, as logarithms, what they leave at h_0 … h_T of 1 at h_T.
 * @param {number[]} factors
 */
function summed(factors) {
  const line = Array(factors.length + 1).fill(0);
  for (let t = factors.length; t > 0; t--) line[t - 1] = line[t] + factors[t - 1];
  return line;
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
