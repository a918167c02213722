// The unrolled network: states from left to right, and, where there is a backward pass, the gradient that reaches each
// state as own loss and future, from right to left. What a stage has not computed yet is dashed and has a "?".

/** @import { UnrolledBackward, UnrolledData, UnrolledOutput, UnrolledStage, WeightName } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import measures from "../../../measures.json" with { type: "json" };
import { element, placed, svg } from "../dom.js";
import { narrow as number, significant } from "../format.js";
import { rich } from "../rich.js";
import { createBlock } from "./unrolled_block.js";
import { arrow, head, legend, path } from "./unrolled_drawing.js";

const MARGINS = {
  desktop: { left: 62, right: 148, pitch: 150 },
  middle: { left: 56, right: 132, pitch: 150 },
  phone: { left: 26, right: 74, pitch: 122 },
};
const FORWARD_PITCH = 118; // a state's name and its numbers, and the weight between two states
const WIDEST = 200; // px for a step; longer inputs are cut
const BLOCK = measures.block;
const { pill: PILL, output: OUTPUT, unit: UNIT, legend: LEGEND, least: LEAST, pad: PAD, wire: WIRE, input: INPUT } = measures.unrolled;

/** @typedef {ReturnType<typeof heights> & {width: number, box: number, pitch: number, margins: {left: number, right: number}, first: number, count: number, x(t: number): number}} Place */
/**
 * What changes in one column, and its nodes.
 * @typedef {object} Group
 * @property {number} t
 * @property {HTMLElement} slot
 * @property {HTMLElement} pill
 * @property {HTMLElement} state
 * @property {HTMLElement[]} values
 * @property {Element[]} nodes
 * @property {{value: HTMLElement, loss: HTMLElement, of: UnrolledOutput}} [output]
 * @property {ReturnType<typeof createBlock>} [block]
 * @property {Element[]} [own]
 * @property {Element[]} [back]
 */
/**
 * What changes at the end of the row.
 * @typedef {object} Parts
 * @property {{values: HTMLElement[], loss: HTMLElement, of: UnrolledOutput}} [output]
 * @property {Element[]} [own]
 * @property {HTMLElement | null} [ownLabel]
 */

/**
 * @param {Context} context
 * @param {UnrolledData} data
 * @returns {Panel<UnrolledData>}
 */
