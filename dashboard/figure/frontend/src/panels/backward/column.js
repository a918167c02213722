// One step of the way back: its output and loss, the gradient of its state, δ before it, the state, and the input.

/** @import { Context } from "../../../types/figure.ts" */

import { element, placed, svg } from "../../dom.js";
import { narrow as number, short } from "../../format.js";
import { rich } from "../../rich.js";
import { createField } from "../network/field.js";
import { arrow, path } from "../unrolled_drawing.js";
import { narrowly } from "./write.js";

const SEEN = 5e-7; // a smaller change of a number is none

/** @typedef {import("./data.js").Decoded} Decoded */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./view.js").View} View */

/**
 * @param {Context} context
 * @param {Decoded} data
 * @param {Place} at
 * @param {number} t
 * @param {SVGElement} wires
 */
export function createColumn(context, data, at, t, wires) {
  const H = data.run.h[0].length;
  const left = at.left(t);
  const margin = t === 1 ? 4 : 0; // h_0 stands within
  const slot = placed(element("div", "slot-column"), left - margin, 0, at.pitch + margin, at.vessel);
  const pill = placed(element("button", "time-pill", rich([{ math: "t" }, ` = ${t}`])), left - margin, 0, at.pitch + margin, 22);
  pill.type = "button";
  pill.addEventListener("click", () => context.setStep(t));
  const forward = createForward(data, at, t, wires);
  const output = createOutput(data, at, t, wires);
  const field = createField(H, at, t, ["own", "grad"]);
  const still = placed(element("div", "back-still", "no change"), at.card(t) + 30, at.delta - 10, at.box - 30, 20);
  const delta = createDelta(at, t, wires);
  const state = createState(H, at, t);
  const input = placed(element("div", "input"), left + 18, at.input, at.pitch - 18, 22);

  /** @param {View} view */
  function set(view) {
    const nudging = view.show.scene === "nudge";
    const now = view.slot === t;
    slot.classList.toggle("now", now);
    pill.classList.toggle("now", now);
    if (view.t === t) pill.setAttribute("aria-current", "step");
    else pill.removeAttribute("aria-current");
    const by = nudging ? view.nudge.run.h[t].map((value, k) => value - view.nudge.base.h[t][k]) : [];
    const moves = by.some((value) => Math.abs(value) > SEEN);
    const moved = nudging && moves;
    const is = nudging ? moved : t >= view.gradients;
    field.set(view, nudging ? changes(data, view, t, by) : gradients(data, view, t), is);
    if (nudging) field.nodes[0].hidden = !view.nudge.hidden;
    still.hidden = !nudging || moved || view.nudge.hidden;
    state.set(view, nudging ? view.nudge.run.h[t] : view.run.h[t], moved);
    output.set(view, moved);
    delta.set(view);
    forward.set(view, moved);
    input.replaceChildren(rich([{ math: `x_${t}` }, ` = [${view.x[t - 1].map((value) => short(value)).join(", ")}]`]));
    input.classList.toggle("back-other", view.presses !== null && t === 1);
  }

  return { t, set, nodes: [slot, pill, ...output.nodes, ...field.nodes, still, ...delta.nodes, ...forward.nodes, state.node, input] };
}

/**
 * @param {Decoded} data
 * @param {View} view
 * @param {number} t
 * @param {number[]} by
 */
function changes(data, view, t, by) {
  const { found, use, base } = view.nudge;
  const ends = [found.run(use, 0), found.run(use, found.by.length - 1)];
  const limit = Math.max(0.01, ...ends.flatMap(({ h }) => h.flatMap((state, step) => state.map((value, k) => Math.abs(value - base.h[step][k])))));
  return { head: { math: `Δh_${t}`, role: "moved" }, rows: by.map((value) => ({ bars: [value], texts: [], total: narrowly(value) })), limit };
}

/**
 * @param {Decoded} data
 * @param {View} view
 * @param {number} t
 */
