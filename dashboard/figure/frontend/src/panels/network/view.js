// What is to be seen of the network at a beat: the states of the moment, what is known of them, and what is lit.

/** @import { NetworkData } from "../../../types/payload.ts" */

/** @typedef {"W_x" | "W_h" | "W_y"} Weight */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {number} [t] the step gone to
 * @property {number} [asked] the step whose state is asked for
 * @property {"parts" | "change"} [field] what stands above each state
 * @property {"products" | "uses" | "lengths" | "curves" | "losses"} [vessel]
 * @property {("walk" | "turn" | "drag" | "activation" | "readout" | "letters")} [control]
 * @property {"last" | "every"} [readout]
 * @property {boolean} [walked] whether states appear step by step
 * @property {[number, number]} [entry] of W_h
 */
/**
 * What the learner chose within a beat.
 * @typedef {object} Chosen
 * @property {[number, number]} [entry]
 * @property {Weight | null} [weight] whose uses are lit
 * @property {-1 | 0 | 1} [turn]
 * @property {number} [drag] place in the grid
 * @property {string} [activation]
 * @property {"last" | "every"} [readout]
 * @property {"ours" | "chapter"} [letters]
 */
/**
 * How far a step that is being played has come.
 * @typedef {object} Stage
 * @property {number} t
 * @property {"nothing" | "parts" | "sum" | "state"} has what stands of it: what goes in, their sum too, or all
 */
/** @typedef {ReturnType<typeof viewOf>} View */

/**
 * @param {NetworkData} data
 * @param {Show} show
 * @param {boolean} known
 * @param {Chosen} chosen
 * @param {number} t
 * @param {Stage | null} stage
 */
export function viewOf(data, show, known, chosen, t, stage) {
  const control = show.control ?? "";
  const squashed = squashedBy(data, control === "activation" && known ? chosen.activation : undefined);
  const turn = control === "turn" ? (chosen.turn ?? 0) : 0;
  const drag = control === "drag" && known ? (chosen.drag ?? data.drag.nudged) : data.drag.start;
  const entry = chosen.entry ?? show.entry ?? [0, 0];
  const until = standing(data, show, known, t, stage);
  const run = runOf(data, squashed, { turn, entry });
  const h = drag === data.drag.start ? run.h : data.drag.h[drag];
  return {
    t, show, known, run, h, entry, turn, drag, until, squashed, stage,
    pressed: chosen.weight ?? null,
    weight: chosen.weight === undefined ? (show.vessel === "uses" ? "W_h" : null) : chosen.weight,
    readout: control === "readout" ? (chosen.readout ?? show.readout ?? data.readout) : (show.readout ?? data.readout),
    chapter: control === "letters" && chosen.letters === "chapter",
    /**
     * What moved, by unit.
     * @param {number} step
     */
    moved: (step) => h[step].map((value, k) => value - data.run.h[step][k]),
  };
}

/**
 * The step up to which states stand.
 * @param {NetworkData} data
 * @param {Show} show
 * @param {boolean} known
 * @param {number} t
 * @param {Stage | null} stage
 */
function standing(data, show, known, t, stage) {
  if (stage) return stage.has === "state" ? stage.t : stage.t - 1;
  const reached = show.walked ? Math.max(t, show.t ?? 1) : data.T;
  return !known && show.asked ? Math.min(reached, show.asked - 1) : reached;
}

/**
 * @param {NetworkData} data
 * @param {string | undefined} name
 */
function squashedBy(data, name = data.activation) {
  return data.squashed.find((each) => each.name === name) ?? data.squashed[0];
}

/**
 * @param {NetworkData} data
 * @param {import("../../../types/payload.ts").Squashed} squashed
 * @param {{turn: number, entry: number[]}} chosen
 */
function runOf(data, squashed, { turn, entry }) {
  if (turn !== 0) return data.turned[entry.join(",")].runs[turn < 0 ? 0 : 1];
  return squashed.name === data.activation ? data.run : squashed.run;
}
