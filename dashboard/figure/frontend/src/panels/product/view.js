// What is to be seen at a beat: the network of the moment, what is walked of it, and what stands beside it.

/** @import { ProductAt } from "../../../types/payload.ts" */

/** @typedef {"step" | "walk" | "build" | "inputs" | "radius" | "explode" | "clip"} Stage */
/** @typedef {"radius" | "inputs" | "activation" | "shape"} Control */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {Stage} stage
 * @property {ProductAt} at the network begun with
 * @property {Control[]} open what can be moved
 * @property {Control[]} [first] of these, while the question is open
 * @property {number} [t] the step looked at first
 * @property {number} [walked] steps walked at first
 * @property {ProductAt} [ghost] another network, to compare with
 * @property {Partial<Pick<Chosen, "at" | "taken" | "norm">>} [told] what the reply is about, chosen with the answer
 * @property {boolean} [alone] whether what the radius alone would leave is drawn
 */
/**
 * What the learner chose within a beat.
 * @typedef {object} Chosen
 * @property {Stage} stage the beat's, which it holds for
 * @property {ProductAt} at
 * @property {number} reached the earliest state that the walk has come to
 * @property {number} phase of the one step: 1 to 3, what is drawn of it
 * @property {number} taken updates
 * @property {number} norm place of the limit
 * @property {number} value place of the limit
 */
/** @typedef {ReturnType<typeof viewOf>} View */

export const BANDED = /** @type {Stage[]} */ (["build", "inputs", "radius"]);

/**
 * @param {ReturnType<typeof import("./grid.js").createGrid>} grid
 * @param {Show} show
 * @param {Chosen} chosen
 * @param {boolean} known
 * @param {number} t
 */
export function viewOf(grid, show, chosen, known, t) {
  const { stage } = show;
  const walking = stage === "walk" || stage === "step";
  const reached = stage === "step" ? (chosen.phase < 3 ? grid.T : grid.T - 1) : stage === "walk" ? Math.max(chosen.reached, known ? 0 : grid.T - (show.walked ?? 0)) : 0;
  const ghost = show.ghost && JSON.stringify(show.ghost) !== JSON.stringify(chosen.at) ? grid.at(show.ghost) : null;
  return {
    stage, known, reached, ghost, chosen,
    built: grid.at(chosen.at),
    band: BANDED.includes(stage),
    told: known || stage !== "radius", // why the line goes where it goes
    alone: Boolean(show.alone),
    open: /** @type {Control[]} */ (walking ? [] : known ? show.open : (show.first ?? show.open)),
    t: Math.max(t, Math.min(grid.T, Math.floor(reached) + 1)),
  };
}

/**
 * @param {Show} show
 * @param {number} T
 * @param {[number, number]} limits
 * @param {boolean} known
 * @returns {Chosen}
 */
export const begun = (show, T, [norm, value], known) => ({ stage: show.stage, at: show.at, reached: known ? 0 : T - (show.walked ?? T), phase: known ? 3 : 1, taken: 0, norm, value });
