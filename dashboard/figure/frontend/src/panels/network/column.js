// One step: its number, the equation, the output, what made the state, the state, and the input.

/** @import { NetworkData, NetworkOutput, Rich } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */

import { element, placed, svg } from "../../dom.js";
import { narrow as number, short } from "../../format.js";
import { rich } from "../../rich.js";
import { arrow, path } from "../unrolled_drawing.js";
import { createField } from "./field.js";

const EQUATION = 190; // px a column needs for its equation

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

/**
 * @param {Context} context
 * @param {NetworkData} data
 * @param {Layout} at
 * @param {number} t
 * @param {SVGElement} wires
 */
export function createColumn(context, data, at, t, wires) {
  const left = at.left(t);
  const slot = placed(element("div", "slot-column"), left, 0, at.pitch, at.vessel);
  const pill = placed(element("button", "time-pill", rich([{ math: "t" }, ` = ${t}`])), left, 0, at.pitch, 22);
  pill.type = "button";
  pill.addEventListener("click", () => context.setStep(t));
  const equation = placed(element("div", "net-equation"), left, 26, at.pitch, 20);
  const output = createOutput(data, at, t, wires);
  const field = createField(data.run.h[0].length, at, t);
  const state = createState(data.run.h[0].length, at, t);
  const input = placed(element("div", "input"), left + 18, at.input, at.pitch - 18, 22);
  wires.append(arrow(at.x(t), at.input, at.x(t), at.state + at.stateHeight + 3, "wire"));
  if (t < data.T) wires.append(arrow(at.card(t) + at.box + 2, at.middle, t + 1 < at.first + at.count ? at.card(t + 1) - 3 : at.left(t + 1), at.middle, "wire"));

  /** @param {View} view */
  function set(view) {
    const now = view.t === t;
    slot.classList.toggle("now", now);
    pill.classList.toggle("now", now);
    if (now) pill.setAttribute("aria-current", "step");
    else pill.removeAttribute("aria-current");
    equation.replaceChildren(...(at.pitch >= EQUATION ? [rich(equationOf(view, t))] : []));
    const { is, parts, sum } = standing(view, t);
    state.set(view, is);
    field.set(view, fieldOf(data, view, t, sum), parts, view.show.vessel !== "losses");
    output.set(view, is);
    input.replaceChildren(rich([{ math: `x_${t}` }, " = ["]), ...inputOf(data, view, t), "]");
  }

  return { t, set, nodes: [slot, pill, equation, ...output.nodes, ...field.nodes, state.node, input] };
}

/**
 * What of a step stands: its state, what goes into it, and their sum.
 * @param {View} view
 * @param {number} t
 */
function standing(view, t) {
  const is = t <= view.until;
  const asked = !view.known && view.show.asked === t && view.stage === null;
  const has = view.stage?.t === t ? view.stage.has : "nothing";
  return { is, parts: is || asked || has !== "nothing", sum: is || has === "sum" };
}

/**
 * What stands in the field above a state, unit by unit.
 * @param {NetworkData} data
 * @param {View} view
 * @param {number} t
 * @param {boolean} sum whether the sum is known
 */
function fieldOf(data, view, t, sum) {
  if (view.show.field === "change") {
    const limit = Math.max(1e-3, ...view.h.flatMap((_, step) => view.moved(step).map(Math.abs)));
    return { head: { math: `Δh_${t}`, role: "h" }, rows: view.moved(t).map((by) => ({ bars: [by], texts: [], total: number(by) })), limit };
  }
  return {
    head: { math: `a_${t}` },
    rows: view.run.a[t - 1].map((a, k) => {
      const bars = [data.fromInput[t - 1][k], view.run.fromState[t - 1][k]];
      return { bars, texts: bars.map(number), total: sum ? number(a) : "?" };
    }),
    limit: data.limit,
  };
}

/**
 * @param {View} view
 * @param {number} t
 * @returns {Rich}
 */
function equationOf(view, t) {
  if (view.chapter) return [{ math: `o_${t}`, role: "h" }, " = ", { math: "f" }, "(", { math: `x_${t} W` }, " + ", { math: `o_${t - 1}`, role: "h" }, { math: "W_h" }, ")"];
  return [{ math: `h_${t}` }, ` = ${view.squashed.called}(`, { math: `x_${t} W_x` }, " + ", { math: `h_${t - 1}` }, { math: "W_h" }, " + ", { math: "b" }, ")"];
}

/**
 * @param {NetworkData} data
 * @param {View} view
 * @param {number} t
 */
function inputOf(data, view, t) {
  const dragged = view.show.control === "drag" && t === 1;
  const [first, ...others] = data.x[t - 1].map((value) => short(value));
  const shown = dragged ? element("span", "dragged", short(data.drag.values[view.drag])) : first;
  return [shown, ...others.map((text) => `, ${text}`)];
}

/**
 * @param {number} H
 * @param {Layout} at
 * @param {number} t
 */
function createState(H, at, t) {
  const name = element("span", "state-name");
  const values = Array.from({ length: H }, () => element("span", ""));
  const node = placed(element("div", "state", name, element("span", "state-values", ...values)), at.card(t), at.state, at.box, at.stateHeight);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", `State at step ${t}`);

  /**
   * @param {View} view
   * @param {boolean} is
   */
  function set(view, is) {
    name.replaceChildren(rich([{ math: `${view.chapter ? "o" : "h"}_${t}`, role: "h" }]));
    values.forEach((value, k) => (value.textContent = is ? number(view.h[t][k]) : "?"));
    node.classList.toggle("pending", !is);
    node.classList.toggle("now", view.t === t);
    node.classList.toggle("moved", is && view.moved(t).some((by) => Math.abs(by) > 5e-7));
  }

  return { node, set };
}

/**
 * The wire up to the output, and the output held against its target.
 * @param {NetworkData} data
 * @param {Layout} at
 * @param {number} t
 * @param {SVGElement} wires
 */
function createOutput(data, at, t, wires) {
  const x = at.wire(t);
  const wire = svg("g", { class: "net-read" });
  wire.append(path(`M${x} ${at.state - 2}V75`, ""), svg("path", { d: `M${x} 69l-3.5 7h7z`, class: "head" }), svg("circle", { cx: x, cy: at.outputs, r: 3, class: "net-bead net-bead-y" }));
  wires.append(wire);
  const line = placed(element("div", "net-output"), at.left(t) + 20, 48, at.pitch - 20, 20);
  const target = placed(element("div", "net-target"), x + 9, 67, at.box - 31, 16);

  /**
   * @param {View} view
   * @param {boolean} is
   */
  function set(view, is) {
    const found = view.show.vessel === "losses" ? data.outputs[view.readout].find((each) => each.t === t) : undefined;
    for (const node of [line, target]) node.hidden = !found;
    wire.classList.toggle("absent", !found);
    if (!found) return;
    line.replaceChildren(rich(outputOf(found, view, is)));
    target.textContent = `target ${found.target}`;
  }

  return { nodes: [line, target], set };
}

/**
 * @param {NetworkOutput} found
 * @param {View} view
 * @param {boolean} is
 * @returns {Rich}
 */
function outputOf(found, view, is) {
  const index = view.readout === "every" ? `_${found.t}` : "";
  return [{ math: `\\hat{y}${index}` }, ` ${is ? found.y : "?"}  →  `, { math: `L${index}` }, " ", { strong: is && view.known ? found.loss : "?" }];
}
