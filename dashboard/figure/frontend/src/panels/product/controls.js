// The sliders and choices that make a network: radius and inputs, with the bookmarks' places; activation, shape of W_h.

/** @import { ProductAt, ProductData, Rich } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").Control} Control */

import { segmented, slider as range, waits } from "../../beats/controls.js";
import { element, svg } from "../../dom.js";
import { rich } from "../../rich.js";
import { box } from "./draw.js";

/**
 * @param {ProductData} data
 * @param {(change: Partial<ProductAt>) => void} choose
 */
export function createControls(data, choose) {
  const head = element("div", "pr-head", element("strong", "", "This network"), element("span", "", `${data.H} units, ${data.T} steps`));
  const radius = slider(data, "radius", data.radii, "Spectral radius of W_h", ["spectral radius ", { math: "ρ" }, " of ", { math: "W_h" }], (value) => value.toFixed(2), choose);
  const inputs = slider(data, "inputs", data.inputs, "Size of the inputs", ["size of the inputs"], String, choose);
  const activation = pick("activation", "Activation", ["activation ", { math: "φ" }], data.activations.map(({ name, label }) => [name, label]), choose);
  const shape = pick("shape", "Shape of W_h", ["shape of ", { math: "W_h" }], data.shapes.map((name) => [name, name]), choose);
  const about = element("p", "pr-about");
  const sliders = element("div", "", radius.node, inputs.node, activation.node, shape.node, about);
  const plain = element("p", "pr-plain", rich([`A tanh network of ${data.H} units, run for ${data.T} steps, with the loss at the last step alone. The gradient sent back from there is drawn with length 1. Its sliders come with beat 3.`]));
  const node = element("div", "pr-controls", head, plain, sliders);

  /** @param {import("./view.js").View} view */
  function set({ built: { at }, open, band }) {
    radius.set(at.radius, open.includes("radius"), band);
    inputs.set(at.inputs, open.includes("inputs"), band);
    activation.set(at.activation, open.includes("activation"));
    shape.set(at.shape, open.includes("shape"));
    sliders.hidden = !band;
    plain.hidden = band;
    about.replaceChildren(matrix(at.shape === "chain"), element("span", "", rich(at.shape === "chain" ? [{ math: "ρ" }, ` on the diagonal, ${data.link} beside it: for many steps it can stretch by more than `, { math: "ρ" }, ", not for ever"] : ["orthogonal: turns and mirrors, and stretches every gradient by ", { math: "ρ" }, ", neither more nor less"])));
  }

  return { node, set };
}

/**
 * W_h as a picture: a chain has its radius on the diagonal and a smaller number beside it, an orthogonal one is full.
 * @param {boolean} chain
 */
function matrix(chain) {
  const node = svg("svg", { width: 42, height: 42, class: "pr-svg pr-matrix", "aria-hidden": "true" });
  for (let row = 0; row < 5; row++)
    for (let column = 0; column < 5; column++) {
      const kind = !chain ? "some" : row === column ? "full" : column === row + 1 ? "some" : "none";
      node.append(box(1 + column * 8, 1 + row * 8, 7, 7, `pr-matrix-cell ${kind}`));
    }
  return node;
}

/**
 * @param {ProductData} data
 * @param {"radius" | "inputs"} name
 * @param {number[]} values
 * @param {string} spoken
 * @param {Rich} label
 * @param {(value: number) => string} written
 * @param {(change: Partial<ProductAt>) => void} choose
 */
function slider(data, name, values, spoken, label, written, choose) {
  const shown = element("strong", "");
  let at = 0;
  const input = range("", spoken, 0, values.length - 1, (value) => {
    if (waits(input)) input.value = String(at);
    else choose({ [name]: values[value] });
  });
  const flags = element("div", "pr-flags", ...flagsOf(data, name, values));
  flags.setAttribute("aria-hidden", "true");
  const node = element("div", "pr-slider", element("div", "pr-label", rich(label), shown), input, flags);

  /**
   * @param {number} value
   * @param {boolean} open
   * @param {boolean} marked
   */
  function set(value, open, marked) {
    shown.textContent = written(value);
    at = values.indexOf(value);
    input.value = String(at);
    input.setAttribute("aria-valuetext", written(value));
    input.setAttribute("aria-disabled", String(!open));
    flags.hidden = !marked;
  }

  return { node, set };
}

/**
 * Where the bookmarks stand on a slider.
 * @param {ProductData} data
 * @param {"radius" | "inputs"} name
 * @param {number[]} values
 */
function flagsOf(data, name, values) {
  /** @type {Map<number, number[]>} */
  const by = new Map();
  data.bookmarks.forEach(({ at }, k) => by.set(at[name], [...(by.get(at[name]) ?? []), k + 1]));
  return [...by].map(([value, numbers]) => {
    const flag = element("span", "", ...numbers.map((number) => element("i", "", String(number))));
    flag.style.setProperty("--share", String(values.indexOf(value) / (values.length - 1)));
    return flag;
  });
}

/**
 * @param {"activation" | "shape"} name
 * @param {string} spoken
 * @param {Rich} label
 * @param {[value: string, text: string][]} options
 * @param {(change: Partial<ProductAt>) => void} choose
 */
function pick(name, spoken, label, options, choose) {
  const group = segmented(name, spoken, options, (value) => choose({ [name]: value }));
  const node = element("div", "pr-pick", element("span", "", rich(label)), group.node);

  /**
   * @param {string} value
   * @param {boolean} open
   */
  function set(value, open) {
    group.mark(value);
    group.lock(() => !open);
  }

  return { node, set };
}
