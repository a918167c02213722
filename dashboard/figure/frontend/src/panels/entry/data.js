// The panel's arrays, and the one entry that is chosen among them.

/** @import { EntryData, WeightName } from "../../../types/payload.ts" */
/** @import { Decoded, EntryArrays, EntryChoice, EntryWish, Knowledge, Unpacked } from "../../../types/figure.ts" */

import { clamp } from "../../dom.js";
import { decode } from "../../decode.js";

/** @type {Set<WeightName>} */
export const READ_OUT = new Set(["W_y", "b_y"]);

/**
 * @param {EntryData} payload
 * @returns {EntryArrays}
 */
export function decoded(payload) {
  const weights = Object.fromEntries(Object.entries(payload.weights).map(([name, part]) => [name, arrays(part)]));
  return { ...payload, factors: arrays(payload.factors), weights: /** @type {EntryArrays["weights"]} */ (weights) };
}

/**
 * @template {object} Part
 * @param {Part} part
 * @returns {Unpacked<Part>}
 */
const arrays = (part) => /** @type {Unpacked<Part>} */ (Object.fromEntries(Object.entries(part).map(([name, value]) => [name, value?.b64 === undefined ? value : decode(value)])));

/**
 * The number at as many indices as the array has axes.
 * @param {Decoded} array
 * @param {...number} indices
 */
export const at = ({ values, shape }, ...indices) => values[offset(shape, indices)];

/**
 * Everything behind some first indices, flat.
 * @param {Decoded} array
 * @param {...number} indices
 */
export function behind({ values, shape }, ...indices) {
  const size = shape.slice(indices.length).reduce((a, b) => a * b, 1);
  const from = offset(shape, indices) * size;
  return values.subarray(from, from + size);
}

/**
 * @param {number[]} shape
 * @param {number[]} indices
 */
const offset = (shape, indices) => indices.reduce((sum, index, axis) => sum * shape[axis] + index, 0);

/**
 * A matrix as rows.
 * @param {Decoded} array
 * @param {...number} indices
 */
export function matrix(array, ...indices) {
  const [rows, columns] = array.shape.slice(indices.length);
  const flat = behind(array, ...indices);
  return Array.from({ length: rows }, (_, r) => Array.from(flat.subarray(r * columns, (r + 1) * columns)));
}

/**
 * The choice moved to what this network has.
 * @param {EntryWish} choice
 * @param {EntryArrays} data
 * @returns {EntryChoice}
 */
export function within(choice, data) {
  const [firstName, firstRow, firstCol] = data.first;
  const name = choice.name && choice.name in data.weights ? choice.name : firstName;
  const [rows, columns] = data.weights[name].shape;
  const last = data.steps[data.steps.length - 1];
  const k = clamp(choice.k ?? last, 1, data.T);
  return {
    ...choice,
    name,
    row: clamp(choice.row ?? firstRow, 0, rows - 1),
    col: clamp(choice.col ?? firstCol, 0, columns - 1),
    window: clamp(choice.window ?? data.window, 1, data.T),
    ...pair(choice.s ?? last, k, name, data),
  };
}

/**
 * A loss step that is read and a state step it reaches. The read-out is used at the loss step alone.
 * @param {number} s
 * @param {number} k
 * @param {WeightName} name
 * @param {EntryArrays} data
 */
function pair(s, k, name, data) {
  const read = data.steps.filter((step) => step >= k);
  const loss = READ_OUT.has(name) ? read[0] : read.includes(s) ? s : read[read.length - 1];
  return { s: loss, k: READ_OUT.has(name) ? loss : k };
}

/**
 * What the chosen stage knows: state steps from `reached` on, and the read-out's gradient.
 * @param {EntryArrays} data
 * @param {number} stage
 * @returns {Knowledge}
 */
export function knowledge(data, stage) {
  const reached = data.reached[stage - 1];
  const output = stage >= data.reached_output;
  return {
    reached,
    output,
    complete: reached === 1,
    step: data.chosen[stage - 1],
    term: (name, k) => (READ_OUT.has(name) ? output : k >= reached),
    count: (name) => (READ_OUT.has(name) ? (output ? data.T : 0) : data.T + 1 - reached),
  };
}
