// What is to be seen of the way back at a beat: the run of the moment, what is known of it, and what is opened.

/** @typedef {import("./data.js").Decoded} Decoded */
/**
 * What a beat sets.
 * @typedef {object} Show
 * @property {"nudge" | "walk" | "update"} scene
 * @property {number} [t] the step gone to
 * @property {number} [use] whose use of W_h is nudged; 0 for all
 * @property {number} [by] the nudge
 * @property {boolean} [upwards] whether until the answer it is turned up only
 * @property {[number, number]} [entry] of W_h
 * @property {"walk" | "all"} [gradients] whether gradients appear step by step
 * @property {"walk" | "all"} [shares]
 * @property {boolean} [slopes] whether the chosen step's slope and what it sends are opened
 * @property {boolean} [opened] whether the chosen entry is
 * @property {number} [asked] the step that the question is about, 0 for none
 * @property {number[]} [asked_slopes] steps whose slopes it is about
 * @property {number} [taken] updates until the question
 * @property {number} [told] updates that its reply is about
 */
/**
 * What the learner chose within a beat.
 * @typedef {object} Chosen
 * @property {[number, number]} [entry]
 * @property {number} [use]
 * @property {number} [by]
 * @property {number[]} [seen] uses that were nudged
 * @property {boolean} [begun] whether the walk has left the losses
 * @property {number} [taken]
 * @property {0 | 1} [sequence]
 */
/**
 * In place of the updates until they are sent: all of the gradient.
 * @type {Show}
 */
const MEANWHILE = { scene: "walk", gradients: "all", shares: "all" };
/** What of the walk is on its way: the step it comes to, and how far it has come. */
/** @typedef {{t: number, reached: number}} Stage */
/** @typedef {ReturnType<typeof viewOf>} View */

/**
 * @param {Decoded} data
 * @param {Show} set by the beat
 * @param {boolean} known
 * @param {Chosen} chosen
 * @param {number} t
 * @param {Stage | null} stage
 */
export function viewOf(data, set, known, chosen, t, stage) {
  const { show, presses } = sceneOf(data, set);
  const H = data.run.h[0].length;
  const [first, ...others] = [chosen.entry, show.entry, /** @type {[number, number]} */ ([0, 0])].filter((each) => each !== undefined);
  const entry = first.every((k) => k < H) ? first : others[0]; // what was chosen may be of a larger network
  const nudge = nudgeOf(data, show, known, chosen, entry);
  const { taken, most } = takenOf(presses, show, known, chosen);
  const sequence = chosen.sequence ?? 0;
  const { run, x, targets } = sequenceOf(data, presses, taken, sequence);
  const reached = stage ? stage.reached : chosen.begun ? t : data.T + 1;
  return {
    t, show, known, presses, entry, nudge, run, taken, most, sequence, reached,
    gradients: presses ? 1 : since(show.gradients, reached, data.T),
    name: entry.join(","),
    /** The smallest step whose share is there. */
    shares: Math.max(since(show.shares, reached, data.T), known ? 1 : (show.asked ?? 0) + 1),
    moving: stage !== null,
    /** Whether only the sums at the states are there yet, and not what happens between them. */
    plain: show.scene === "walk" && show.gradients === "walk",
    /** Whether the walk waits for the answer: all but what is asked about is there. */
    waits: !known && Boolean(show.asked) && show.shares === "walk" && reached <= (show.asked ?? 0) + 1,
    walks: show.gradients === "walk" || show.shares === "walk",
    slot: { walk: t, nudge: nudge.use, update: 0 }[show.scene],
    x, targets,
    /**
     * Whether a step's slope is hidden, since the question is about it.
     * @param {number} step
     */
    hides: (step) => !known && (show.asked_slopes ?? []).includes(step),
    /** Whether an entry's result is hidden, likewise. */
    covered: Boolean(show.opened) && !known && entry.join(",") !== (show.entry ?? []).join(","),
  };
}

/**
 * What is shown, with the updates where they are.
 * @param {Decoded} data
 * @param {Show} set
 */
function sceneOf(data, set) {
  const presses = set.scene === "update" ? data.presses : null;
  return { presses, show: set.scene === "update" && !presses ? MEANWHILE : set };
}

/**
 * The sequence that is on the screen, and its run.
 * @param {Decoded} data
 * @param {Decoded["presses"]} presses
 * @param {number} taken
 * @param {0 | 1} sequence
 */
function sequenceOf(data, presses, taken, sequence) {
  if (!presses) return { run: data.run, x: data.x, targets: data.outputs.map(({ target }) => target) };
  return { run: presses.runs(taken, sequence), x: presses.x[sequence], targets: presses.targets[sequence] };
}

/**
 * The smallest step at which something stands: from the one reached on, or from the first; beyond the last for none.
 * @param {"walk" | "all" | undefined} how
 * @param {number} reached
 * @param {number} T
 */
const since = (how, reached, T) => (how === undefined ? T + 1 : how === "all" ? 1 : reached);

/**
 * The nudge: of which use, by how much, and what it leads to, unless the question is about that.
 * @param {Decoded} data
 * @param {Show} show
 * @param {boolean} known
 * @param {Chosen} chosen
 * @param {number[]} entry
 */
function nudgeOf(data, show, known, chosen, entry) {
  const first = /** @type {NonNullable<ReturnType<Decoded["nudges"]["get"]>>} */ (data.nudges.get((show.entry ?? []).join(",")) ?? [...data.nudges.values()][0]);
  const found = data.nudges.get(entry.join(",")) ?? first;
  const wanted = Math.min(chosen.use ?? show.use ?? 0, data.T);
  const hidden = !known && show.asked !== undefined && show.asked > 0 && show.asked === wanted;
  const by = chosen.by ?? show.by ?? 0;
  const least = show.upwards && !known ? found.zero : 0;
  const n = Math.max(least, nearest(found.by, by));
  const base = found.run(wanted, found.zero);
  const seen = new Set([...(chosen.seen ?? []), wanted, ...(known && show.asked ? [show.asked] : [])]);
  if (!known && show.asked) seen.delete(show.asked);
  return { found, use: wanted, n, by: found.by[n], least, seen, hidden, run: hidden ? base : found.run(wanted, n), base };
}

/**
 * @param {number[]} values
 * @param {number} wanted
 */
const nearest = (values, wanted) => values.reduce((best, value, k) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? k : best), 0);

/**
 * @param {Decoded["presses"]} presses
 * @param {Show} show
 * @param {boolean} known
 * @param {Chosen} chosen
 */
function takenOf(presses, show, known, chosen) {
  const last = presses ? presses.loss.length - 1 : 0;
  const most = known ? last : Math.min(last, show.taken ?? last);
  return { most, taken: Math.min(most, chosen.taken ?? 0) };
}
