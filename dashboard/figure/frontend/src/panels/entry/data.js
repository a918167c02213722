// The panel's arrays, and the one entry that is chosen among them.

import { clamp } from "../../dom.js";
import { decode } from "../../decode.js";

export const READ_OUT = new Set(["W_y", "b_y"]);

export function decoded(payload) {
  return { ...payload, factors: arrays(payload.factors), weights: Object.fromEntries(Object.entries(payload.weights).map(([name, part]) => [name, arrays(part)])) };
}

const arrays = (part) => Object.fromEntries(Object.entries(part).map(([name, value]) => [name, value?.b64 === undefined ? value : decode(value)]));

// Everything behind some first indices, flat; a plain number when nothing is left.
export function at({ values, shape }, ...indices) {
  const size = shape.slice(indices.length).reduce((a, b) => a * b, 1);
  const from = indices.reduce((offset, index, axis) => offset * shape[axis] + index, 0) * size;
  return indices.length === shape.length ? values[from] : values.subarray(from, from + size);
}

// A matrix as rows.
export function matrix(array, ...indices) {
  const [rows, columns] = array.shape.slice(indices.length);
  const flat = at(array, ...indices);
  return Array.from({ length: rows }, (_, r) => Array.from(flat.subarray(r * columns, (r + 1) * columns)));
}

// The choice moved to what this network has.
export function within(choice, data) {
  const [firstName, firstRow, firstCol] = data.first;
  const name = choice.name in data.weights ? choice.name : firstName;
  const [rows, columns] = data.weights[name].shape;
  const last = data.steps.at(-1);
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

// A loss step that is read and a state step it reaches. The read-out is used at the loss step alone.
function pair(s, k, name, data) {
  const read = data.steps.filter((step) => step >= k);
  const loss = READ_OUT.has(name) ? read[0] : read.includes(s) ? s : read.at(-1);
  return { s: loss, k: READ_OUT.has(name) ? loss : k };
}

// What the chosen stage knows: state steps from `reached` on, and the read-out's gradient.
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
