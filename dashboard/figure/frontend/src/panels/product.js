// What is left of a gradient, as a product over the steps: the drawing that the beats of the lesson on vanishing and
// exploding gradients drive. All networks that its sliders reach are there; the rest is a run that breaks, and a cliff.

/** @import { ProductData } from "../../types/payload.ts" */
/** @import { Context, DrivenPanel } from "../../types/figure.ts" */

import { textInAddress, writeAddress } from "../address.js";
import { createAsTable } from "../as_table.js";
import { followPointer, keepFocus, leftAt, lookAt } from "../beats/driven.js";
import { createMotion } from "../beats/motion.js";
import { element } from "../dom.js";
import { powerOfTen, significant } from "../format.js";
import { rich } from "../rich.js";
import { factor } from "./product/draw.js";
import { createBar } from "./product/bar.js";
import { drawClipping } from "./product/clip.js";
import { createControls } from "./product/controls.js";
import { drawCurve } from "./product/curve.js";
import { drawExplosion } from "./product/explode.js";
import { drawFactors } from "./product/factors.js";
import { atOf, createGrid, nameOf } from "./product/grid.js";
import { layoutOf } from "./product/layout.js";
import { drawLine } from "./product/line.js";
import { drawStep } from "./product/step.js";
import { createTarget } from "./product/target.js";
import { BANDED, begun, viewOf } from "./product/view.js";

const STEP = 2200; // ms that one step takes to be shown
const WALK = 3200; // ms of forty steps
const QUIET = 400; // ms without a change until the address takes it
const KEPT = "product";

/**
 * @param {Context} context
 * @param {ProductData} data
 * @returns {DrivenPanel<ProductData>}
 */
