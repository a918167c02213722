// What is to be seen at a beat: the words read so far, the name put in, the words in between, the learning rate.

/** @import { KeptData } from "../../../types/payload.ts" */

/** @typedef {"swap" | "left" | "split" | "nudge" | "gaps" | "starts"} Stage */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {Stage} stage
 * @property {number} [t] the word looked at first
 * @property {number} [walked] words read at first
 * @property {number} [until] words that can be read once the question is answered
 * @property {number} [gap] words in between at first
 */
/**
 * What the learner chose within a beat.
 * @typedef {object} Chosen
 * @property {Stage} stage the beat's, which it holds for
 * @property {number} reached words read; a part of one while it is on its way
 * @property {number} other place of the name put in
 * @property {number} gap words in between
 * @property {number} rate place of the learning rate; -1 for the best of each start
 */
/** @typedef {ReturnType<typeof viewOf>} View */

export const WALKED = /** @type {Stage[]} */ (["swap", "left", "split"]);

/**
 * @param {KeptData} data
 * @param {Show} show
 * @param {Chosen} chosen
 * @param {boolean} known
 * @param {number} t
 */
export function viewOf(data, show, chosen, known, t) {
  const { stage } = show;
  const open = mostOf(show, known);
  const reached = Math.min(chosen.reached, open);
  const nudges = data.nudges.find(({ gap }) => gap === chosen.gap) ?? data.nudges[0];
  const words = stage === "nudge" ? nudges.words : data.words;
  return { stage, known, chosen, open, reached, nudges, words, t: Math.min(t, stage === "nudge" ? words.length : Math.max(1, Math.ceil(reached))) };
}

/**
 * How many words can be read.
 * @param {Show} show
 * @param {boolean} known
 */
export const mostOf = (show, known) => (known ? show.until : show.walked) ?? 0;

/**
 * @param {Show} show
 * @param {boolean} known
 * @returns {Chosen}
 */
export const begun = (show, known) => ({ stage: show.stage, reached: mostOf(show, known), other: 0, gap: show.gap ?? 0, rate: -1 });
