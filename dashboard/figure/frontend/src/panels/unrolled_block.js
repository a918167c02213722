// The gradient that reaches one state: for each unit its own loss and its future as two bars on one axis, and their sum;
// below it δ, what is left behind the activation's slope and goes on through W_h.

/** @import { UnrolledBackward } from "../../types/payload.ts" */

import { element } from "../dom.js";
import { narrow as number } from "../format.js";
import { rich } from "../rich.js";

/**
 * @param {UnrolledBackward} gradients
 * @param {number} t
 * @param {number} width
 */
export function createBlock({ own, future, dh, delta, limit }, t, width) {
  const narrow = width < 150;
  const rows = own[t - 1].map((value, k) => row(k, value, future[t - 1][k], dh[t - 1][k], limit, narrow));
  const name = element("span", "", rich([{ math: `∂L/∂h_${t}`, role: "grad" }]));
  const known = element("div", "block-known", element("div", "block-head", name, element("span", "", "sum")), ...rows);
  const word = element("span", "");
  const pending = element("div", "block-pending", name.cloneNode(true), element("strong", "", "?"), word);
  const node = element("div", narrow ? "block narrow" : "block", known, pending);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", `Gradient at step ${t}`);
  const values = element("span", "delta-values", "");
  const line = element("div", "delta-line", rich([{ math: `δ_${t}`, role: "grad" }, " = "]), values);
  const slope = element("div", "delta-slope", element("span", "delta-arrow"), rich([{ math: `⊙ φ^′(a_${t})` }]));
  const onward = element("div", "delta-onward", rich(t > 1 ? [{ math: "· W_h^⊤" }] : []));
  const box = element("div", "delta", slope, line, onward);

  return {
    node,
    delta: box,
    /**
     * @param {boolean} reached
     * @param {string} when
     */
    set(reached, when) {
      node.classList.toggle("pending", !reached);
      box.classList.toggle("pending", !reached);
      known.hidden = !reached;
      pending.hidden = reached;
      word.textContent = when;
      values.replaceChildren(...(reached ? inPairs(delta[t - 1].map(number)) : ["?"]));
    },
  };
}

/**
 * A row vector in lines of two numbers, so that it fits into its step.
 * @param {string[]} numbers
 */
function inPairs(numbers) {
  const text = `[${numbers.join(", ")}]`;
  return (text.match(/[^,]+(, [^,]+)?,? ?/g) ?? []).map((line) => element("span", "", line));
}

/**
 * @param {number} k
 * @param {number} own
 * @param {number} future
 * @param {number} sum
 * @param {number} limit
 * @param {boolean} narrow
 */
function row(k, own, future, sum, limit, narrow) {
  const bars = element("span", "block-bars", bar(own, limit, "own"), bar(future, limit, "grad"));
  const parts = element("span", "block-parts", element("span", "block-part own", number(own)), element("span", "block-part role-grad", number(future)));
  return element("div", "block-row", element("span", "block-unit", narrow ? "" : `[${k}]`), bars, parts, element("strong", "block-sum", number(sum)));
}

/**
 * One scale for all steps and units; a part that is exactly zero is a dot on the axis.
 * @param {number} value
 * @param {number} limit
 * @param {string} role
 */
function bar(value, limit, role) {
  const node = element("span", `block-bar fill-back-${role}`);
  const share = limit > 0 ? Math.min(1, Math.abs(value) / limit) * 50 : 0;
  node.style.left = `${value < 0 ? 50 - share : 50}%`;
  node.style.width = value === 0 ? "3px" : `max(1px, ${share}%)`;
  node.classList.toggle("zero", value === 0);
  return node;
}
