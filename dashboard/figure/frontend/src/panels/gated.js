// The LSTM cell that the beats of its lesson drive: the sentence with its forget gates and what one unit holds, the
// answer at its end, the cell at the word that is looked at, and gates to hold. Every run was computed beforehand.

/** @import { GatedData } from "../../types/payload.ts" */
/** @import { Context, DrivenPanel } from "../../types/figure.ts" */

import { textInAddress, writeAddress } from "../address.js";
import { createAsTable } from "../as_table.js";
import { element } from "../dom.js";
import { fixed } from "../format.js";
import { rich } from "../rich.js";
import { createAxis } from "./gated/axis.js";
import { createBar } from "./gated/bar.js";
import { createCell } from "./gated/cell.js";
import { layoutOf } from "./gated/layout.js";
import { createMotion } from "./gated/motion.js";
import { createSide } from "./gated/side.js";
import { COMPUTED, REACH, decoded, viewOf } from "./gated/view.js";

const SUBSTEP = 1300; // ms
const WORD = 140;
const READ = 320;
const KEPT = "gated";
/** How many vectors the table has: those that the beats have come to. */
const SHOWN = { closed: 1, line: 1, forget: 2, add: 4, show: 6, hold: 6, always: 6 };

/** @typedef {import("./gated/view.js").Show} Show */
/** @typedef {import("./gated/view.js").Chosen} Chosen */

/**
 * @param {Context} context
 * @param {GatedData} data
 * @returns {DrivenPanel<GatedData>}
 */
export function create(context, data) {
  let shown = data;
  let runs = decoded(data);
  /** @type {Show} */
  let show = { scene: "closed", t: data.T };
  let known = false;
  /** @type {Chosen} */
  let chosen = begun(show, known);
  /** @type {{axis: ReturnType<typeof createAxis>, cell: ReturnType<typeof createCell>} | null} */
  let parts = null;
  let opening = true; // the page; the beat it opens with may have gates held by the link
  queueMicrotask(() => (opening = false));
  const motion = createMotion();
  const bar = createBar(() => shown, { play, turn: (by) => look(context.cursor.t + by), stop: (sub) => (motion.stop(), choose({ sub, share: 1 })), motion, changed: () => paint() });
  const side = createSide(() => shown, context.mode === "phone", hold);
  const top = element("div", "gc-top");
  const body = element("div", "gc-body");
  const network = element("p", "gc-network", rich(data.network));
  const asTable = createAsTable(context, () => tables());
  const wrap = element("div", "gc", bar.node, element("div", "beat-drawing gc-drawing", top, body), network, asTable.node);

  /** @param {Partial<Chosen>} change */
  function choose(change) {
    chosen = { ...chosen, ...change };
    paint();
  }

  /** @param {number} t */
  function look(t) {
    motion.stop();
    finish();
    context.setStep(Math.max(1, Math.min(shown.T, t)));
  }

  function finish() {
    chosen = { ...chosen, sub: last(show), share: 1, upto: shown.T };
  }

  /**
   * Hold gates, and run what follows from them to the end of the text.
   * @param {string} held
   */
  function hold(held) {
    motion.stop();
    chosen = { ...chosen, held };
    context.remember(KEPT, { scene: show.scene, held });
    if (context.address) writeAddress({ gates: held === show.held ? null : held });
    if (held === COMPUTED) return choose({ upto: shown.T });
    wave();
  }

  function wave() {
    const first = show.scene === "always" ? 1 : shown.at;
    if (show.scene === "hold") context.setStep(shown.at);
    motion.run(shown.T - first + 1, WORD, (step) => choose({ upto: first + step - 1 }), () => choose({ upto: shown.T }));
    choose({ upto: first - 1 });
  }

  function play() {
    if (motion.running) {
      motion.stop();
      return finish(), paint();
    }
    const view = seen();
    if (view.holding) return view.held ? wave() : undefined;
    const reach = REACH[show.scene].filter((sub) => sub !== view.asked);
    if (reach.length > 0) {
      motion.run(reach.length, SUBSTEP, (step, share) => choose({ sub: reach[step], share }), () => choose({ sub: last(show), share: 1 }), true);
    } else {
      const from = context.cursor.t >= shown.T ? 1 : context.cursor.t;
      motion.run(shown.T - from + 1, READ, (step) => context.setStep(from + step), () => paint());
    }
    paint();
  }

  const seen = () => viewOf(shown, runs, show, known, chosen, context.cursor.t);

  function lay() {
    const at = layoutOf(context);
    parts = { axis: createAxis(context, shown, at, look), cell: createCell(shown, at) };
    top.replaceChildren(parts.axis.node, ...(parts.axis.answer ? [parts.axis.answer] : []));
    body.replaceChildren(element("div", "gc-cell-box", parts.cell.node), side.node);
  }

  function paint() {
    if (!parts) lay();
    const view = seen();
    bar.set(view);
    side.set(view);
    wrap.classList.toggle("gc-closed", view.scene === "closed");
    wrap.classList.toggle("gc-line", view.scene === "line");
    parts?.axis.set(view);
    parts?.cell.set(view);
    asTable.node.classList.toggle("waits", !known);
    if (asTable.node.open) asTable.rebuild("The cell");
  }

  function tables() {
    const view = seen();
    const names = /** @type {const} */ ([["c", "Cell state"], ["f", "Forget gate"], ["i", "Input gate"], ["g", "Candidate"], ["o", "Output gate"], ["h", "Hidden state"]]);
    return names.slice(0, SHOWN[show.scene]).map(([vector, name]) => ({
      name,
      columns: Array.from({ length: shown.H }, (_, k) => `unit ${k}`),
      row: (/** @type {number} */ t) => view.now(vector, t).map((value) => (view.veiled(vector, t) ? "?" : fixed(value, 3))),
    }));
  }

  return {
    full: wrap,
    update(next) {
      if (next !== shown) runs = decoded(next);
      shown = next;
      network.replaceChildren(rich(next.network));
      asTable.rebuild("The cell");
      lay();
      paint();
    },
    setBeat(next, { known: is, entered }) {
      const before = show;
      show = /** @type {Show} */ (next);
      const answered = is && !known && !entered && before.scene === show.scene;
      known = is;
      if (entered || before.scene !== show.scene) {
        motion.stop();
        const kept = /** @type {{scene?: string, held?: string}} */ (context.recall(KEPT));
        chosen = begun(show, known);
        const held = kept.scene === show.scene ? kept.held : textInAddress("gates");
        if ((!entered || opening) && known && held && held in runs && show.held) chosen = { ...chosen, held };
        if (entered) context.setStep(show.t);
        if (entered && !opening && context.address) writeAddress({ gates: null });
      }
      if (answered) {
        chosen = begun(show, known);
        if (show.after) context.setStep(show.after);
        else context.setStep(show.t);
        if (show.held) return hold(show.held);
      }
      paint();
    },
    setCursor: paint,
    toggle: play,
    stop() {
      if (!motion.running) return;
      motion.stop();
      finish();
      paint();
    },
    resize() {
      lay();
      paint();
    },
    destroy: motion.stop,
  };

  /**
   * @param {Show} wanted
   * @param {boolean} answered
   * @returns {Chosen}
   */
  function begun(wanted, answered) {
    return { held: answered && wanted.held ? wanted.held : COMPUTED, sub: last(wanted), share: 1, upto: shown.T };
  }
}

/** @param {Show} show */
const last = ({ scene }) => REACH[scene].at(-1) ?? 0;
