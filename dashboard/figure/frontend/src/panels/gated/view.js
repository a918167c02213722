// What is to be seen of the cell at a beat: the run of the moment, how far it has come, and which parts are known.

/** @import { GatedData, GatedVector } from "../../../types/payload.ts" */
/** @import { Decoded } from "../../../types/figure.ts" */

import { decode } from "../../decode.js";

/** @typedef {"closed" | "line" | "forget" | "add" | "show" | "hold" | "always"} Scene */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {Scene} scene
 * @property {number} t the step looked at first
 * @property {number} [after] the step looked at once the question is answered
 * @property {number} [unit] framed in place of the followed one
 * @property {string} [held] the run that its answer shows
 */
/**
 * What the learner chose, and how far a motion has come.
 * @typedef {object} Chosen
 * @property {string} held the run
 * @property {number} sub the last sub-step that is drawn, from 1
 * @property {number} share of its motion
 * @property {number} upto the last word that the held gates have changed
 */
/** @typedef {"c0" | "h0" | GatedVector} Name */
/** @typedef {ReturnType<typeof viewOf>} View */
/** @typedef {{from: number, values: Decoded, y: number[]}} Run */

/** @type {GatedVector[]} */
export const VECTORS = ["f", "i", "g", "o", "kept", "written", "c", "tanh", "h", "dropped"];
export const SUBSTEPS = /** @type {const} */ (["join", "f", "i", "g", "kept", "written", "c", "o", "h"]);
export const COMPUTED = "---";
export const ALWAYS = "all";
const ALL = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** @type {Record<Scene, number[]>} */
export const REACH = { closed: [], line: [], forget: [1, 2, 5], add: [1, 2, 3, 4, 5, 6, 7], show: ALL, hold: ALL, always: ALL };
/** @type {Partial<Record<Scene, number>>} */
const ASKED = { forget: 5, add: 7, show: 9 };

/** Until their question is answered the beats up to the one that asks for the new cell value do not say it. */
const VEILED = ["closed", "line", "forget", "add"];

export const MEET = 0.6; // of a sub-step's time, in which two vectors travel to where they meet
const MEETING = [5, 6, 7, 9];
/**
 * From which share on what a sub-step makes is there.
 * @param {number} sub
 */
const meets = (sub) => (MEETING.includes(sub) ? MEET : 0);

/** @param {GatedData} data */
export function decoded(data) {
  return Object.fromEntries(Object.entries(data.runs).map(([name, run]) => [name, { from: run.from, values: decode(run.values), y: Array.from(decode(run.y).values) }]));
}

/**
 * @param {GatedData} data
 * @param {Record<string, Run>} runs
 * @param {Show} show
 * @param {boolean} known
 * @param {Chosen} chosen
 * @param {number} t
 */
export function viewOf(data, runs, show, known, chosen, t) {
  const { scene } = show;
  const holding = scene === "hold" || scene === "always";
  const name = holding && known ? chosen.held : COMPUTED;
  const run = runs[name];
  const base = runs[COMPUTED];
  const held = name !== COMPUTED;
  const upto = held ? chosen.upto : data.T;
  /**
   * @param {Run} of
   * @param {Name} vector
   * @param {number} step
   * @returns {number[]}
   */
  const read = (of, vector, step) => {
    if (vector === "c0" || vector === "h0") return step > 1 ? read(of, vector === "c0" ? "c" : "h", step - 1) : Array.from({ length: data.H }, () => 0);
    const source = step < of.from ? base : of;
    const at = ((step - source.from) * VECTORS.length + VECTORS.indexOf(vector)) * data.H;
    return Array.from(source.values.values.subarray(at, at + data.H));
  };
  const sub = chosen.sub;
  const asked = !known && t === show.t ? (ASKED[scene] ?? 0) : 0;
  /**
   * Whether a number is what a later beat asks for: what the followed unit holds after the second name.
   * @param {Name} vector
   * @param {number} step
   */
  const veiled = (vector, step) => hidden(vector, step) || (VEILED.includes(scene) && !(scene === "add" && known) && ((vector === "c" && step === data.at) || (vector === "c0" && step === data.at + 1)));
  /**
   * Whether a number is what this beat asks for: what the followed unit shows.
   * @param {Name} vector
   * @param {number} step
   */
  const hidden = (vector, step) => scene === "show" && !known && ((vector === "h" && step === show.t) || (vector === "h0" && step === show.t + 1));
  return {
    scene, known, t, held, name, holding, sub, asked,
    share: chosen.share,
    upto,
    over: upto >= data.T,
    unit: show.unit ?? data.follow,
    y: (scene === "closed" && !known) || upto < data.T ? null : run.y,
    was: base.y,
    limit: name === ALWAYS ? data.wide : data.limit,
    /**
     * A vector at a step, as far as held gates have come.
     * @param {Name} vector
     * @param {number} [step]
     */
    now: (vector, step = t) => read(step <= upto ? run : base, vector, step),
    /**
     * The same as computed.
     * @param {Name} vector
     * @param {number} [step]
     */
    before: (vector, step = t) => read(base, vector, step),
    /**
     * Whether what a sub-step makes is known; 0 stands for what comes in.
     * @param {number} from
     */
    has: (from) => scene !== "closed" && scene !== "line" && (from === 0 || (REACH[scene].includes(from) && from <= sub && from !== asked && !(from === sub && chosen.share < meets(sub)))),
    /**
     * Whether a number is not said yet.
     * @param {Name} vector
     * @param {number} [step]
     */
    veiled: (vector, step = t) => veiled(vector, step),
    /**
     * What a gate is held at, in the word that is looked at.
     * @param {string} gate
     */
    by: (gate) => (held && t <= upto ? heldAt(name, gate, t === data.at) : null),
  };
}

/**
 * @param {string} name
 * @param {string} gate
 * @param {boolean} there
 */
function heldAt(name, gate, there) {
  if (name === ALWAYS) return gate === "f" ? "1" : null;
  const letter = name["fio".indexOf(gate)] ?? "-";
  return there && letter !== "-" ? (letter === "5" ? "½" : letter) : null;
}
