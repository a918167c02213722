// The way back in motion: what a step sends back meets the own loss of the one before; later δ splits, one copy goes left
// and a share falls through the use of W_h into the vessel.

/** @import { Way } from "../network/motion.js" */

const SLOPE = 1.1; // seconds at single speed
const SPLIT = 1.3;
const MEETING = 1.4;
const LANDING = 1.1;

/** @typedef {import("./data.js").Decoded} Decoded */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./view.js").Stage} Stage */
/**
 * @typedef {object} Walk
 * @property {number} from the step come to first
 * @property {number} to
 * @property {boolean} gradients whether they are on their way
 * @property {boolean} shares
 * @property {[number, number]} entry
 * @property {(stage: Stage) => void} told
 */

/**
 * @param {Decoded} data
 * @param {() => Place} place where all stands, which changes when a step comes into sight
 * @param {Walk} steps
 * @param {{travel: (seconds: number, ways: Way[]) => Promise<void>, wait: (seconds: number) => Promise<void>}} play
 */
export async function walk(data, place, { from, to, gradients, shares, entry: [i, j], told }, play) {
  const { own, future, delta } = data.run;
  for (let t = from; t >= to; t--) {
    told({ t, reached: t + 1 });
    if (gradients) await arrive(t);
    told({ t, reached: shares ? t + 1 : t });
    if (shares) await fall(t);
    told({ t, reached: t });
    await play.wait(LANDING);
  }

  /**
   * What the step after sends back meets the gradient of the step's own loss.
   * @param {number} t
   */
  async function arrive(t) {
    const at = place();
    const scored = data.outputs.some((each) => each.t === t);
    const meeting = at.delta;
    /** @type {Way[]} */
    const down = scored ? [{ values: own[t - 1], role: "own", from: [at.drop(t), 84], to: [at.card(t) + 74, meeting] }] : [];
    if (t < data.T && at.steps.includes(t + 1)) {
      await play.travel(MEETING, [{ values: future[t - 1], role: "grad", from: [at.card(t + 1) - 24, at.delta], to: [at.card(t) + 26, meeting] }, ...down]);
    } else {
      await play.travel(MEETING, down);
    }
  }

  /**
   * δ splits: one copy goes on, the other falls through the use of W_h.
   * @param {number} t
   */
  async function fall(t) {
    const at = place();
    /** @type {Way[]} */
    const on = t > 1 && t > at.first ? [{ values: delta[t - 1], role: "grad", from: [at.use(t), at.delta], to: [at.left(t) + 2, at.delta] }] : [];
    await play.travel(SLOPE, [{ values: delta[t - 1], role: "grad", from: [at.use(t), at.delta], to: [at.use(t), at.middle] }, ...on]);
    await play.travel(SPLIT, [{ values: [data.shares[t - 1][i][j]], role: "grad", from: [at.use(t), at.middle], to: [at.share(t), at.vessel + at.vesselHeight - 40] }]);
  }
}
