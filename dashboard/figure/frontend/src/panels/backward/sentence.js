// What stands below the drawing, for what is chosen: null where the beat's own sentence holds.

/** @import { Rich } from "../../../types/payload.ts" */

import { number, short } from "../../format.js";
import { changed, nudgeText } from "./write.js";

const SEEN = 5e-7; // a smaller change of a number is none
const MANY = 3; // losses up to which each is named
const COUNTS = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"];

/** @typedef {import("./data.js").Decoded} Decoded */
/** @typedef {import("./view.js").View} View */

/**
 * @param {Decoded} data
 * @param {View} view
 * @returns {Rich | null}
 */
export function sentence(data, view) {
  const { show, presses } = view;
  if (show.scene === "nudge") return view.nudge.use === 0 ? turned(data, view) : nudged(data, view);
  if (presses) return updated(presses, data.alpha, view);
  if (show.opened) return view.covered ? ["Its shares stay hidden until you have answered."] : data.said.entries[view.name];
  if (show.slopes) return view.hides(view.t) ? ["What this slope lets through stays hidden until you have answered."] : data.said.way[view.t - 1];
  if (show.shares) return gathered(data, view);
  return view.reached > data.T ? ["Every loss is known; no gradient is yet. Press Play, or a step."] : data.said.walk[view.reached - 1];
}

/**
 * What one nudge of one use does, loss by loss.
 * @param {Decoded} data
 * @param {View} view
 * @returns {Rich}
 */
function nudged(data, { nudge: { use, by, run, base, hidden }, entry: [i, j] }) {
  if (hidden) return [{ strong: "What the nudge does at this step" }, " is yours to say first."];
  if (by === 0) return [{ strong: "Nothing is nudged." }, " Drag the dark dot on the wire, or the slider, either way."];
  const where = [`${nudgeText(by)} on `, { math: "W_h" }, `[${i},${j}] at `, { math: "t" }, ` = ${use} alone`];
  const total = run.loss - base.loss;
  const moved = data.outputs.map(({ t }, k) => ({ t, by: run.losses[k] - base.losses[k] })).filter((each) => Math.abs(each.by) > SEEN);
  if (moved.length === 0) {
    const zero = data.run.h[use - 1][i] === 0;
    return [{ strong: "Nothing moves." }, " With ", ...where, zero ? ", the nudge is multiplied by the state before, " : ", no loss moves: the change meets a slope of 0.", ...(zero ? [{ math: `h_${use - 1}` }, `[${i}] = 0.`] : [])];
  }
  const each = moved.length > MANY ? [] : moved.flatMap((loss, k) => [k ? ", " : "", { math: `L_${loss.t}` }, ` ${loss.by > 0 ? "rises" : "falls"} by ${number(Math.abs(loss.by), 3, 1)}`]);
  const all = moved.length === 1 ? [] : [each.length ? ": " : "", { math: "L" }, ` moves by ${changed(total, 4)}`];
  return [{ strong: use > 1 ? "Only what comes after moves." : "Everything moves." }, " With ", ...where, ", ", ...each, ...all, "."];
}

/**
 * What all uses together do, beside what they do one at a time.
 * @param {Decoded} data
 * @param {View} view
 * @returns {Rich}
 */
function turned(data, { nudge: { found, n, by }, entry: [i, j] }) {
  if (by === 0) return [{ strong: "Nothing is turned." }, " Drag the knob, a dot or the slider."];
  const together = found.change(0, n);
  const added = data.shares.reduce((sum, _, k) => sum + found.change(k + 1, n), 0);
  const gradient = data.shares.reduce((sum, share) => sum + share[i][j], 0);
  const weight = [{ math: "W_h" }, `[${i},${j}]`];
  return [
    { strong: `One use at a time ${changed(added, 4)} in all, together ${changed(together, 4)}.` },
    ` Per unit of nudge, ${nudgeText(by)}, that is ${number(added / by)} and ${number(together / by)}; for ever smaller nudges `, ...weight, ` comes to its gradient, ${number(gradient)}.`,
  ];
}

/**
 * How many shares are in, and what they come to.
 * @param {Decoded} data
 * @param {View} view
 * @returns {Rich}
 */
function gathered(data, { shares, waits, moving, entry: [i, j], name }) {
  if (shares <= 1) return data.said.shares[name];
  const count = data.T + 1 - shares;
  if (count === 0) return [{ strong: "What nudging measured, the shares must fill." }, moving ? "" : " Press Play, or a step."];
  const so = data.shares.slice(shares - 1).reduce((sum, share) => sum + share[i][j], 0);
  const text = `${COUNTS[count] ?? count} of ${(COUNTS[data.T] ?? String(data.T)).toLowerCase()} ${count === 1 ? "is" : "are"} in`;
  return [{ strong: `${text}: ${number(so, 4)} so far.` }, moving ? "" : waits ? " The last share is yours to say first." : " Press Play, or the next step to the left."];
}

/**
 * What the last press did to the loss of both sequences, and how long the gradient is now.
 * @param {NonNullable<View["presses"]>} presses
 * @param {number} alpha
 * @param {View} view
 * @returns {Rich | null}
 */
function updated({ loss, lengths }, alpha, { taken, known, most }) {
  if (loss.length < 2 || (known && taken === loss.length - 1)) return null;
  const gradient = [{ math: "∂L/∂W_h", role: "grad" }, ` is ${number(lengths[taken]?.W_h ?? null)} long`];
  if (taken === 0) return [{ strong: `Before the first press L of both sequences is ${number(loss[0])}.` }, " Its gradient ", ...gradient, "; the learning rate ", { math: "α" }, ` is ${short(alpha)}.`];
  return [{ strong: `Press ${taken} took L of both sequences from ${number(loss[taken - 1])} to ${number(loss[taken])}.` }, " Now ", ...gradient, `; before it was ${number(lengths[taken - 1]?.W_h ?? null)}.${!known && taken === most ? " Answer to go on." : ""}`];
}
