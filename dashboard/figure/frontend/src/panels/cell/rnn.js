// The vanilla RNN's cell at the same word: one tanh, one state. Dashed and hollow, as this model is everywhere.

/** @import { Context, Decoded } from "../../../types/figure.ts" */

import { element, svg } from "../../dom.js";
import { rich } from "../../rich.js";
import { rowAt } from "../../decode.js";
import { createVector } from "./vector.js";

/**
 * @param {Context} context
 * @param {number} H
 */
export function createRnn(context, H) {
  const drawing = svg("svg", { width: 248, height: 128, "aria-hidden": "true" });
  drawing.append(svg("rect", { x: 78, y: 14, width: 92, height: 92, rx: 12, class: "cell-frame" }));
  const lines = ["M0 70H97", "M88 126V88Q88 80 96 80H97", "M151 70H240"];
  drawing.append(...lines.map((d, k) => svg("path", { d, class: k === 1 ? "rnn-line ink" : "rnn-line" })), svg("path", { d: "M246 70l-8 -4v8z", class: "rnn-head" }));
  const box = element("span", "cell-rnn-box", rich([{ math: "tanh" }]));
  const [before, after] = [createVector(H, "h", [-1, 1], false), createVector(H, "h", [-1, 1], false)];
  const token = element("span", "token");
  /**
   * @param {HTMLElement} node
   * @param {string} name
   */
  const place = (node, name) => (node.classList.add(name), node);
  const labels = [element("span", "rnn-in", rich([{ math: "h_{t-1}" }])), element("span", "rnn-out", rich([{ math: "h_t" }])), element("span", "rnn-x", rich([{ math: "x_t" }]), " ‘", token, "’")];
  const inner = element("div", "cell-rnn-drawing", drawing, box, ...labels, place(before.node, "rnn-before"), place(after.node, "rnn-after"));
  const node = element("div", "cell-rnn", element("div", "cell-caption", "A vanilla RNN at the same word"), inner);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "Vanilla RNN cell");
  return {
    node,
    /**
     * @param {Decoded} states
     * @param {number} t
     */
    set(states, t) {
      before.set(rowAt(states, t), null, -1);
      after.set(rowAt(states, t + 1), null, -1);
      token.textContent = context.tokens[t - 1];
    },
  };
}