export function create(context, data) {
  let shown = data;
  let grid = createGrid(data);
  /** @type {import("./product/view.js").Show | null} */
  let show = null;
  let known = true;
  /** @type {import("./product/view.js").Chosen | null} */
  let chosen = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let writing;
  const motion = createMotion();
  const bar = createBar(data, { choose, play, motion });
  const controls = createControls(data, (change) => chosen && choose({ at: { ...chosen.at, ...change } }));
  const target = createTarget(data);
  const lineHead = element("div", "pr-head");
  const lineBox = element("div", "pr-plot");
  const factorHead = element("div", "pr-head");
  const factorBox = element("div", "pr-plot");
  const curveHead = element("div", "pr-head");
  const curveBox = element("div", "");
  const curvePart = element("div", "pr-curve-part", curveHead, curveBox, element("p", "pr-note", rich(["strip: where the ", String(data.T * data.H), " ", { math: "a" }, ` lie, ${data.H} units × ${data.T} steps`])));
  const built = element("div", "pr-built", controls.node, element("div", "pr-line-part", lineHead, lineBox, target.node), curvePart, element("div", "pr-factor-part", factorHead, factorBox));
  const other = element("div", "pr-other");
  const asTable = createAsTable(context, () => [table()]);
  const wrap = element("div", "pr", bar.node, element("div", "beat-drawing", built, other), asTable.node);
  for (const plot of [lineBox, factorBox]) followPointer(plot, (event) => context.setStep(layoutOf(context, shown.T).stepAt(event.clientX - plot.getBoundingClientRect().left)), motion.stop);

  /** @param {Partial<import("./product/view.js").Chosen>} change */
  function choose(change) {
    if (!chosen) return;
    motion.stop();
    chosen = { ...chosen, ...change };
    if (change.at && show?.stage === "build") look(grid.at(change.at).left);
    keep();
    paint();
  }

  // Where another network's line leaves the band is what to look at.
  /** @param {number} left */
  function look(left) {
    if (left >= 0) context.setStep(left + 1);
  }

  function keep() {
    if (!chosen || !show) return;
    context.remember(KEPT, chosen);
    const name = BANDED.includes(show.stage) && nameOf(chosen.at) !== nameOf(show.at) ? nameOf(chosen.at) : null;
    clearTimeout(writing);
    if (context.address) writing = setTimeout(() => writeAddress({ network: name }), QUIET);
  }

  function play() {
    if (!show || !chosen) return;
    if (motion.running) return motion.stop();
    const { stage } = show;
    if (stage === "step") {
      motion.run(STEP, (share) => {
        if (!chosen) return;
        chosen = { ...chosen, phase: 1 + 2 * share };
        paint();
      });
    } else if (stage === "walk") {
      const begin = shown.T - (show.walked ?? 0);
      const from = known ? (chosen.reached <= 0 ? begin : chosen.reached) : shown.T;
      const to = known ? 0 : begin;
      motion.run((WALK * (from - to)) / 40, (share) => {
        if (!chosen) return;
        const reached = Math.round(from - (from - to) * share);
        chosen = { ...chosen, reached };
        if (share === 1) keep();
        context.setStep(reached + 1);
        paint();
      });
    }
  }

  function table() {
    const found = chosen ? grid.at(chosen.at) : grid.at(shown.bookmarks[0].at);
    const numbers = (/** @type {number} */ log10) => significant(10 ** log10);
    return {
      name: "Factor of each step",
      columns: ["slopes", "W_h", "both", "left at the state before"],
      row: (/** @type {number} */ t) => [numbers(found.slopes[t - 1]), numbers(found.weights[t - 1]), numbers(found.slopes[t - 1] + found.weights[t - 1]), powerOfTen(found.line[t - 1])],
    };
  }

  function paint() {
    if (!show || !chosen) return;
    const layout = layoutOf(context, shown.T);
    const view = viewOf(grid, show, chosen, known, context.cursor.t);
    const alone = view.stage === "explode" || view.stage === "clip";
    bar.set(view);
    built.hidden = alone;
    other.hidden = !alone;
    asTable.node.hidden = alone;
    asTable.node.classList.toggle("waits", view.reached > 0);
    if (view.stage === "explode") return other.replaceChildren(drawExplosion(layout, shown.failing, chosen.taken));
    if (view.stage === "clip") return other.replaceChildren(drawClipping(layout, shown.clipping, chosen));
    controls.set(view);
    const drawing = drawLine(layout, view);
    if (view.stage === "step") drawing.append(...drawStep(layout, view, chosen.phase));
    lineBox.replaceChildren(drawing);
    lineHead.replaceChildren(element("strong", "", "What is left of the gradient"), element("span", "", ...typical(view, context.mode === "desktop")));
    target.set(layout, view);
    factorBox.replaceChildren(drawFactors(layout, view));
    factorHead.replaceChildren(element("strong", "", "The factor of each step"), parts(view));
    const { label } = shown.activations.find(({ name }) => name === view.built.at.activation) ?? shown.activations[0];
    curveHead.replaceChildren(element("strong", "", rich(["Slope ", { math: "φ" }, "′(", { math: "a" }, `) of ${label}`])));
    curveBox.replaceChildren(drawCurve(layout, view, shown));
    if (asTable.node.open) asTable.rebuild("The gradient");
  }

  /** @type {DrivenPanel<ProductData>} */
  const panel = {
    full: wrap,
    update(next) {
      if (next !== shown && next.slopes.b64 !== shown.slopes.b64) grid = createGrid(next);
      shown = next;
      asTable.rebuild("The gradient");
      paint();
    },
    setBeat(next, { known: is, entered }) {
      const before = show;
      show = /** @type {import("./product/view.js").Show} */ (next);
      const answered = is && !known && !entered && before?.stage === show.stage;
      known = is;
      if (chosen?.stage !== show.stage) enter(show, before !== null); // no two beats share a stage
      keepFocus([wrap], bar.node, paint);
      if (answered && show.told) choose(show.told); // what the reply is about
      if (answered && (show.stage === "walk" || (show.stage === "step" && (chosen?.phase ?? 3) < 3))) play();
    },
    setCursor: paint,
    steps: () => (show?.stage === "explode" || show?.stage === "clip" ? [] : context.tokens),
    toggle: play,
    stop: motion.stop,
    resize: paint,
    destroy() {
      motion.stop();
      clearTimeout(writing);
      target.destroy();
    },
  };

  /**
   * Begin a beat, and look at its step: as it was left where it was drawn before, or as a link has it, else as it sets.
   * @param {import("./product/view.js").Show} wanted
   * @param {boolean} entered
   */
  function enter(wanted, entered) {
    motion.stop();
    /** @type {Partial<import("./product/view.js").Chosen> | null} */
    const left = leftAt(context, KEPT, wanted.stage, entered);
    const linked = !entered && !left && BANDED.includes(wanted.stage) ? atOf(textInAddress("network")) : null;
    chosen = { ...begun(wanted, shown.T, shown.clipping.first, known), ...left, ...(linked && grid.has(linked) ? { at: linked } : {}) };
    const step = wanted.stage === "build" ? grid.at(chosen.at).left + 1 : wanted.t;
    lookAt(context, step, { entered, left: left !== null });
    if (entered) keep();
  }

  return panel;
}

/**
 * The typical step, and what it comes to when it is taken as often as there are steps.
 * @param {import("./product/view.js").View} view
 * @param {boolean} named whether there is room for names
 */
function typical({ built: { slope, weight, line, slopes }, reached, told }, named) {
  if (reached > 0 || !told) return [];
  const both = significant(10 ** (slope + weight));
  const factors = named ? [`typical factors: slopes × ${significant(10 ** slope)}, `, rich([{ math: "W_h" }]), ` × ${significant(10 ** weight)}, both × `] : ["typical factor "];
  return [...factors, element("strong", "", both), `; ${slopes.length} of them: `, element("strong", "gradient", powerOfTen(line[0], 2))];
}

/**
 * The chosen step's factor in its parts, which is the key to the bars as well.
 * @param {import("./product/view.js").View} view
 */
function parts({ built: { slopes, weights }, t, reached }) {
  const [slope, weight] = [slopes[t - 1], weights[t - 1]];
  const written = (/** @type {number} */ log10) => (t <= reached ? "?" : factor(log10));
  const node = element("span", "pr-parts");
  node.append("this step:", element("i", "of-slopes"), `slopes ${written(slope)} × `, element("i", "of-weights"), rich([{ math: "W_h" }]), ` ${written(weight)} = `, element("i", "of-both"), element("strong", "gradient", written(slope + weight)));
  return node;
}
