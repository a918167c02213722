// The LSTM cell, with two cursors: the figure's, which goes through the words, and its own through the nine sub-steps.

/** @import { CellData, GateName, Packed } from "../../types/payload.ts" */
/** @import { Context, Decoded, Floats, TimePanel, Timer } from "../../types/figure.ts" */
/** @import { CellArrays, CellChoice, CellView, Held } from "../../types/cell.ts" */

import { writeAddress } from "../address.js";
import { decode, rowAt } from "../decode.js";
import { clamp, element, targetOf } from "../dom.js";
import { narrow as number } from "../format.js";
import { plain } from "../rich.js";
import { createDiagram } from "./cell/diagram.js";
import { createFormula } from "./cell/formula.js";
import { createGate } from "./cell/gate.js";
import { createRnn } from "./cell/rnn.js";
import { createSentence } from "./cell/sentence.js";
import { createSteps } from "./cell/steps.js";
import style from "./cell/style.css";

const NAME = "cell";
const QUIET = 400; // ms without a choice before the address takes it and it is said
const INITIAL = new Set(["h", "c"]); // row 0 is the initial state

/**
 * @param {Context} context
 * @param {CellData} payload
 * @returns {TimePanel<CellData>}
 */
export function create(context, payload) {
  const sheet = element("style", "");
  sheet.textContent = style;
  const data = decoded(payload);
  const last = data.substeps.length;
  const diagram = createDiagram(context, data, toggle);
  const steps = createSteps(data, (sub) => (steps.stop(), choose({ sub })), move);
  const formula = createFormula(data);
  const gate = createGate(data, close, (unit) => choose({ unit }));
  const rnn = createRnn(context, data.H);
  const sentence = createSentence(context);
  const live = element("div", "live");
  live.setAttribute("role", "status");
  formula.head.append(steps.buttons);
  const side = element("div", "cell-side", steps.node, rnn.node);
  const node = element("div", `cell-panel ${context.mode}`, sheet, element("div", "cell-top", diagram.node, side), formula.node, gate.node, sentence.node, live);
  if (context.narrow) {
    node.insertBefore(steps.node, formula.node);
    node.append(rnn.node);
  }
  /** @type {Timer | undefined} */
  let quiet;
  let stale = true;
  let shown = 0;

  /** @returns {CellChoice} */
  function chosen() {
    /** @type {Partial<CellChoice>} */
    const kept = context.recall(NAME);
    const open = kept.gate ?? data.gate;
    return { sub: clamp(kept.sub ?? data.substep, 1, last), gate: open, unit: clamp(kept.unit ?? data.unit, 0, data.H - 1) };
  }

  /** @param {Partial<CellChoice>} change */
  function choose(change) {
    context.remember(NAME, change);
    draw();
    clearTimeout(quiet);
    quiet = setTimeout(announce, QUIET);
  }

  function announce() {
    const { sub, gate: open, unit } = chosen();
    live.textContent = `${data.substeps[sub - 1].name}: ${data.said[shown - 1][sub - 1].map(plain).join(" ")}`;
    if (context.address) writeAddress({ substep: sub === data.substep ? null : sub, gate: open || null, unit: open ? unit : null });
  }

  /**
   * To the next sub-step, over the end of a word into the next one.
   * @param {number} by
   */
  function move(by) {
    const { sub } = chosen();
    const t = context.cursor.t;
    const next = sub + by;
    if (next >= 1 && next <= last) return choose({ sub: next }), true;
    if (t + by < 1 || t + by > context.tokens.length) return false;
    context.setStep(t + by);
    choose({ sub: by > 0 ? 1 : last });
    return true;
  }

  /** @param {GateName} name */
  function toggle(name) {
    choose({ gate: chosen().gate === name ? "" : name });
  }

  function close() {
    const { gate: open } = chosen();
    choose({ gate: "" });
    if (open) diagram.gates[open].box.focus({ preventScroll: true });
  }

  /** @param {Record<string, Decoded>} arrays */
  function reader(arrays) {
    /** @type {(name: string, t: number, lag: number) => Floats} */
    return (name, t, lag) => rowAt(arrays[name], t - lag + (INITIAL.has(name) ? 1 : 0));
  }

  /**
   * Which units of a gate are held at a step, and at what.
   * @param {GateName} name
   * @param {number} t
   * @returns {Held}
   */
  function held(name, t) {
    const row = Array.from(rowAt(data.held[name], t));
    const units = new Set(row.flatMap((value, k) => (Number.isNaN(value) ? [] : [k])));
    return { units, some: units.size > 0, all: units.size === data.H, value: row.find((value) => !Number.isNaN(value)) };
  }

  /** @returns {CellView} */
  function viewed() {
    const t = context.cursor.t;
    const read = reader(data.numbers);
    return {
      ...chosen(),
      t,
      read,
      before: data.was ? reader(data.was) : () => null,
      readAll: (name, step) => read(name, step, 0),
      heldAt: (name, step = t) => (name in data.held ? held(/** @type {GateName} */ (name), step) : { units: new Set(), some: false, all: false }),
      tokens: context.tokens,
      numbers: (name, step) => Array.from(read(name, step, 0), number).join(", "),
      last: t === context.tokens.length && chosen().sub === last,
    };
  }

  function draw() {
    const view = viewed();
    shown = view.t;
    if (stale) sentence.draw(data, view);
    stale = false;
    [diagram, steps, formula, gate, sentence].forEach((part) => part.set(view));
    rnn.set(data.rnn, view.t);
  }

  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && chosen().gate) return close();
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
    if (by === undefined) return;
    steps.stop();
    move(by);
    event.preventDefault();
    // The list's focus goes along with the sub-step.
    if (targetOf(event).closest(".cell-list")) /** @type {HTMLElement | null} */ (steps.node.querySelector(".now"))?.focus({ preventScroll: true });
  });

  diagram.resize();
  return {
    full: node,
    update(next) {
      Object.assign(data, decoded(next));
      stale = true;
    },
    setCursor: draw,
    resize() {
      diagram.resize();
      stale = true;
      draw();
    },
    toggle: steps.toggle,
    stop: steps.stop,
    focus: sentence.focus,
    stepUnder: sentence.stepUnder,
    destroy() {
      steps.stop();
      clearTimeout(quiet);
    },
  };
}

/**
 * @param {CellData} payload
 * @returns {CellArrays}
 */
function decoded(payload) {
  /** @param {Record<string, Packed>} arrays */
  const all = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, decode(array)]));
  const { numbers, was, held, rnn, weights, bias, terms } = payload;
  return { ...payload, numbers: all(numbers), was: was && all(was), held: /** @type {Record<GateName, Decoded>} */ (all(held)), rnn: decode(rnn), weights: decode(weights), bias: decode(bias), terms: decode(terms) };
}
