// The bar above the drawing: play, the word, speed, the unit that is followed; or the one thing that a beat lets one move.

/** @import { GatesData } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Chosen} Chosen */

import { createChangingBar, createPlay, createSpeed, createState, segmented, slider } from "../../beats/controls.js";
import { element } from "../../dom.js";
import { rich } from "../../rich.js";

/**
 * @param {GatesData} data
 * @param {{choose(change: Partial<Chosen>): void, go(t: number): void, play(): void, motion: ReturnType<typeof import("../../beats/motion.js").createMotion>}} acts
 */
export function createBar(data, { choose, go, play, motion }) {
  /**
   * @param {boolean} maps whether a unit can be followed
   * @returns {[Node[], (view: View) => void]}
   */
  function words(maps) {
    const word = slider("net-slider", "Word", 1, data.words.length, go);
    const number = element("span", "gt-number");
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
      [createPlay(play), element("div", "gt-walk", word, number), element("div", "gt-speed", createSpeed(motion)), ...key],
      (view) => {
        last = view;
        word.value = String(view.t);
        word.setAttribute("aria-valuetext", `${view.t}, ${data.words[view.t - 1]}`);
        number.textContent = `${view.t} of ${data.words.length}`;
        unit.mark(view.all ? "all" : String(view.unit));
        unit.lock((value) => !view.parted && value === "all");
        more.setAttribute("aria-pressed", String(view.chosen.more));
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function bias() {
    const { values, open } = data.bias;
    /** @type {View} */
    let last;
    const drag = slider("net-slider", "Forget bias", 0, values.length - 1, (value) => choose({ bias: last.known ? value : Math.min(value, open) }));
    const shown = element("strong", "gt-number");
    const state = createState();
    return [
      [element("span", "gt-name", rich(["forget bias ", { math: "b" }])), drag, shown, element("div", "net-key", state.node)],
      (view) => {
        last = view;
        drag.value = String(view.chosen.bias);
        drag.setAttribute("aria-valuetext", String(values[view.chosen.bias]));
        shown.textContent = String(values[view.chosen.bias]);
        state.set(view.known ? `${data.bias.H} fresh units, seed ${data.bias.seed}` : `up to ${values[open]}; answer, then the rest`);
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function gains() {
    const { gains: factors, H, seed } = data.explode;
    const gain = segmented("gain", "W_h times", factors.map((factor, k) => [String(k), String(factor)]), (value) => choose({ gain: Number(value) }));
    const state = createState();
    return [
      [element("span", "gt-name", rich([{ math: "W_h" }, " times"])), gain.node, element("div", "net-key", state.node)],
      (view) => {
        gain.mark(String(view.chosen.gain));
        gain.lock((_, k) => !view.known && k > 0);
        state.set(view.known ? `${H} fresh units, seed ${seed}` : "its first weights; answer, then the rest");
      },
    ];
  }

  const bar = createChangingBar("gt-bar", kindOf, (/** @type {View} */ view) => {
    const kind = kindOf(view);
    return kind === "bias" ? bias() : kind === "explode" ? gains() : words(kind === "maps");
  });

  /** @param {View} view */
  function set(view) {
    bar.node.dataset.kind = kindOf(view);
    bar.set(view);
  }

  return { node: bar.node, set };
}

/**
 * Which controls it has: for the maps of all units, for two networks, for the bias, for the gain.
 * @param {View} view
 */
const kindOf = ({ stage, mapped }) => (stage === "bias" || stage === "explode" ? stage : mapped ? "maps" : "two");