function gradients(data, view, t) {
  const { own, future, dh } = view.run;
  return {
    head: { math: `∂L/∂h_${t}`, role: "grad" },
    rows: dh[t - 1].map((sum, k) => {
      const bars = [own[t - 1][k], future[t - 1][k]];
      return { bars, texts: bars.map(number), total: number(sum) };
    }),
    limit: (view.presses ?? data).limit,
  };
}

/**
 * The wires on the way forward: from state to state, from the input, and up to the output.
 * @param {Decoded} data
 * @param {Place} at
 * @param {number} t
 * @param {SVGElement} wires
 */
function createForward(data, at, t, wires) {
  const from = t > at.first ? at.card(t - 1) + at.box + 2 : t > 1 ? at.left(t) : at.left(t) + 4;
  const into = arrow(from, at.middle, at.card(t) - 3, at.middle, "wire");
  const x = at.wire(t);
  const read = svg("g", { class: "wire" });
  read.append(path(`M${x} ${at.state - 2}V82`, ""), svg("path", { d: `M${x} 76l-3.5 7h7z`, class: "head" }));
  const bead = svg("circle", { cx: x, cy: at.outputs, r: 3, class: "net-bead net-bead-y" });
  wires.append(into, read, bead, arrow(at.x(t), at.input, at.x(t), at.state + at.stateHeight + 3, "wire"));
  if (t === at.first + at.count - 1 && t < data.T) wires.append(arrow(at.card(t) + at.box + 2, at.middle, at.left(t + 1), at.middle, "wire"));
  const scored = data.outputs.some((each) => each.t === t);
  const label = placed(element("span", "back-weight", rich([{ math: "W_h" }])), at.use(t) + 8, at.middle - 21);
  label.hidden = at.tight;

  /**
   * @param {View} view
   * @param {boolean} moved
   */
  function set(view, moved) {
    const hit = view.show.scene === "nudge" && view.nudge.by !== 0 && (view.nudge.use === t || view.nudge.use === 0);
    into.classList.toggle("back-moved", moved && (hit || t > 1));
    for (const node of [read, bead]) node.classList.toggle("absent", !scored);
    read.classList.toggle("back-moved", moved);
  }

  return { nodes: [label], set };
}

/**
 * Output and loss, the wire on which the losses add up, and what the loss sends back down.
 * @param {Decoded} data
 * @param {Place} at
 * @param {number} t
 * @param {SVGElement} wires
 */
function createOutput(data, at, t, wires) {
  const index = data.outputs.findIndex((each) => each.t === t);
  const line = placed(element("div", "net-output back-output"), at.left(t), 54, at.pitch, 20);
  const target = placed(element("div", "net-target"), at.wire(t) + 9, 75, at.card(t) + at.box - at.wire(t) - 9, 16);
  const by = placed(element("div", "back-by"), at.left(t), 75, at.pitch - 4, 16);
  const x = at.drop(t);
  const up = path(`M${x} 55V${at.bus}`, "back-bus");
  const down = arrow(x, 80, x, at.field + 4, "back-own");
  if (index >= 0) wires.append(up, down);

  /**
   * @param {View} view
   * @param {boolean} moved
   */
  function set(view, moved) {
    for (const node of [line, target, by]) node.hidden = index < 0;
    if (index < 0) return;
    const { nudge, show } = view;
    const run = show.scene === "nudge" ? nudge.run : view.run;
    const [y, loss] = [run.y[index], run.losses[index]];
    line.replaceChildren(rich([{ math: `\\hat{y}_${t}` }, `${data.outputs[index].index} ${number(y)}`]), element("span", "", "→"), rich([{ math: `L_${t}` }, " ", { strong: number(loss) }]));
    target.textContent = `target ${view.targets[index]}`;
    const change = show.scene === "nudge" ? loss - nudge.base.losses[index] : 0;
    const moves = moved && Math.abs(change) > SEEN;
    by.textContent = moves ? narrowly(change) : "";
    up.classList.toggle("back-moved", moves);
    const sends = show.scene !== "nudge" && t >= view.gradients;
    down.classList.toggle("known", sends);
    down.classList.toggle("absent", show.scene === "nudge");
  }

  return { nodes: [line, target, by], set };
}

