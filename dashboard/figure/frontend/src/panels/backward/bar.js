// The bar above the drawing: what a beat lets one do, and what the colours are.

/** @import { Rich } from "../../../types/payload.ts" */

import { element, icon } from "../../dom.js";
import { short } from "../../format.js";
import { rich } from "../../rich.js";
import { choice } from "../network/bar.js";
import { nudgeText } from "./write.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const PAUSE = "M-4 -5.5h3v11h-3zM2 -5.5h3v11h-3z";
const RATES = [0.5, 1, 2];
const RATE_NAMES = ["½×", "1×", "2×"];
const MANY = 5;

/** @typedef {import("./data.js").Decoded} Decoded */
/** @typedef {import("./view.js").Chosen} Chosen */
/** @typedef {import("./view.js").View} View */
/** @typedef {{node: Node, set: (view: View) => void}} Control */
/**
 * @typedef {object} Told
 * @property {(change: Partial<Chosen>) => void} choose
 * @property {(n: number) => void} nudge to a place of the grid
 * @property {(reached: number) => void} go to a step, or beyond the last one to the losses
 * @property {() => void} toggle
 * @property {ReturnType<typeof import("../network/motion.js").createMotion>} motion
 */

/**
 * @param {Told} told
 * @param {import("../../../types/figure.ts").Mode} mode but on a desktop what the colours are stands below the drawing
 */
export function createBar(told, mode) {
  const [phone, below] = [mode === "phone", mode !== "desktop"];
  const controls = element("div", "net-controls");
  const key = element("div", below ? "back-key" : "net-key");
  const node = element("div", "net-bar-row beat-bar", controls, below ? null : key);
  let made = "";
  /** @type {Control | null} */
  let control = null;

  /**
   * @param {View} view
   * @param {Decoded} data
   * @param {boolean} all whether all steps are in sight
   */
  function set(view, data, all) {
    const { scene, use } = view.show;
    const opened = Boolean(view.show.opened) && all;
    const inputs = (view.presses?.x ?? []).map((x) => `[${x[0].map((value) => short(value)).join(", ")}]`);
    const name = JSON.stringify([scene, use === 0, view.walks, opened, data.T, view.nudge.found.by, view.nudge.least, inputs]);
    if (name !== made) {
      made = name;
      control = scene === "nudge" ? createNudge(view, told, phone) : view.presses ? createUpdates(inputs, told, phone) : opened ? createPress() : createStops(view, data, told, phone);
      controls.replaceChildren(control.node);
      key.replaceChildren(...keysOf(view, data));
    }
    control?.set(view);
  }

  return { node, key, set };
}

/**
 * @param {View} view
 * @param {Decoded} data
 */
function keysOf(view, data) {
  /** @type {[role: string, text: Rich][]} */
  const keys = view.show.scene === "nudge" ? [["moved", ["changed by the nudge"]]] : [["own", ["own loss, down through ", { math: "W_y" }]], ["grad", ["future, from the next step"]]];
  const alpha = view.presses ? [element("span", "", rich(["learning rate ", { math: "α" }, ` = ${short(data.alpha)}`]))] : [];
  return alpha.length ? alpha : keys.map(([role, text]) => element("span", "", element("i", `swatch ${role}`), rich(text)));
}

/**
 * @param {string} name
 * @param {string} text
 * @param {() => void} act
 */
