// The bar above the drawing: Play, the sub-steps or the words as stops, and the speed.

/** @import { GatedData } from "../../../types/payload.ts" */
/** @import { View } from "./view.js" */

import { element, icon } from "../../dom.js";
import { rich } from "../../rich.js";
import { REACH, SUBSTEPS } from "./view.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const PAUSE = "M-4 -5.5h3v11h-3zM2 -5.5h3v11h-3z";
const SPEEDS = /** @type {const} */ ([[0.25, "¼×"], [0.5, "½×"], [1, "1×"], [2, "2×"]]);
/** @type {Record<string, import("../../../types/payload.ts").Rich>} */
const SYMBOLS = {
  join: [{ math: "x_t" }, ", ", { math: "h_{t-1}", role: "h" }],
  f: [{ math: "f_t" }],
  i: [{ math: "i_t" }],
  g: [{ math: "g_t" }],
  kept: [{ math: "f_t" }, " × ", { math: "c_{t-1}", role: "c" }],
  written: [{ math: "i_t" }, " × ", { math: "g_t" }],
  c: [{ math: "c_t" }],
  o: [{ math: "o_t" }],
  h: [{ math: "h_t" }],
};
const SPOKEN = { join: "The word and the last hidden state", f: "Forget gate", i: "Input gate", g: "Candidate", kept: "f times c", written: "i times g", c: "New cell state", o: "Output gate", h: "Hidden state" };

/**
 * @param {() => GatedData} read
 * @param {{play(): void, turn(by: number): void, stop(sub: number): void, motion: ReturnType<typeof import("./motion.js").createMotion>, changed(): void}} acts
 */
export function createBar(read, acts) {
  const go = element("button", "round primary");
  go.type = "button";
  go.addEventListener("click", acts.play);
  const speeds = SPEEDS.map(([rate, says]) => {
    const button = element("button", "net-segment", says);
    button.type = "button";
    button.addEventListener("click", () => {
      acts.motion.rate = rate;
      acts.changed();
    });
    return button;
  });
  const speed = element("div", "net-segmented gc-speed", ...speeds);
  speed.setAttribute("role", "group");
  speed.setAttribute("aria-label", "Speed");
  const word = element("span", "gc-at");
  const words = element("div", "gc-words", turn("‹", "Word back", -1), word, turn("›", "Word forward", 1));
  const stops = SUBSTEPS.map((name, k) => {
    const button = element("button", "net-stop gc-stop", rich(SYMBOLS[name]));
    button.type = "button";
    button.setAttribute("aria-label", SPOKEN[name]);
    button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && acts.stop(k + 1));
    return button;
  });
  const line = element("div", "net-stops gc-stops", ...stops);
  const key = element("div", "net-key");
  const node = element("div", "net-bar-row beat-bar gc-bar", go, speed, words, line, key);

  /**
   * @param {string} sign
   * @param {string} says
   * @param {number} by
   */
  function turn(sign, says, by) {
    const button = element("button", "round", sign);
    button.type = "button";
    button.setAttribute("aria-label", says);
    button.addEventListener("click", () => acts.turn(by));
    return button;
  }

  /** @param {View} view */
  function set(view) {
    go.replaceChildren(icon(acts.motion.running ? PAUSE : PLAY, 16));
    go.setAttribute("aria-label", acts.motion.running ? "Pause" : "Play");
    speeds.forEach((button, k) => button.setAttribute("aria-pressed", String(SPEEDS[k][0] === acts.motion.rate)));
    word.textContent = `word ${view.t}: ${read().words[view.t - 1]}`;
    const reach = REACH[view.scene];
    const inside = !view.holding && reach.length > 0;
    line.hidden = !inside;
    stops.forEach((stop, k) => {
      stop.hidden = !reach.includes(k + 1);
      stop.classList.toggle("done", view.has(k + 1));
      stop.setAttribute("aria-disabled", String(view.asked === k + 1));
      if (inside && view.sub === k + 1) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
    });
    key.replaceChildren(...(view.held ? [element("span", "", "filled: as held"), element("span", "", "dashed: as computed")] : view.holding ? [element("span", "", "as computed, no gate held")] : []));
  }

  return { node, set };
}
