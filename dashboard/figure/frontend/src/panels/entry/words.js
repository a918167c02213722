// Everything an opened entry says in sentences, in English; numbers come in as they are written.

/** @import { Rich, WeightName } from "../../../types/payload.ts" */
/** @import { EntryChoice } from "../../../types/figure.ts" */

import { READ_OUT } from "./data.js";

/**
 * Steps as in a sentence.
 * @param {number[]} steps
 */
export function list(steps) {
  if (steps.length === 1) return `step ${steps[0]}`;
  return `steps ${steps.slice(0, -1).join(", ")} and ${steps.at(-1)}`;
}

/** @param {number} count */
const lossSteps = (count) => (count === 1 ? "one loss step" : `${count} loss steps`);

/**
 * How the table of the terms is read.
 * @param {{name: WeightName, total?: boolean}} choice
 * @returns {Rich}
 */
export function reading({ name, total }) {
  if (total) return ["Choose an entry. Each loss step adds one product: what the loss sends into its own state, and how that state moves with the weight."];
  if (READ_OUT.has(name)) return ["Choose an entry. Each loss step adds one product: ", name === "W_y" ? "the state that was read" : "1", ", and the gradient at ", { math: "z" }, "."];
  const own = name === "W_x" ? "the input" : name === "W_h" ? "the state before it" : "1";
  return [`Choose an entry. Each step adds one product of three numbers: ${own}, the slope of the activation, the gradient that arrived.`];
}

/**
 * What the two ways of summing have to do with one another.
 * @param {{name: WeightName, total?: boolean}} choice
 * @param {number[]} steps the loss steps
 * @param {string} again what counting every state step would give
 * @param {string} gradient
 * @returns {Rich}
 */
export function summing({ name, total }, steps, again, gradient) {
  if (READ_OUT.has(name)) return ["The read-out is used after the recurrence: no earlier use reaches ", { math: "z_s" }, ", so immediate and total derivative are the same."];
  if (!total) return ["Immediate (", { math: "∂⁺" }, "): the weight varies at step ", { math: "t" }, " alone, and every state step adds a term."];
  return [
    "Total (", { math: "d" }, "): ", { math: `dh_s/d${name}` }, " holds all uses up to ", { math: "s" }, ", so only the loss steps add up (", list(steps), "). ",
    `Summed over every state step, earlier uses would count again: ${again}, not ${gradient}.`,
  ];
}

/**
 * What the foot of a table adds up.
 * @param {WeightName} name
 * @param {number} losses
 * @param {number} T
 */
export const sumOver = (name, losses, T) => (READ_OUT.has(name) ? sumOverLosses(losses) : `Sum over the ${T === 1 ? "one step" : `${T} steps`}`);

/** @param {number} losses */
export const sumOverLosses = (losses) => `Sum over the ${lossSteps(losses)}`;

/**
 * How the factors of one term are read.
 * @param {EntryChoice} choice
 * @returns {Rich}
 */
export function factorsOf({ name, s, k }) {
  if (READ_OUT.has(name)) return ["The read-out's chain ends at ", { math: `z_{${s}}` }, ": no state step stands between."];
  if (s === k) return ["The loss is read at the same step: no Jacobian stands between."];
  return ["Each ", { math: "∂h_t/∂h_{t-1}" }, " is ", { math: "diag(φ^′(a_t)) W_h^⊤" }, "; ", { math: `∂⁺h_{${k}}/∂${name}` }, " lets the weight vary at step ", { math: String(k) }, " alone."];
}

/**
 * The chapter's own letter; without a role it would take the colour of the output gate.
 * @param {number} t
 */
const o = (t) => ({ math: `o_${t}`, role: "ink" });

/**
 * The chapter's example in two paragraphs, for a network of T steps.
 * @param {number} T
 * @returns {Rich[]}
 */
export function example(T) {
  /** @type {Rich} */
  const between = [];
  for (let t = T; t > 3; t--) between.push({ math: `∂h_{${t}}/∂h_{${t - 1}}` }, " · ");
  const more = T > 4 ? ` (The chapter's network has four steps; this one has ${T}, so there are ${T - 3} Jacobians instead of one.)` : "";
  return [
    ["The chapter's chain in our letters, ", { math: "h", role: "h" }, " for ", { math: "o", role: "ink" }, ": ", { math: "∂L/∂\\hat{y}" }, " · ", { math: `∂\\hat{y}/∂h_{${T}}` }, " · ", ...between, { math: "∂⁺h_3/∂W_h" }, `.${more}`],
    [
      "Mind the index. The chapter calls this the use “between ", o(3), " and ", o(4), "”, but the chain it prints is the use between ", o(2), " and ", o(3), ", the one that makes ",
      { math: "h_3" }, ". The use between ", o(3), " and ", o(4), " is the term ", { math: "t = 4" }, ".",
    ],
  ];
}

/**
 * How a total derivative grows.
 * @param {WeightName} name
 * @returns {Rich}
 */
export function growing(name) {
  if (READ_OUT.has(name)) return ["Both rows are the same: ", { math: "z_t" }, " meets this weight once."];
  return [{ math: `dh_t/d${name}` }, " = ", { math: `∂⁺h_t/∂${name}` }, " + ", { math: "∂h_t/∂h_{t-1}" }, " · ", { math: `dh_{t-1}/d${name}` }, ": it grows forwards, so no backward pass is needed to know it."];
}

/**
 * What the map of loss steps over state steps shows.
 * @param {{name: WeightName, whole?: boolean}} choice
 * @param {number} losses
 * @param {number} T
 * @returns {Rich}
 */
export function mapOf({ name, whole }, losses, T) {
  if (whole) return ["What each use adds to the length of ", { math: `∂L/∂${name}` }, ": ", { math: "⟨G_{s,t}, G⟩/‖G‖" }, ". All cells add up to ", { math: "‖G‖" }, "."];
  const columns = losses === 1 ? `Only step ${T} has a loss; columns` : "Columns";
  return ["The same entry, split by the step whose loss it is and the step where ", { math: name }, ` was used. ${columns} add up to the terms.`];
}

/**
 * What the window cuts, and what that costs.
 * @param {{name: WeightName, window: number}} choice
 * @param {number} losses
 * @param {number} T
 * @returns {Rich}
 */
export function cutting({ name, window: k }, losses, T) {
  if (READ_OUT.has(name)) return ["Truncation cuts the way through the states. The read-out lies after them and loses nothing."];
  const kept = k === T ? `a window below ${T} keeps only the last states` : `this window keeps only ${list(Array.from({ length: k }, (_, n) => T - k + 1 + n))}`;
  return [
    "Truncated BPTT lets a loss go back through ", { math: "k" }, " states and no further; the hatched cells are cut. Lost is ", { math: "‖G − G_k‖/‖G‖" }, " of ", { math: `∂L/∂${name}` }, ".",
    losses === 1 && T > 1 ? ` The loss stands at step ${T} alone, so ${kept}.` : "",
  ];
}