function button(name, text, act) {
  const node = element("button", name, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

/**
 * @param {View} view
 * @param {Told} told
 * @param {boolean} phone
 * @returns {Control}
 */
function createNudge(view, { nudge }, phone) {
  const { found, least } = view.nudge;
  const slider = element("input", "net-slider");
  slider.type = "range";
  slider.min = String(least);
  slider.max = String(found.by.length - 1);
  slider.setAttribute("aria-label", "Nudge");
  slider.addEventListener("input", () => nudge(Number(slider.value)));
  const value = element("output", "back-nudge");
  const words = view.show.use === 0 ? "Turn the knob, or drag any dot" : "Drag the dark dot on the wire, or this slider";
  return {
    node: element("div", "back-nudging", phone ? null : element("span", "", words), slider, value, button("text-button", "Reset", () => nudge(found.zero))),
    set({ nudge: { n, by } }) {
      slider.value = String(n);
      slider.setAttribute("aria-valuetext", nudgeText(by));
      value.textContent = nudgeText(by);
    },
  };
}

/** @returns {Control} */
function createPress() {
  return { node: element("div", "net-walk", element("span", "", rich(["Press an entry of ", { math: "∂L/∂W_h", role: "grad" }, " below: every step shows its share."]))), set: () => undefined };
}

/**
 * Play, the losses and the steps as stops on a line, and the speed.
 * @param {View} view
 * @param {Decoded} data
 * @param {Told} told
 * @param {boolean} phone
 * @returns {Control}
 */
function createStops({ walks }, data, { go, toggle, motion }, phone) {
  const play = button("round primary", "", toggle);
  const steps = Array.from({ length: data.T }, (_, k) => data.T - k);
  const stops = [...(walks ? [data.T + 1] : []), ...steps].map((t) => {
    const stop = button("net-stop", "", () => go(t));
    stop.append(t > data.T ? rich([{ math: "L" }]) : String(t));
    stop.setAttribute("aria-label", t > data.T ? "The losses" : `Step ${t}`);
    return { t, stop };
  });
  const speed = choice("", Object.fromEntries(RATE_NAMES.map((name, k) => [String(k), name])), (value) => motion.setRate(RATES[Number(value)]), () => String(RATES.indexOf(motion.rate)));
  speed.node.setAttribute("aria-label", "Speed");
  const line = element("div", "net-stops back-stops", ...stops.map(({ stop }) => stop));
  return {
    node: element("div", "net-walk", ...(walks ? [play] : [element("span", "", "Step")]), line, ...(walks && !(phone && data.T > 4) ? [speed.node] : [])),
    set(view) {
      play.replaceChildren(icon(motion.playing ? PAUSE : PLAY, 16));
      play.setAttribute("aria-label", motion.playing ? "Pause" : "Play");
      play.disabled = view.waits && !motion.playing;
      for (const { t, stop } of stops) {
        const at = view.walks ? view.reached : view.t;
        stop.classList.toggle("done", view.walks && t > at);
        if (t === at) stop.setAttribute("aria-current", "step");
        else stop.removeAttribute("aria-current");
      }
      speed.set(/** @type {never} */ (undefined));
    },
  };
}

/**
 * @param {string[]} inputs the first one of each sequence
 * @param {Told} told
 * @param {boolean} phone
 * @returns {Control}
 */
function createUpdates(inputs, { choose }, phone) {
  /** @type {View | null} */
  let last = null;
  const press = (/** @type {number} */ times) => last && choose({ taken: Math.min(last.most, last.taken + times) });
  const once = button("text-button primary", phone ? "Update" : "Take the update", () => press(1));
  const often = button("text-button", `×${MANY}`, () => press(MANY));
  often.setAttribute("aria-label", `Take ${MANY} updates`);
  const taken = element("span", "back-taken");
  const again = button("text-button", phone ? "Again" : "Start again", () => choose({ taken: 0 }));
  const which = choice("", Object.fromEntries(inputs.map((name, k) => [String(k), name])), (value) => choose({ sequence: value === "1" ? 1 : 0 }), () => String(last?.sequence ?? 0));
  which.node.setAttribute("aria-label", "First input");
  if (!phone) which.node.prepend(rich([{ math: "x_1" }]));
  return {
    node: element("div", "back-updates", once, often, ...(phone ? [] : [taken]), again, which.node),
    set(view) {
      last = view;
      const over = view.taken >= view.most;
      for (const node of [once, often]) node.disabled = over;
      taken.textContent = `${view.taken} taken${over ? (view.known ? ", the last" : ": answer first") : ""}`;
      which.set(/** @type {never} */ (undefined));
    },
  };
}
