// The payload with its arrays decoded, and what is read off them.

/** @import { BackwardData, NudgesData, Packed, PressesData } from "../../../types/payload.ts" */

import { decode } from "../../decode.js";

/** @typedef {ReturnType<typeof decoded>} Decoded */
/** @typedef {{h: number[][], y: number[], losses: number[], loss: number}} Outcome */
/** @typedef {Outcome & {own: number[][], future: number[][], dh: number[][], delta: number[][]}} Run */

/** @param {BackwardData} data */
export function decoded(data) {
  const nudges = new Map(Object.entries(data.nudges).map(([entry, found]) => [entry, nudged(found, data.run.h[0])]));
  return { ...data, nudges, limit: limitOf(data.run), presses: data.presses && pressed(data.presses) };
}

/**
 * Rows of an array along its last axis, at leading indices.
 * @param {Packed} packed
 */
function reader(packed) {
  const { values, shape } = decode(packed);
  const inner = shape.slice(2).reduce((product, size) => product * size, 1);
  const width = shape.length > 3 ? shape[3] : inner;
  /**
   * @param {number} first
   * @param {number} second
   */
  return (first, second) => {
    const from = (first * shape[1] + second) * inner;
    const all = Array.from(values.subarray(from, from + inner));
    return { row: all, rows: Array.from({ length: inner / width }, (_, k) => all.slice(k * width, (k + 1) * width)) };
  };
}

/**
 * The runs with one entry nudged: by use (0 for all together) and by the place of the nudge.
 * @param {NudgesData} found
 * @param {number[]} initial h_0
 */
function nudged(found, initial) {
  const [h, y, losses, loss] = [found.h, found.y, found.losses, found.loss].map(reader);
  const together = found.loss.shape[0] - 1;
  const zero = found.by.indexOf(0);
  /**
   * @param {number} use
   * @param {number} n
   * @returns {Outcome}
   */
  const run = (use, n) => {
    const u = use === 0 ? together : use - 1;
    return { h: [initial, ...h(u, n).rows], y: y(u, n).row, losses: losses(u, n).row, loss: loss(u, n).row[0] };
  };
  /**
   * How far the loss moves.
   * @param {number} use
   * @param {number} n
   */
  const change = (use, n) => run(use, n).loss - run(use, zero).loss;
  return { by: found.by, zero, run, change };
}

/**
 * The runs of both sequences between the updates.
 * @param {PressesData} presses
 */
function pressed(presses) {
  const [h, y, losses, own, future, dh, delta] = [presses.h, presses.y, presses.losses, presses.own, presses.future, presses.dh, presses.delta].map(reader);
  /** @type {(taken: number, sequence: number) => Run} */
  const runs = (taken, sequence) => ({
    h: h(taken, sequence).rows,
    y: y(taken, sequence).row,
    losses: losses(taken, sequence).row,
    loss: losses(taken, sequence).row.reduce((sum, value) => sum + value, 0),
    own: own(taken, sequence).rows,
    future: future(taken, sequence).rows,
    dh: dh(taken, sequence).rows,
    delta: delta(taken, sequence).rows,
  });
  const all = presses.loss.flatMap((_, taken) => [0, 1].map((sequence) => limitOf(runs(taken, sequence))));
  return { ...presses, runs, limit: Math.max(1e-9, ...all) };
}

/**
 * The largest part of a gradient, for its bars.
 * @param {{own: number[][], future: number[][]}} run
 */
const limitOf = ({ own, future }) => Math.max(1e-9, ...[own, future].flat(2).map(Math.abs));
