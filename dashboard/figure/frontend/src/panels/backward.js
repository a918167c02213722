// Backpropagation through time on the unrolled network, driven by the beats of its lesson: a use of W_h nudged, the walk
// back from the losses, the shares that fall into the vessel, an entry opened, and the update taken again and again.
// All numbers were computed beforehand; what is not known yet is dashed and has a "?".

/** @import { BackwardData } from "../../types/payload.ts" */
/** @import { Context, DrivenPanel } from "../../types/figure.ts" */

import { stepInAddress, writeAddress } from "../address.js";
import { element, placed, svg } from "../dom.js";
import { rich } from "../rich.js";
import { createBar } from "./backward/bar.js";
import { createColumn } from "./backward/column.js";
import { decoded } from "./backward/data.js";
import { createFar } from "./backward/far.js";
import { createHandle } from "./backward/handles.js";
import { createKnob } from "./backward/knob.js";
import { placeOf } from "./backward/layout.js";
import { sentence } from "./backward/sentence.js";
import style from "./backward/style.css";
import { createVessel } from "./backward/vessel.js";
import { viewOf } from "./backward/view.js";
import { walk } from "./backward/walk.js";
import { createMotion } from "./network/motion.js";
import { path } from "./unrolled_drawing.js";

const ENTRY = /^W_h\.(\d)\.(\d)$/;

/** @typedef {import("./backward/view.js").Chosen} Chosen */
/** @typedef {{set: (view: import("./backward/view.js").View) => void}} Part */

/**
 * @param {Context} context
 * @param {BackwardData} payload
 * @returns {DrivenPanel<BackwardData>}
 */
