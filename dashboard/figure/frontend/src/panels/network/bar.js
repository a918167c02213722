// The bar above the drawing: what a beat lets one do, and what the colours are.

/** @import { NetworkData } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */

import { element, icon } from "../../dom.js";
import { short } from "../../format.js";
import { rich } from "../../rich.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const PAUSE = "M-4 -5.5h3v11h-3zM2 -5.5h3v11h-3z";
/** @type {Record<string, -1 | 0 | 1>} */
const TURNS = { down: -1, no: 0, up: 1 };
const RATES = [0.5, 1, 2];
const RATE_NAMES = ["½×", "1×", "2×"];

/** @typedef {import("./view.js").Chosen} Chosen */
/** @typedef {import("./view.js").View} View */
/** @typedef {ReturnType<typeof import("./motion.js").createMotion>} Motion */
/** @typedef {{node: HTMLElement, set: (view: View) => void}} Control */

/**
 * @param {Context} context
 * @param {(change: Partial<Chosen>) => void} choose
 * @param {{motion: Motion, toggle: () => void}} playing
 */
export function createBar(context, choose, playing) {
  const controls = element("div", "net-controls");
  const key = element("div", "net-key");
  const node = element("div", "net-bar-row beat-bar", controls, key);
  let made = "";
  /** @type {Control | null} */
  let control = null;

  /**
   * @param {View} view
   * @param {NetworkData} data
   */
  function set(view, data) {
    const name = `${view.show.control} ${data.T} ${data.drag.values.length} ${view.known}`;
    if (name !== made) {
      made = name;
      control = view.show.control ? CONTROLS[view.show.control](data, view, choose, context, playing) : null;
      controls.replaceChildren(...(control ? [control.node] : []));
    }
    const change = view.show.field === "change";
    const keys = change ? [["role-h", "how far it moved, by unit"]] : [["own", "from the input, with ", "b"], ["role-h", "from the state before"]];
    key.replaceChildren(...keys.map(([role, text, symbol]) => element("span", "", element("i", `swatch ${role}`), rich(symbol ? [text, { math: symbol }] : [text]))));
    control?.set(view);
  }

  return { node, set };
}

/** @type {Record<NonNullable<import("./view.js").Show["control"]>, (data: NetworkData, view: View, choose: (change: Partial<Chosen>) => void, context: Context, playing: {motion: Motion, toggle: () => void}) => Control>} */
const CONTROLS = {
  walk: (data, _view, _choose, context, playing) => createWalk(data.T, context, playing),
  turn: (_data, _view, choose) => choice("Change the lit number by", { down: "−0.10", no: "0", up: "+0.10" }, (value) => choose({ turn: TURNS[value] }), (view) => Object.keys(TURNS).find((name) => TURNS[name] === view.turn) ?? ""),
  drag: (data, view, choose) => createDrag(data, view, choose),
  activation: (data, view, choose) => choice("Activation", Object.fromEntries(data.squashed.map(({ name, title }) => [name, title])), (value) => choose({ activation: value }), ({ squashed }) => squashed.name, !view.known),
  readout: (_data, _view, choose) => choice("Answers", { last: "one, at the end", every: "one at every step" }, (value) => choose({ readout: /** @type {"last" | "every"} */ (value) }), ({ readout }) => readout),
  letters: (_data, _view, choose) => choice("Letters", { ours: "ours", chapter: "the chapter’s" }, (value) => choose({ letters: /** @type {"ours" | "chapter"} */ (value) }), ({ chapter }) => (chapter ? "chapter" : "ours")),
};

/**
 * Play, the steps as stops on a line, and the speed.
 * @param {number} T
 * @param {Context} context
 * @param {{motion: Motion, toggle: () => void}} playing
 * @returns {Control}
 */
export function createWalk(T, context, { motion, toggle }) {
  const go = element("button", "round primary");
  go.type = "button";
  go.addEventListener("click", toggle);
  const stops = Array.from({ length: T }, (_, k) => {
    const button = element("button", "net-stop", String(k + 1));
    button.type = "button";
    button.setAttribute("aria-label", `Step ${k + 1}`);
    button.addEventListener("click", () => (motion.stop(), context.setStep(k + 1)));
    return button;
  });
  const speed = choice("", Object.fromEntries(RATE_NAMES.map((name, k) => [String(k), name])), (value) => motion.setRate(RATES[Number(value)]), () => String(RATES.indexOf(motion.rate)));
  speed.node.setAttribute("aria-label", "Speed");
  return {
    node: element("div", "net-walk", go, element("div", "net-stops", ...stops), speed.node),
    set(view) {
      go.replaceChildren(icon(motion.playing ? PAUSE : PLAY, 16));
      go.setAttribute("aria-label", motion.playing ? "Pause" : "Play");
      stops.forEach((stop, k) => {
        stop.classList.toggle("done", k + 1 <= view.until);
        if (k + 1 === view.t) stop.setAttribute("aria-current", "step");
        else stop.removeAttribute("aria-current");
      });
      speed.set(view);
    },
  };
}

/**
 * @param {NetworkData} data
 * @param {View} view
 * @param {(change: Partial<Chosen>) => void} choose
 * @returns {Control}
 */
function createDrag(data, view, choose) {
  const { values } = data.drag;
  const slider = element("input", "net-slider");
  slider.type = "range";
  slider.max = String(values.length - 1);
  slider.disabled = !view.known;
  slider.addEventListener("input", () => choose({ drag: Number(slider.value) }));
  const value = element("output", "");
  const label = element("label", "net-drag", rich(["first number of ", { math: "x_1" }]), slider, value);
  return {
    node: label,
    set({ drag }) {
      slider.value = String(drag);
      const text = short(values[drag]);
      slider.setAttribute("aria-valuetext", text);
      value.textContent = drag === data.drag.start ? text : `${text}, was ${short(values[data.drag.start])}`;
    },
  };
}

/**
 * A row of buttons of which one is pressed.
 * @param {string} label
 * @param {Record<string, string>} options
 * @param {(value: string) => void} choose
 * @param {(view: View) => string} chosen
 * @param {boolean} [disabled]
 * @returns {Control}
 */
export function choice(label, options, choose, chosen, disabled = false) {
  const buttons = Object.entries(options).map(([value, text]) => {
    const button = element("button", "net-segment", text);
    button.type = "button";
    button.value = value;
    button.disabled = disabled;
    button.addEventListener("click", () => choose(value));
    return button;
  });
  const row = element("div", "net-segmented", ...buttons);
  const node = element("div", "net-choice", label ? element("span", "", label) : null, row);
  node.setAttribute("role", "group");
  if (label) node.setAttribute("aria-label", label);
  return {
    node,
    set: (view) => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === chosen(view)))),
  };
}