export function create(context, data) {
  const node = element("div", "unrolled");
  let shown = data;
  /** @type {{first: number, count: number} | null} */
  let window = null;
  /** @type {Group[]} */
  let columns = [];
  /** @type {Parts} */
  let parts = {};
  /** @type {Map<string, string | null>} */
  let before = new Map(); // what stood where, to mark what a change of the network changed
  /** @type {number | null} */
  let chosen = null;

  // Sizes of the present container; a window of columns around the chosen step where not all fit.
  function room() {
    const width = context.geometry.width;
    const margins = { ...MARGINS[context.mode] };
    if (shown.readout === "every") margins.right = 16;
    const pitch = Math.max(shown.backward ? margins.pitch : FORWARD_PITCH, Math.min(WIDEST, words(shown)));
    const fit = Math.max(1, Math.floor((width - margins.left - margins.right) / pitch));
    return { width, margins, count: Math.min(shown.T, fit) };
  }

  /**
   * @param {number} first
   * @param {ReturnType<typeof room>} sizes
   */
  function draw(first, { width, margins, count }) {
    const pitch = (width - margins.left - margins.right) / count;
    const y = heights(shown);
    const box = Math.min(108, pitch - 34, shown.backward ? 108 : 96);
    /** @type {Place} */
    const place = { ...y, width, box, pitch, margins, first, count, x: (t) => margins.left + (t - first + 0.5) * pitch };
    const wires = svg("svg", { class: "wires", width, height: y.bottom, "aria-hidden": "true" });
    columns = [];
    parts = {};
    /** @type {Element[]} */
    const children = [wires, ...start(place, wires)];
    for (let t = first; t < first + count; t++) children.push(...column(t, place, wires));
    children.push(...end(place, wires));
    if (shown.backward) children.push(placed(legend(), 0, y.bottom - LEGEND, width, LEGEND));
    node.style.height = `${y.bottom}px`;
    node.replaceChildren(...children);
    window = { first, count };
  }

  /**
   * @param {number} t
   * @param {Place} place
   * @param {SVGElement} wires
   */
  function column(t, place, wires) {
    const x = place.x(t);
    const slot = placed(element("div", "slot-column"), x - place.pitch / 2 + 5, 0, place.pitch - 10, place.bottom - (shown.backward ? LEGEND : 0));
    const pill = placed(element("button", "time-pill", rich([{ math: "t" }, ` = ${t}`])), x - place.pitch / 2 + 5, 0, place.pitch - 10, PILL);
    pill.type = "button";
    pill.tabIndex = -1; // the stages above do the same from the keyboard
    pill.addEventListener("click", () => context.setStep(shown.stepOf[t - 1]));
    const values = Array.from({ length: shown.H }, () => element("span", ""));
    const name = element("span", "state-name", rich([{ math: `h_${t}`, role: "h" }]));
    const state = placed(element("div", "state", name, element("span", "state-values", ...values)), x - place.box / 2, place.state, place.box, place.stateHeight);
    state.setAttribute("role", "group");
    state.setAttribute("aria-label", `State at step ${t}`);
    const input = placed(element("div", "input", rich([{ math: `x_${t}` }, " = "]), element("span", "input-values", shown.inputs[t - 1])), x - place.pitch / 2 + 2, place.input, place.pitch - 4, 22);
    wires.append(arrow(x, place.input - 3, x, place.state + place.stateHeight + 4, "wire"));
    const inputWeight = weight("W_x", t, x + 7, (place.input + place.state + place.stateHeight) / 2 - 11);
    /** @type {Group} */
    const group = { t, slot, pill, state, values, nodes: [slot, pill, state, input, inputWeight] };
    if (t < place.first + place.count - 1 || (t < shown.T && t === place.first + place.count - 1)) {
      const reach = t === place.first + place.count - 1 ? x + place.pitch / 2 + 4 : place.x(t + 1) - place.box / 2 - 4;
      wires.append(arrow(x + place.box / 2 + 2, place.middle, reach, place.middle, "wire"));
      group.nodes.push(weight("W_h", t + 1, x + place.box / 2 + 4, place.middle - 22));
    }
    if (shown.readout === "every") output(group, t, x, place, wires);
    if (shown.backward) backward(shown.backward, group, t, x, place, wires);
    columns.push(group);
    return group.nodes;
  }

  /**
   * @param {Group} group
   * @param {number} t
   * @param {number} x
   * @param {Place} place
   * @param {SVGElement} wires
   */
  function output(group, t, x, place, wires) {
    const value = element("span", "");
    const loss = element("span", "");
    const box = element("div", "output-top", element("span", "", rich([{ math: `L_${t}` }, " "]), loss), element("span", "", rich([{ math: `\\hat{y}_${t}` }, " "]), value));
    group.nodes.push(placed(box, x - place.pitch / 2 + 8, PILL + 6, place.pitch - 16, 40));
    group.output = { value, loss, of: shown.outputs[t - 1] };
    if (shown.backward) return; // there the arrow between them is the loss's way back
    wires.append(arrow(x, place.state - 4, x, PILL + 50, "wire"));
    group.nodes.push(weight("W_y", t, x + 7, place.state - 30));
  }

  /**
   * @param {UnrolledBackward} gradients
   * @param {Group} group
   * @param {number} t
   * @param {number} x
   * @param {Place} place
   * @param {SVGElement} wires
   */
  function backward(gradients, group, t, x, place, wires) {
    const block = createBlock(gradients, t, place.pitch - 10);
    group.block = block;
    group.nodes.push(placed(block.node, x - place.pitch / 2 + 5, place.block, place.pitch - 10, place.blockHeight));
    group.nodes.push(placed(block.delta, x - place.pitch / 2 + 5, place.block + place.blockHeight, place.pitch - 10, deltaHeight(shown.H)));
    if (shown.readout === "every") {
      group.own = [arrow(x, PILL + 47, x, place.block - 2, "own-wire")];
      group.nodes.push(placed(element("span", "own-way", rich([{ math: "· W_y^⊤" }])), x + 8, PILL + 44));
      wires.append(...group.own);
    }
    if (t === shown.T) return;
    const isLast = t === place.first + place.count - 1;
    const from = { x: isLast ? x + place.pitch / 2 + 14 : place.x(t + 1) - place.pitch / 2 + 18, y: place.block + place.blockHeight + deltaHeight(shown.H) - 24 };
    const to = { x: x + place.pitch / 2 - 6, y: place.block + BLOCK.head + (shown.H * BLOCK.row) / 2 };
    const bend = path(`M${from.x} ${from.y}C${from.x - 14} ${from.y} ${to.x + 16} ${to.y} ${to.x} ${to.y}`, "back-wire");
    group.back = [bend, head(to.x, to.y, "left", "back-wire")];
    wires.append(...group.back);
  }

  /**
   * @param {Place} place
   * @param {SVGElement} wires
   */
  function start(place, wires) {
    const y = place.middle;
    if (place.first > 1) {
      wires.append(arrow(2, y, place.x(place.first) - place.box / 2 - 4, y, "wire"));
      return [placed(element("span", "more", `${place.first - 1} before`), 0, y + 8, place.margins.left + 16, 16)];
    }
    const phone = context.mode === "phone";
    const text = element("div", "initial", rich([{ math: "h_0", role: "h" }]), element("span", "", phone ? "" : `[${shown.h[0].map((v) => significant(v, 2)).join(", ")}]`));
    wires.append(arrow(phone ? 22 : 42, y, place.x(1) - place.box / 2 - 4, y, "wire"));
    return [placed(text, 0, y - 14, 44, 40), ...(phone ? [] : [weight("W_h", 1, 44, y - 22)])];
  }

  /**
   * The output and its loss at the right, for a read-out at the last step.
   * @param {Place} place
   * @param {SVGElement} wires
   */
  function end(place, wires) {
    const last = place.first + place.count - 1;
    if (last < shown.T) return [placed(element("span", "more right", `${shown.T - last} more`), place.width - place.margins.right - 4, place.middle + 8, place.margins.right, 16)];
    if (shown.readout === "every") return [];
    const phone = context.mode === "phone";
    const edge = place.x(shown.T) + place.box / 2;
    const right = place.width;
    const values = shown.outputs[0].y_hat.map(() => element("span", ""));
    const loss = element("span", "");
    const y_hat = element("div", "output", rich([{ math: "\\hat{y}" }]), ...values);
    const cost = element("div", "output", rich([{ math: "L" }]), loss, element("span", "target", rich(shown.outputs[0].target)));
    parts.output = { values, loss, of: shown.outputs[0] };
    if (phone) {
      wires.append(arrow(edge + 2, place.middle, right - 62, place.middle, "wire"));
      return [placed(y_hat, right - 58, place.middle - 14, 58, 40), placed(cost, right - 58, place.middle + 28 + 17 * (values.length - 1), 58, 56)];
    }
    const mid = right - 92;
    wires.append(arrow(edge + 2, place.middle, mid - 26, place.middle, "wire"), arrow(mid + 26, place.middle, right - 46, place.middle, "wire"));
    if (shown.backward) {
      const top = place.block + BLOCK.head + 10;
      const x = right - 22;
      const to = place.x(shown.T) + place.pitch / 2 - 2;
      parts.own = [path(`M${x} ${place.middle - 18}V${top + 8}Q${x} ${top} ${x - 8} ${top}H${to + 2}`, "own-wire"), head(to, top, "left", "own-wire")];
      wires.append(...parts.own);
    }
    const label = shown.backward ? placed(element("div", "own-label", element("strong", "", "own loss"), rich(shown.ownFormula)), right - 136, place.block + BLOCK.head + 18, 108, 40) : null;
    parts.ownLabel = label;
    return [placed(y_hat, mid - 24, place.middle - 14, 48, 60), placed(cost, right - 44, place.middle - 14, 44, 60), weight("W_y", shown.T, edge + 4, place.middle - 22), ...(label ? [label] : [])];
  }

  /**
   * A weight on its wire; pressing it opens that use of the weight in the panel below, where there is one.
   * @param {WeightName} name
   * @param {number} t
   * @param {number} x
   * @param {number} y
   */
  function weight(name, t, x, y) {
    if (!shown.backward) return placed(element("span", "weight", rich([{ math: name }])), x, y);
    const label = element("button", "weight", rich([{ math: name }]));
    label.type = "button";
    label.setAttribute("aria-label", `${name} at step ${t}`);
    label.addEventListener("click", () => context.open?.({ weight: name, k: t }));
    return placed(label, x, y);
  }

  /** @param {{t: number}} cursor */
  function setCursor({ t }) {
    chosen = t;
    const stage = shown.stages[t - 1];
    const sizes = room();
    const first = sizes.count === shown.T ? 1 : firstColumn(stage, sizes.count);
    if (window?.first !== first || window?.count !== sizes.count) draw(first, sizes);
    for (const group of columns) fill(group, stage);
    fillOutput(stage);
    mark();
  }

  /**
   * On a narrow container the chosen step and the next to come stand in view.
   * @param {UnrolledStage} stage
   * @param {number} count
   */
  function firstColumn(stage, count) {
    const focus = stage.t || (stage.outputs ? shown.T : 1);
    const wanted = shown.backward && stage.reached <= shown.T ? focus : focus - count + 1;
    return Math.min(Math.max(1, wanted), shown.T - count + 1);
  }

  /**
   * @param {Group} group
   * @param {UnrolledStage} stage
   */
  function fill(group, stage) {
    const { t } = group;
    const known = t <= stage.states;
    const now = stage.t === t;
    group.slot.classList.toggle("now", now);
    group.pill.classList.toggle("now", now);
    group.state.classList.toggle("pending", !known);
    group.state.classList.toggle("now", now && known);
    group.values.forEach((span, k) => (span.textContent = known ? number(shown.h[t][k]) : "?"));
    if (group.output) {
      const { value, loss, of } = group.output;
      value.textContent = stage.outputs ? of.y_hat.map((v) => number(v)).join(", ") : "?";
      loss.textContent = stage.losses ? number(of.loss) : "?";
    }
    if (!group.block) return;
    const reached = t >= stage.reached;
    group.block.set(reached, t === stage.reached - 1 ? "next" : "later");
    group.back?.forEach((wire) => wire.classList.toggle("known", reached));
    group.back?.forEach((wire) => wire.classList.toggle("now", now));
    group.own?.forEach((wire) => wire.classList.toggle("known", stage.own));
  }

  /** @param {UnrolledStage} stage */
  function fillOutput(stage) {
    if (!parts.output) return;
    const { values, loss, of } = parts.output;
    values.forEach((span, k) => (span.textContent = stage.outputs ? number(of.y_hat[k]) : "?"));
    loss.textContent = stage.losses ? number(of.loss) : "?";
    parts.own?.forEach((wire) => wire.classList.toggle("known", stage.own));
    parts.ownLabel?.classList.toggle("known", stage.own);
  }

  // After a change of the network, numbers that are not what they were are lit for a moment.
  function mark() {
    const now = new Map();
    node.querySelectorAll(".state-values span, .output span, .output-top span, .block-sum, .block-part, .delta-values, .input-values").forEach((span, k) => {
      const place = `${window?.first}.${chosen}.${k}`;
      now.set(place, span.textContent);
      const old = before.get(place);
      span.classList.toggle("changed", old !== undefined && old !== span.textContent);
    });
    before = now;
  }

  return {
    full: node,
    update(next) {
      shown = next;
      window = null;
      if (chosen !== null) setCursor({ t: Math.min(chosen, next.stages.length) });
    },
    setCursor,
    resize() {
      window = null;
      before = new Map();
      if (chosen !== null) setCursor({ t: chosen });
    },
    destroy() {},
  };
}

