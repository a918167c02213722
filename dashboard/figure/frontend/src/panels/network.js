// The unrolled network that the beats of a lesson drive: above each state what made it, below all of them an open vessel
// for what one weight does at each use. What is not known yet is dashed and has a "?".

/** @import { NetworkData } from "../../types/payload.ts" */
/** @import { Context, DrivenPanel } from "../../types/figure.ts" */

import { element, placed, svg } from "../dom.js";
import { rich } from "../rich.js";
import { createBar } from "./network/bar.js";
import { createColumn } from "./network/column.js";
import { createFar } from "./network/far.js";
import { createKnob } from "./network/knob.js";
import { layoutOf } from "./network/layout.js";
import { createMotion } from "./network/motion.js";
import { createVessel } from "./network/vessel.js";
import { viewOf } from "./network/view.js";
import { walk } from "./network/walk.js";
import { arrow, path } from "./unrolled_drawing.js";

/** @typedef {import("./network/view.js").Chosen} Chosen */
/** @typedef {import("./network/view.js").Weight} Weight */
/** @typedef {{columns: ReturnType<typeof createColumn>[], vessel: ReturnType<typeof createVessel>, knob: ReturnType<typeof createKnob>, far: ReturnType<typeof createFar>}} Parts */

/**
 * @param {Context} context
 * @param {NetworkData} data
 * @returns {DrivenPanel<NetworkData>}
 */
export function create(context, data) {
  const drawing = element("div", "net beat-drawing");
  const motion = createMotion(drawing, () => paint());
  const bar = createBar(context, choose, { motion, toggle: () => panel.toggle() });
  let shown = data;
  /** @type {import("./network/view.js").Show} */
  let show = {};
  let known = true;
  /** @type {Chosen} */
  let chosen = {};
  /** @type {import("./network/view.js").Stage | null} */
  let stage = null;
  let place = layoutOf(context, sizes(), context.cursor.t);
  /** @type {Parts | null} */
  let parts = null;
  let open = false; // the matrix, on a phone
  /** @type {HTMLElement | null} */
  let initial = null;

  function sizes() {
    return { T: shown.T, H: shown.run.h[0].length };
  }

  /** @param {Partial<Chosen>} change */
  function choose(change) {
    chosen = { ...chosen, ...change };
    paint();
  }

  /** @param {Weight} weight */
  function press(weight) {
    open = weight === "W_h" && !open;
    choose({ weight: view().weight === weight && !(context.mode === "phone" && open) ? null : weight });
  }

  function view() {
    return viewOf(shown, show, known, chosen, context.cursor.t, stage);
  }

  // Nodes are made anew where the room or the network's size changed, else only filled anew.
  function lay() {
    place = layoutOf(context, sizes(), context.cursor.t);
    const wires = svg("svg", { class: "wires", width: place.width, height: place.bottom, "aria-hidden": "true" });
    wires.append(...threads(place));
    const columns = place.steps.map((t) => createColumn(context, shown, place, t, wires));
    const knob = createKnob({ weights: { W_h: shown.W_h } }, place, { press: () => press("W_h"), choose: (entry) => ((open = false), choose({ entry, weight: "W_h", turn: 0 })) });
    parts = { columns, vessel: createVessel(shown, place), knob, far: createFar(shown, place, wires, press) };
    const more = [
      [place.first > 1, "Step back", "‹", -1, 0],
      [place.first + place.count <= shown.T, "Step forward", "›", 1, place.left(place.first + place.count) - 28],
    ].flatMap(([is, name, sign, by, x]) => (is ? [wayOn(context, String(name), String(sign), Number(by), Number(x))] : []));
    drawing.style.height = `${place.bottom}px`;
    drawing.replaceChildren(...columns.map(({ nodes }) => nodes[0]), wires, ...beginning(wires), ...columns.flatMap(({ nodes }) => nodes.slice(1)), parts.vessel.node, ...parts.far.nodes, ...knob.nodes, ...more);
  }

  /** @param {SVGElement} wires */
  function beginning(wires) {
    const from = place.first > 1 ? place.left(place.first) : place.left(place.first) + 18;
    wires.append(arrow(from, place.middle, place.card(place.first) - 3, place.middle, "wire"));
    if (place.first > 1) return [];
    initial = placed(element("div", "net-initial", element("span", ""), element("span", "", "= 0")), place.left(place.first) + 1, place.middle - 10, 20, 40);
    return [initial];
  }

  function paint() {
    if (!parts || context.cursor.t < place.first || context.cursor.t >= place.first + place.count) lay();
    const now = view();
    initial?.firstElementChild?.replaceChildren(rich([{ math: now.chapter ? "o_0" : "h_0", role: "h" }]));
    parts?.columns.forEach((column) => column.set(now));
    parts?.vessel.set(now);
    parts?.far.set(now);
    parts?.knob.set({ entry: now.entry, turn: now.turn, weight: shown.turned[now.entry.join(",")].weight[now.turn + 1], lit: now.weight === "W_h", open });
    for (const name of ["W_x", "W_h", "W_y"]) drawing.classList.toggle(`lit-${name}`, now.weight === name);
    bar.set(now, shown);
  }

  /** @param {import("./network/view.js").Stage} next */
  function told(next) {
    stage = next;
    context.setStep(next.t);
    paint();
  }

  function stop() {
    motion.stop();
    if (!stage) return;
    stage = null;
    paint();
  }

  /** @type {DrivenPanel<NetworkData>} */
  const panel = {
    full: element("div", "net-wrap", bar.node, drawing),
    update(next) {
      shown = next;
      lay();
      paint();
    },
    setBeat(next, { known: is, entered }) {
      if (is && !known) chosen = { ...chosen, entry: undefined, weight: undefined }; // what was asked is what is shown
      show = next;
      known = is;
      if (entered) {
        stop();
        chosen = {};
        open = false;
        if (typeof show.t === "number") context.setStep(show.t);
      }
      paint();
    },
    setCursor: paint,
    toggle() {
      if (motion.playing) return stop();
      if (show.control !== "walk") return;
      const asked = !known && show.asked ? show.asked : 0;
      const last = asked ? asked - 1 : shown.T;
      const first = context.cursor.t >= last ? 1 : context.cursor.t + 1;
      void motion.toggle((play) => walk(shown, () => place, { first, last, told }, play)).then(() => {
        const whole = stage?.t === last && stage.has === "state";
        stop();
        if (asked && whole) context.setStep(asked); // as far as it goes before the answer
      });
    },
    stop,
    resize() {
      lay();
      paint();
    },
    destroy: motion.stop,
  };
  return panel;
}

/**
 * Where not all steps are in sight, a button at that end.
 * @param {Context} context
 * @param {string} name
 * @param {string} sign
 * @param {number} by
 * @param {number} x
 */
function wayOn(context, name, sign, by, x) {
  const button = placed(element("button", "net-more", sign), x, -1);
  button.type = "button";
  button.setAttribute("aria-label", name);
  button.addEventListener("click", () => context.setStep(context.cursor.t + by));
  return button;
}

/**
 * From the vessel to every use of W_h: one weight, so many uses.
 * @param {import("./network/layout.js").Layout} at
 */
function threads(at) {
  return at.steps.flatMap((t) => [path(`M${at.use(t)} ${at.middle}V${at.vessel}`, "net-thread"), svg("circle", { cx: at.use(t), cy: at.middle, r: 4.5, class: "net-bead" })]);
}
