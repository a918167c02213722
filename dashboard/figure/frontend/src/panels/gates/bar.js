// The bar above the drawing: play, the word, speed, the unit that is followed; or the one thing that a beat lets one move.

/** @import { GatesData } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Chosen} Chosen */

import { element, icon } from "../../dom.js";
import { rich } from "../../rich.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const SPEEDS = /** @type {const} */ ([["0.5", "½×"], ["1", "1×"], ["2", "2×"]]);

/**
 * @param {GatesData} data
 * @param {{choose(change: Partial<Chosen>): void, go(t: number): void, play(): void, motion: ReturnType<typeof import("../product/motion.js").createMotion>}} acts
 */
export function createBar(data, { choose, go, play, motion }) {
  const node = element("div", "net-bar-row beat-bar gt-bar");
  let made = "";
  /** @type {(view: View) => void} */
  let mark = () => {};

  /** @param {View} view */
  function set(view) {
    const kind = view.stage === "bias" || view.stage === "explode" ? view.stage : view.mapped ? "maps" : "two";
    if (kind !== made) {
      made = kind;
      node.className = `net-bar-row beat-bar gt-bar ${kind}`;
      const focused = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (node.getRootNode()).activeElement)?.dataset?.name;
      const [nodes, marking] = kind === "bias" ? bias() : kind === "explode" ? gains() : words(kind === "maps");
      node.replaceChildren(...nodes);
      mark = marking;
      if (focused) /** @type {HTMLElement | null} */ (node.querySelector(`[data-name="${focused}"]`))?.focus({ preventScroll: true });
    }
    mark(view);
  }

  /**
   * @param {boolean} maps whether a unit can be followed
   * @returns {[Node[], (view: View) => void]}
   */
  function words(maps) {
    const start = element("button", "round primary", icon(PLAY, 16));
    start.type = "button";
    start.dataset.name = "play";
    start.setAttribute("aria-label", "Play");
    start.addEventListener("click", play);
    const word = slider("Word", 1, data.words.length, (value) => {
      go(value);
      mark(last);
    });
    const number = element("span", "gt-number");
    const speed = segmented("speed", "Speed", SPEEDS, (value) => {
      motion.speed = Number(value);
      mark(last);
    });
    const { H } = data.network;
    const unit = segmented("unit", "Unit", [...Array.from({ length: H }, (_, k) => /** @type {const} */ ([String(k), String(k)])), ["all", "all"]], (value) => choose({ unit: value === "all" ? H : Number(value) }));
    const more = element("button", "text-button gt-more", element("span", "gt-long", "More maps: "), "i, o, g");
    more.type = "button";
    more.dataset.name = "more";
    more.setAttribute("aria-label", "More maps: i, o, g");
    more.addEventListener("click", () => choose({ more: !last.chosen.more }));
    /** @type {View} */
    let last;
    const key = maps ? [element("div", "gt-pick", element("span", "gt-unit", "unit"), unit.node), element("div", "net-key", more)] : [element("div", "net-key", element("span", "", "all units together"))];
    return [
      [start, element("div", "gt-walk", word, number), element("div", "gt-speed", speed.node), ...key],
      (view) => {
        last = view;
        word.value = String(view.t);
        word.setAttribute("aria-valuetext", `${view.t}, ${data.words[view.t - 1]}`);
        number.textContent = `${view.t} of ${data.words.length}`;
        speed.mark(String(motion.speed));
        unit.mark(view.all ? "all" : String(view.unit));
        unit.lock(view.parted ? null : "all");
        more.setAttribute("aria-pressed", String(view.chosen.more));
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function bias() {
    const { values, open } = data.bias;
    /** @type {View} */
    let last;
    const drag = slider("Forget bias", 0, values.length - 1, (value) => {
      choose({ bias: last.known ? value : Math.min(value, open) });
      mark(last);
    });
    const shown = element("strong", "gt-number");
    const state = element("span", "");
    state.setAttribute("role", "status");
    return [
      [element("span", "gt-name", rich(["forget bias ", { math: "b" }])), drag, shown, element("div", "net-key", state)],
      (view) => {
        last = view;
        drag.value = String(view.chosen.bias);
        drag.setAttribute("aria-valuetext", String(values[view.chosen.bias]));
        shown.textContent = String(values[view.chosen.bias]);
        state.textContent = view.known ? `${data.bias.H} fresh units, seed ${data.bias.seed}` : `up to ${values[open]}; answer, then the rest`;
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function gains() {
    const { gains: factors, H, seed } = data.explode;
    const gain = segmented("gain", "W_h times", factors.map((factor, k) => [String(k), String(factor)]), (value) => choose({ gain: Number(value) }));
    const state = element("span", "");
    state.setAttribute("role", "status");
    return [
      [element("span", "gt-name", rich([{ math: "W_h" }, " times"])), gain.node, element("div", "net-key", state)],
      (view) => {
        gain.mark(String(view.chosen.gain));
        gain.lock(view.known ? null : "*");
        state.textContent = view.known ? `${H} fresh units, seed ${seed}` : "as drawn; answer, then the rest";
      },
    ];
  }

  return { node, set };
}

/**
 * @param {string} label
 * @param {number} least
 * @param {number} most
 * @param {(value: number) => void} chosen
 */
function slider(label, least, most, chosen) {
  const input = element("input", "net-slider");
  input.type = "range";
  input.min = String(least);
  input.max = String(most);
  input.dataset.name = label;
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => chosen(Number(input.value)));
  // Its arrows move it, and the figure's cursor through it.
  input.addEventListener("keydown", (event) => event.key !== "Tab" && event.key !== "n" && event.key !== "p" && event.stopPropagation());
  return input;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} choose
 */
function segmented(name, label, options, choose) {
  const buttons = options.map(([value, text]) => {
    const button = element("button", "net-segment", text);
    button.type = "button";
    button.dataset.name = `${name} ${value}`;
    button.dataset.value = value;
    button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && choose(value));
    return button;
  });
  const node = element("div", "net-segmented", ...buttons);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", label);
  return {
    node,
    /** @param {string} value */
    mark(value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
    /** @param {string | null} value of the option that waits; "*" for all but the first, null for none */
    lock(value) {
      buttons.forEach((button, k) => button.setAttribute("aria-disabled", String(value === "*" ? k > 0 : button.dataset.value === value)));
    },
  };
}