/**
 * Vertical places, as `heights.py` reserves them.
 * @param {Pick<UnrolledData, "H" | "backward" | "readout">} data
 */
export function heights({ H, backward, readout }) {
  const top = PILL + (readout === "every" ? OUTPUT : backward ? 8 : 6);
  const blockHeight = backward ? BLOCK.head + H * BLOCK.row : 0;
  const state = top + blockHeight + (backward ? deltaHeight(H) + 12 : 12);
  const stateHeight = Math.max(LEAST, H * UNIT + PAD);
  const input = state + stateHeight + WIRE;
  return { block: top, blockHeight, state, stateHeight, middle: state + stateHeight / 2, input, bottom: input + INPUT + (backward ? LEGEND : 0) };
}

/**
 * A step's δ stands in lines of two numbers.
 * @param {number} H
 */
const deltaHeight = (H) => BLOCK.delta + BLOCK.line * Math.ceil(H / 2);

/**
 * About how wide a step's input is, and its outputs where every state is read.
 * @param {UnrolledData} data
 */
function words({ inputs, outputs, readout }) {
  const input = 36 + 5.4 * Math.max(...inputs.map((text) => text.length));
  const probabilities = outputs[0].y_hat.length;
  return readout === "every" && probabilities > 1 ? Math.max(input, 34 + 39 * probabilities) : input;
}
