// What a state keeps of an earlier word: the drawing that the beats of the lesson on long-term dependencies drive. All
// its numbers are there; a beat shows those that have been read, and hides what its question asks for.

/** @import { KeptData, Rich } from "../../types/payload.ts" */
/** @import { Context, Decoded, DrivenPanel } from "../../types/figure.ts" */

import { createAsTable } from "../as_table.js";
import { followPointer, keepFocus, leftAt, lookAt } from "../beats/driven.js";
import { createMotion } from "../beats/motion.js";
import { decode } from "../decode.js";
import { element } from "../dom.js";
import { fixed, powerOfTen } from "../format.js";
import { createBar } from "./kept/bar.js";
import { drawGaps, drawStarts } from "./kept/bench.js";
import { createKey } from "./kept/key.js";
import { columnsOf, layoutOf } from "./kept/layout.js";
import { drawNudges, sizeAt, wordUnder } from "./kept/nudges.js";
import { drawSplit } from "./kept/split.js";
import { createStates, drawStates, percent } from "./kept/states.js";
import { WALKED, begun, mostOf, viewOf } from "./kept/view.js";

const WORD = 600; // ms that a word takes
const KEPT = "kept";

/**
 * @param {Context} context
 * @param {KeptData} data
 * @returns {DrivenPanel<KeptData>}
 */
