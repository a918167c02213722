// What is to be seen at a beat: how much of the text is uncovered, whose unit is followed, and which parts are on.

/** @import { GatesData, GatesPart } from "../../../types/payload.ts" */

/** @typedef {"read" | "let" | "alone" | "ways" | "two" | "bias" | "explode"} Stage */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {Stage} stage
 * @property {number} [t] the word looked at first
 */
/**
 * What the learner chose within a beat.
 * @typedef {object} Chosen
 * @property {Stage} stage the beat's, which it holds for
 * @property {number} unit the one followed, from 0; as many as there are for all together
 * @property {boolean} more whether all six maps are drawn
 * @property {Record<GatesPart, boolean>} on
 * @property {number} opened words that the maps show
 * @property {number} reached the earliest word that the way back has come to
 * @property {number} phase of the one step back: 0 to 3, how much of it is drawn
 * @property {number} bias place of the forget bias
 * @property {number} gain place of the factor on W_h
 */
/** @typedef {ReturnType<typeof viewOf>} View */
/** @typedef {ReturnType<typeof import("./stack.js").drawStack>} Drawn */

export const PARTS = /** @type {GatesPart[]} */ (["forget", "through_h", "later"]);
const MAPPED = /** @type {Stage[]} */ (["read", "let", "alone", "ways"]);

/**
 * @param {GatesData} data
 * @param {Show} show
 * @param {Chosen} chosen
 * @param {boolean} known
 * @param {number} cursor
 */
export function viewOf(data, { stage }, chosen, known, cursor) {
  const T = data.words.length;
  const opened = stage === "read" ? data.first : stage === "let" ? (known ? Math.max(chosen.opened, data.first) : data.first) : T;
  const reached = stage === "alone" ? Math.max(chosen.reached, known ? 1 : data.second) : stage === "ways" && known && chosen.phase < 3 ? data.second : 1;
  return {
    stage, known, chosen, opened, reached,
    mapped: MAPPED.includes(stage),
    parted: stage === "alone" || stage === "ways",
    phase: stage === "ways" && known ? chosen.phase : 3,
    told: stage !== "alone", // whether all three parts are
    on: stage === "ways" && known ? chosen.on : { forget: true, through_h: false, later: false },
    unit: chosen.unit,
    all: chosen.unit >= data.network.H,
    t: stage === "ways" && known && chosen.phase < 3 ? data.second : Math.min(opened, Math.max(reached, cursor)),
  };
}

/**
 * Where a beat begins.
 * @param {GatesData} data
 * @param {Show} show
 * @param {boolean} known
 * @returns {Chosen}
 */
export const begun = (data, { stage }, known) => ({
  stage, unit: data.network.unit, more: false, on: { forget: true, through_h: true, later: true }, opened: known ? data.words.length : data.first,
  reached: known ? 1 : data.second, phase: 3, bias: known ? data.bias.values.length - 1 : data.bias.start, gain: known ? data.explode.gains.length - 1 : 0,
});