/**
 * δ on the wire that leads back: what the slope leaves, on its way to W_h and on through it.
 * @param {Place} at
 * @param {number} t
 * @param {SVGElement} wires
 */
function createDelta(at, t, wires) {
  const [x, y] = [at.use(t), at.delta];
  const group = svg("g", { class: "back-delta" });
  const sent = arrow(at.card(t) - (at.tight ? 3 : 18), y, at.left(t) - 1, y, "back-wire back-sent");
  const edge = at.card(t) - (at.tight ? 3 : 18);
  group.append(arrow(edge, y, x + 6, y, "back-wire"), svg("circle", { cx: x, cy: y, r: 5, class: "back-dot" }));
  if (t > 1) group.append(arrow(x - 6, y, at.left(t) - 1, y, "back-wire"));
  if (t > 1) wires.append(sent);
  const fall = path(`M${x} ${y + 6}V${at.middle - 6}`, "back-fall");
  group.append(fall);
  wires.append(group);
  const slope = placed(element("span", "back-label back-slope", rich([{ math: "φ^′" }])), x, y - 23, edge - x - (at.tight ? 1 : 5));
  const weight = placed(element("span", "back-label", rich([{ math: "W_h^⊤" }])), at.left(t) + 4, y - 23);
  const name = placed(element("span", "back-name", rich([{ math: `δ_${t}`, role: "grad" }])), at.left(t) + (at.tight ? 3 : 5), y + (at.tight ? -25 : 7));
  const values = placed(element("span", "back-values"), x + 4, y + 8, edge - x - (at.tight ? 3 : 6));
  const back = placed(element("span", "back-label", "sent back"), at.left(t) + 4, y - 22);

  /** @param {View} view */
  function set(view) {
    const absent = view.show.scene === "nudge" || view.plain;
    sent.classList.toggle("absent", !view.plain);
    sent.classList.toggle("known", t >= view.gradients);
    back.hidden = !view.plain || t === 1 || at.tight || t < view.gradients;
    const known = t >= view.gradients && !view.hides(t);
    group.classList.toggle("absent", absent);
    group.classList.toggle("known", known);
    fall.classList.toggle("known", t >= view.shares);
    fall.classList.toggle("absent", view.show.shares === undefined && view.show.scene === "walk");
    slope.hidden = absent;
    weight.hidden = absent || t === 1 || at.tight;
    name.hidden = absent;
    values.hidden = absent;
    for (const label of [slope, weight, name]) label.classList.toggle("pending", !known);
    const pending = t >= view.gradients ? view.run.delta[t - 1].map(() => "?") : [];
    values.replaceChildren(...(known ? view.run.delta[t - 1].map(number) : pending).map((text) => element("span", "", text)));
  }

  return { nodes: [slope, weight, name, values, back], set };
}

/**
 * @param {number} H
 * @param {Place} at
 * @param {number} t
 */
function createState(H, at, t) {
  const values = Array.from({ length: H }, () => element("span", ""));
  const node = placed(element("div", "state", element("span", "state-name", rich([{ math: `h_${t}`, role: "h" }])), element("span", "state-values", ...values)), at.card(t), at.state, at.box, at.stateHeight);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", `State at step ${t}`);

  /**
   * @param {View} view
   * @param {number[]} h
   * @param {boolean} moved
   */
  function set(view, h, moved) {
    values.forEach((value, k) => (value.textContent = number(h[k])));
    node.classList.toggle("now", view.slot === t);
    node.classList.toggle("moved", moved);
  }

  return { node, set };
}