export function create(context, data) {
  let shown = data;
  let states = createStates(data);
  /** @type {Map<number, Decoded>} */
  let sizes = decoded(data);
  /** @type {import("./kept/view.js").Show | null} */
  let show = null;
  let known = true;
  /** @type {import("./kept/view.js").Chosen | null} */
  let chosen = null;
  /** @type {(words: Rich | null) => void} */
  let say = () => {};
  const motion = createMotion();
  const bar = createBar(data, { choose, read, play, motion });
  const key = createKey(data, choose);
  const plot = element("div", "kp-plot");
  const asTable = createAsTable(tableContext(), () => [table()]);
  const below = context.mode === "phone" ? element("div", "kp kp-below", key.node, asTable.node) : undefined;
  const wrap = element("div", "kp", bar.node, element("div", "beat-drawing kp-drawing", plot, below ? null : key.node), below ? null : asTable.node);
  followPointer(plot, pointed, () => (show?.stage === "gaps" || show?.stage === "starts" ? false : motion.stop()));

  /** @param {Partial<import("./kept/view.js").Chosen>} change */
  function choose(change) {
    if (!chosen) return;
    motion.stop();
    chosen = { ...chosen, ...change };
    if (change.gap !== undefined) context.setStep(shown.asked);
    keep();
    paint();
  }

  /** @param {number} t word read last */
  function read(t) {
    choose({ reached: t });
    context.setStep(t);
  }

  const keep = () => chosen && context.remember(KEPT, chosen);

  function view() {
    return show && chosen ? viewOf(shown, show, chosen, known, context.cursor.t) : null;
  }

  /** @param {PointerEvent} event the word under it is looked at */
  function pointed(event) {
    const now = view();
    const drawing = plot.firstElementChild;
    if (!now || !drawing) return;
    const { left, top } = drawing.getBoundingClientRect();
    const at = layoutOf(context);
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (now.stage === "nudge") context.setStep(wordUnder(at, now.words, x, y));
    else if (WALKED.includes(now.stage)) context.setStep(Math.min(Math.floor(now.reached), Math.floor((x - at.gutter) / columnsOf(at, now.words.length).column) + 1));
  }

  function play() {
    if (!show || !chosen) return;
    if (motion.running) return motion.stop();
    if (!WALKED.includes(show.stage)) return;
    const to = mostOf(show, known);
    const from = chosen.reached >= to ? 1 : Math.floor(chosen.reached);
    motion.run(WORD * (to - from), (share) => {
      if (!chosen) return;
      const reached = share < 1 ? from + (to - from) * share : to;
      chosen = { ...chosen, reached };
      if (share === 1) keep();
      context.setStep(Math.max(1, Math.ceil(reached)));
      paint();
    });
  }

  /** The words of the beat, in place of the figure's steps: as far as they are read. */
  function tableContext() {
    return Object.create(context, { tokens: { get: () => words().slice(0, WALKED.includes(show?.stage ?? "swap") ? Math.max(1, Math.floor(view()?.reached ?? 1)) : undefined) } });
  }

  const words = () => view()?.words ?? shown.words;

  function table() {
    const now = view();
    if (now?.stage === "nudge") {
      const found = sizesOf(now.nudges.gap);
      return { name: "How far a nudge moves the answer", columns: shown.names, row: (/** @type {number} */ t) => shown.names.map((_, n) => (n === 2 && !known ? "?" : powerOfTen(sizeAt(found, n, t), 2))) };
    }
    if (now?.stage === "split") {
      const each = (/** @type {number} */ t) => shown.split.factors[t - 2] ?? [1, 1, 1];
      return { name: "What each word takes, RNN", columns: ["mixed ×", "squashed ×", "shifted ×", "left"], row: (/** @type {number} */ t) => [...each(t).map((value) => (known ? fixed(value, 3) : "?")), percent(shown.networks[0].left[t - 1])] };
    }
    return { name: "Left of the first word", columns: ["chapter", ...shown.networks.map(({ name }) => name)], row: (/** @type {number} */ t) => [percent(shown.printed[t - 1]), ...shown.networks.map(({ left }) => percent(left[t - 1]))] };
  }

  /** @param {number} gap */
  const sizesOf = (gap) => /** @type {Decoded} */ (sizes.get(gap));

  function paint() {
    const now = view();
    if (!now) return;
    if (stepped(now) && context.cursor.t !== now.t) context.setStep(now.t); // the next press of a key begins here
    const at = layoutOf(context);
    bar.set(now);
    const found = sizesOf(now.nudges.gap);
    const drawn = { swap: () => drawStates(at, now, shown, states), left: () => drawStates(at, now, shown, states), split: () => drawSplit(at, now, shown), nudge: () => drawNudges(at, now, shown, found), gaps: () => drawGaps(at, now, shown), starts: () => drawStarts(at, now, shown) }[now.stage]();
    plot.replaceChildren(drawn);
    key.set(at, now, found);
    const told = { nudge: now.nudges.told, starts: shown.spread[now.chosen.rate + 1] }[/** @type {string} */ (now.stage)];
    say(told ? told[known ? "said" : "before"] : null);
    asTable.node.classList.toggle("waits", now.stage === "gaps" || now.stage === "starts");
    if (asTable.node.open) asTable.rebuild("The words");
  }

  /** @type {DrivenPanel<KeptData>} */
  const panel = {
    full: wrap,
    below,
    update(next) {
      if (next !== shown) {
        states = createStates(next);
        sizes = decoded(next);
      }
      shown = next;
      asTable.rebuild("The words");
      paint();
    },
    setBeat(next, { known: is, entered }) {
      const before = show;
      show = /** @type {import("./kept/view.js").Show} */ (next);
      const answered = is && !known && !entered && before?.stage === show.stage;
      known = is;
      if (chosen?.stage !== show.stage) enter(show, before !== null); // no two beats share a stage
      else if (chosen.reached > mostOf(show, known)) chosen = begun(show, known); // asked again
      keepFocus([wrap, ...(below ? [below] : [])], bar.node, paint);
      asTable.rebuild("The words");
      if (answered && WALKED.includes(show.stage) && (chosen?.reached ?? 0) < mostOf(show, known)) play();
    },
    setCursor: paint,
    steps: () => (show && stepped(show) ? words() : []),
    onSaid(replace) {
      say = replace;
    },
    toggle: play,
    stop: motion.stop,
    resize: paint,
    destroy: motion.stop,
  };

  /**
   * Begin a beat, and look at its word: when it is gone to, and when the page opens with it and names none.
   * @param {import("./kept/view.js").Show} wanted
   * @param {boolean} entered
   */
  function enter(wanted, entered) {
    motion.stop();
    /** @type {Partial<import("./kept/view.js").Chosen> | null} */
    const left = leftAt(context, KEPT, wanted.stage, entered);
    chosen = { ...begun(wanted, known), ...left };
    lookAt(context, wanted.t && known && wanted.until ? wanted.until : wanted.t, { entered, left: left !== null });
    if (entered) keep();
  }

  return panel;
}

/** @param {KeptData} data */
const decoded = (data) => new Map(data.nudges.map(({ gap, sizes }) => [gap, decode(sizes)]));

/**
 * Whether a beat stands at a word.
 * @param {{stage: import("./kept/view.js").Stage}} beat
 */
const stepped = ({ stage }) => stage === "nudge" || WALKED.includes(stage);
