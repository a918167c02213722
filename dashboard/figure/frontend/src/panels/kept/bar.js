// The bar above the drawing: Play and the words read, the words in between, or the learning rate.

/** @import { KeptData } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Chosen} Chosen */

import { createPlay, createSpeed, segmented, waits } from "../../beats/controls.js";
import { element } from "../../dom.js";
import { WALKED } from "./view.js";

/**
 * @param {KeptData} data
 * @param {{choose(change: Partial<Chosen>): void, read(t: number): void, play(): void, motion: ReturnType<typeof import("../../beats/motion.js").createMotion>}} acts
 */
export function createBar(data, { choose, read, play, motion }) {
  const stops = data.words.map((word, k) => {
    const stop = element("button", "net-stop", String(k + 1));
    stop.type = "button";
    stop.setAttribute("aria-label", `Read up to word ${k + 1}, “${word}”`);
    stop.addEventListener("click", () => waits(stop) || read(k + 1));
    return stop;
  });
  const walk = element("div", "kp-acts", createPlay(play), element("div", "net-stops", ...stops), createSpeed(motion));
  const other = createNames(data, choose);
  const gap = segmented("gap", "Words in between", data.nudges.map((of) => /** @type {[string, string]} */ ([String(of.gap), String(of.gap)])), (value) => choose({ gap: Number(value) }));
  const between = element("div", "kp-acts", element("span", "kp-label", "words in between"), gap.node);
  const rate = segmented("rate", "Learning rate", [["-1", "best of each"], ...data.rates.map((text, k) => /** @type {[string, string]} */ ([String(k), text]))], (value) => choose({ rate: Number(value) }));
  const rates = element("div", "kp-acts", element("span", "kp-label", "learning rate"), rate.node);
  const about = element("span", "");
  const node = element("div", "net-bar-row beat-bar kp-bar-row", walk, other.node, between, rates, element("div", "net-key", about));

  /** @param {View} view */
  function set(view) {
    const { stage, chosen } = view;
    const walked = WALKED.includes(stage);
    walk.hidden = !walked;
    other.node.hidden = stage !== "swap" && stage !== "left";
    between.hidden = stage !== "nudge";
    rates.hidden = stage !== "starts";
    stops.forEach((stop, k) => {
      const t = k + 1;
      stop.classList.toggle("done", t <= view.reached);
      if (t === view.t) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
      stop.setAttribute("aria-disabled", String(t > view.open));
    });
    other.mark(chosen.other);
    gap.mark(String(chosen.gap));
    rate.mark(String(chosen.rate));
    about.textContent = {
      swap: `bars: mean of the ${data.others.length} names`, left: `bars: mean of the ${data.others.length} names`, split: `a fresh RNN, seed ${data.seed}; mean of ${data.others.length} names`,
      nudge: `${data.H} units each`, gaps: "recall: one of 4 keys; 24 units", starts: "recall: one of 4 keys; 24 units",
    }[stage];
  }

  return { node, set };
}

/**
 * Who stands in the first name's place.
 * @param {KeptData} data
 * @param {(change: Partial<Chosen>) => void} choose
 */
export function createNames(data, choose) {
  const names = segmented("other", "Instead of Krish", data.others.map((name, k) => /** @type {[string, string]} */ ([String(k), name])), (value) => choose({ other: Number(value) }));
  return { node: element("div", "kp-acts kp-names", element("span", "kp-label", "fields: instead of Krish"), names.node), mark: (/** @type {number} */ other) => names.mark(String(other)) };
}