export function create(context, payload) {
  const sheet = element("style", "");
  sheet.textContent = style;
  const drawing = element("div", "net back beat-drawing");
  const said = element("p", "beat-said back-said");
  said.setAttribute("role", "status");
  const motion = createMotion(drawing, () => paint());
  const bar = createBar({ choose, nudge: (n) => choose({ by: view().nudge.found.by[n] }), go, toggle: () => panel.toggle(), motion }, context.mode);
  const full = element("div", "net-wrap back-wrap", sheet, bar.node, drawing, context.mode === "desktop" ? null : bar.key, said);
  let data = decoded(payload);
  /** @type {import("./backward/view.js").Show} */
  let show = { scene: "walk" };
  let known = true;
  /** @type {Chosen} */
  let chosen = {};
  /** @type {import("./backward/view.js").Stage | null} */
  let stage = null;
  let opening = ""; // the beat shown first, which the address may have set further
  let last = context.cursor.t; // to tell a step that was gone to
  let open = false; // the matrix, on a phone
  let place = placeOf(context, data, last);
  /** @type {Part[]} */
  let parts = [];
  /** @type {ReturnType<typeof createKnob> | null} */
  let knob = null;
  /** @type {Element | null} */
  let root = null; // the figure, from which replies lead here

  /** @param {Partial<Chosen>} change */
  function choose(change) {
    chosen = { ...chosen, ...change };
    if (change.use !== undefined) chosen.seen = [...(chosen.seen ?? []), ...(show.use ? [show.use] : []), change.use];
    if (change.entry && context.address) writeAddress({ entry: `W_h.${change.entry.join(".")}` });
    paint();
  }

  /** @param {number} t beyond the last step for the losses */
  function go(t) {
    motion.stop();
    last = Math.min(t, data.T);
    context.setStep(last);
    choose({ begun: t <= data.T });
  }

  function view() {
    return viewOf(data, show, known, chosen, context.cursor.t, stage);
  }

  // Nodes are made anew where the room or the network's size changed, else only filled anew.
  function lay() {
    place = placeOf(context, data, context.cursor.t);
    const wires = svg("svg", { class: "wires", width: place.width, height: place.bottom, "aria-hidden": "true" });
    wires.append(...threads());
    const columns = place.steps.map((t) => createColumn(context, data, place, t, wires));
    const handles = place.steps.map((t) => createHandle(data, place, t, { use: (use) => choose({ use }), nudge: (n) => choose({ by: view().nudge.found.by[n] }) }));
    const vessel = createVessel(data, place);
    const far = createFar(data, place, wires);
    knob = createKnob(data, place, { press: () => ((open = !open), paint()), choose: (entry) => ((open = false), choose({ entry })), nudge: (n) => choose({ by: view().nudge.found.by[n] }) });
    parts = [...columns, ...handles, vessel, far];
    drawing.style.height = `${place.bottom}px`;
    drawing.classList.toggle("tight", place.tight);
    drawing.replaceChildren(...columns.map(({ nodes }) => nodes[0]), wires, ...beginning(), ...columns.flatMap(({ nodes }) => nodes.slice(1)), vessel.node, ...far.nodes, ...handles.flatMap(({ nodes }) => nodes), ...knob.nodes);
  }

  // From the vessel to every use of W_h.
  function threads() {
    return place.steps.flatMap((t) => [path(`M${place.use(t)} ${place.middle}V${place.vessel}`, `net-thread back-thread of-${t}`), svg("circle", { cx: place.use(t), cy: place.middle, r: 4.5, class: "net-bead" })]);
  }

  function beginning() {
    const { first, count, all } = place;
    /** @type {[words: string, sign: string, x: number, by: number][]} */
    const ways = [["Earlier steps", "‹", place.left(first), -1], ["Later steps", "›", place.left(first + count) - 28, 1]];
    const further = all ? [] : ways.filter(([, , , by]) => (by < 0 ? first > 1 : first + count <= data.T)).map(([words, sign, x, by]) => beyond(words, sign, x, by));
    if (first > 1) return further;
    return [...further, placed(element("div", "net-initial back-initial", rich([{ math: "h_0", role: "h" }]), element("span", "", "= 0")), place.tight ? place.use(1) + 5 : 0, place.middle + 6, 40, 40)];
  }

  /**
   * A button to steps out of sight, where the cursor has no meaning of its own.
   * @param {string} words
   * @param {string} sign
   * @param {number} x
   * @param {number} by
   */
  function beyond(words, sign, x, by) {
    const button = placed(element("button", "net-more", sign), x, -1);
    button.type = "button";
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      if (show.scene === "walk") return go(Math.max(1, Math.min(data.T, context.cursor.t + by)));
      const t = place.first + by + (place.count > 2 ? 1 : 0);
      last = Math.max(1, Math.min(data.T, t));
      context.setStep(last);
      parts = [];
      paint();
    });
    return button;
  }

  function paint() {
    if (!parts.length || context.cursor.t < place.first || context.cursor.t >= place.first + place.count) lay();
    const now = view();
    for (const part of parts) part.set(now);
    knob?.set(now, open);
    drawing.dataset.scene = now.show.scene;
    for (const thread of drawing.querySelectorAll(".back-thread")) {
      const t = Number(/of-(\d+)/.exec(thread.getAttribute("class") ?? "")?.[1]);
      thread.classList.toggle("known", now.show.scene === "walk" && t >= now.shares);
      thread.classList.toggle("lit", now.show.scene === "nudge" && (now.nudge.use === t || now.nudge.use === 0));
    }
    bar.set(now, data, place.all);
    const says = sentence(data, now);
    said.hidden = says === null;
    if (says) said.replaceChildren(rich(says));
  }

  /** @param {import("./backward/view.js").Stage} next */
  function told(next) {
    stage = next;
    last = next.t;
    context.setStep(next.t);
    paint();
  }

  function stop() {
    motion.stop();
    if (!stage) return;
    chosen = { ...chosen, begun: stage.reached <= data.T };
    if (stage.reached <= data.T && stage.reached !== stage.t) {
      last = stage.reached;
      context.setStep(last);
    }
    stage = null;
    paint();
  }

  // What was asked about is shown: the use nudged, the knob turned down, the last share fallen, the updates taken.
  function answered() {
    if (show.scene === "update") return choose({ taken: Math.max(view().taken, show.told ?? 0) });
    if (show.scene === "nudge" && show.use === 0 && show.upwards) return choose({ by: -(show.by ?? 0) });
    if (!show.asked) return;
    if (show.scene === "nudge") {
      last = show.asked;
      context.setStep(last);
      choose({ use: show.asked });
    } else if (show.shares === "walk" && !motion.playing && view().reached > show.asked) panel.toggle();
  }

  /** A reply leads to a step, or to an entry of W_h. */
  /** @param {Event} event */
  function led(event) {
    const { t, entry } = /** @type {CustomEvent<{t?: number, entry?: [number, number]}>} */ (event).detail;
    if (t !== undefined && show.scene === "nudge" && show.use !== 0) choose({ use: Math.min(t, data.T) });
    if (t !== undefined) go(Math.min(t, data.T));
    if (entry !== undefined) choose({ entry });
  }

  function listen() {
    const found = full.closest(".figure");
    if (found === root) return;
    root?.removeEventListener("go", led);
    root = found;
    root?.addEventListener("go", led);
  }

  /** @type {DrivenPanel<BackwardData>} */
  const panel = {
    full,
    update(next) {
      data = decoded(next);
      lay();
      paint();
    },
    setBeat(next, state) {
      const [before, now] = [JSON.stringify(show), JSON.stringify(next)];
      const first = opening === "";
      opening ||= now;
      show = /** @type {import("./backward/view.js").Show} */ (/** @type {unknown} */ (next));
      const committed = state.known && !known && !state.entered && !first && before === now;
      known = state.known;
      if (state.entered || first) {
        stop();
        const linked = opening === now ? stepInAddress() : undefined;
        chosen = { begun: linked !== undefined, ...(opening === now ? linkedEntry(data.weights.W_h.length) : {}) };
        open = false;
        last = linked === undefined && show.t !== undefined ? show.t : context.cursor.t;
        context.setStep(last);
      } else if (before !== now) {
        motion.stop();
      }
      if (committed) answered();
      paint();
    },
    setCursor({ t }) {
      listen();
      if (t !== last) {
        last = t;
        chosen = { ...chosen, begun: true };
        if (show.scene === "nudge" && show.use !== 0) return choose({ use: t }); // the step gone to is the one nudged
      }
      paint();
    },
    toggle() {
      if (motion.playing) return stop();
      const now = view();
      if (!now.walks || now.waits) return;
      const end = !known && show.asked ? show.asked + 1 : 1;
      const from = now.reached <= end ? data.T : Math.min(data.T, now.reached - 1);
      const steps = { from, to: end, gradients: show.gradients === "walk", shares: show.shares === "walk", entry: now.entry, told };
      void motion.toggle((play) => walk(data, () => place, steps, play)).then(stop);
    },
    stop,
    resize() {
      listen();
      lay();
      paint();
    },
    destroy() {
      motion.stop();
      root?.removeEventListener("go", led);
    },
  };
  return panel;
}

/**
 * The entry that the address asks for, if it is one of W_h.
 * @param {number} H
 * @returns {Partial<Chosen>}
 */
function linkedEntry(H) {
  const found = ENTRY.exec(new URL(location.href).searchParams.get("entry") ?? "");
  if (!found) return {};
  const [i, j] = [Number(found[1]), Number(found[2])];
  return i < H && j < H ? { entry: [i, j] } : {};
}
