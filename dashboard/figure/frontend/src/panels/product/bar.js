// The bar above the drawing: what a beat lets one do. Play and its stops, bookmarks, updates, or limits.

/** @import { ProductData } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Chosen} Chosen */

import { element, icon } from "../../dom.js";
import { rich } from "../../rich.js";
import { waits } from "./controls.js";
import { nameOf } from "./grid.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const SPEEDS = /** @type {const} */ ([[0.5, "½×"], [1, "1×"], [2, "2×"]]);
const STOPS = 10; // steps between two stops of the walk

/**
 * @param {ProductData} data
 * @param {{choose(change: Partial<Chosen>): void, play(): void, motion: ReturnType<typeof import("./motion.js").createMotion>}} acts
 */
export function createBar(data, { choose, play, motion }) {
  const node = element("div", "net-bar-row beat-bar pr-bar");
  let made = "";
  /** @type {(view: View) => void} */
  let mark = () => {};

  /** @param {View} view */
  function set(view) {
    const name = `${view.stage} ${view.known}`;
    if (name !== made) {
      made = name;
      const focused = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (node.getRootNode()).activeElement)?.dataset?.name;
      const kind = { step: walk, walk, build: marks, inputs: marks, radius: marks, explode: updates, clip: limits }[view.stage];
      const [nodes, marking] = kind(view);
      node.replaceChildren(...nodes);
      mark = marking;
      if (focused) /** @type {HTMLElement | null} */ (node.querySelector(`[data-name="${focused}"]`))?.focus({ preventScroll: true });
    }
    mark(view);
  }

  /**
   * @param {View} at
   * @returns {[Node[], (view: View) => void]}
   */
  function walk(at) {
    const go = element("button", "round primary", icon(PLAY, 16));
    go.type = "button";
    go.dataset.name = "play";
    go.setAttribute("aria-label", "Play");
    go.addEventListener("click", play);
    const T = data.T;
    const one = at.stage === "step";
    const stops = one ? ["arrives", "slopes", "W_h"] : Array.from({ length: T / STOPS + 1 }, (_, k) => String(T - k * STOPS));
    const buttons = stops.map((stop, k) => {
      const button = element("button", "net-stop pr-stop", one && k === 2 ? rich([{ math: "W_h" }]) : stop);
      button.type = "button";
      button.dataset.name = stop;
      button.setAttribute("aria-label", one ? ["What arrives", "After the slopes", "After W_h"][k] : `Walked to h_${stop}`);
      button.addEventListener("click", () => waits(button) || choose(one ? { phase: k + 1 } : { reached: Number(stop) }));
      return button;
    });
    const speed = segmented("speed", SPEEDS.map(([value, text]) => [String(value), text]), (value) => {
      motion.speed = Number(value);
      mark(last);
    });
    let last = at;
    const state = element("span", "");
    state.setAttribute("role", "status");
    return [
      [go, element("div", "net-stops", ...buttons), speed.node, element("div", "net-key", state)],
      (view) => {
        last = view;
        speed.mark(String(motion.speed));
        const words = one || view.known ? "" : `${T - Math.ceil(view.reached)} of ${T} steps walked; answer, then the rest`;
        if (state.textContent !== words) state.textContent = words;
        buttons.forEach((button, k) => {
          const place = one ? k + 1 : T - k * STOPS;
          const now = one ? Math.ceil(view.chosen.phase) === place : Math.ceil(view.reached / STOPS) * STOPS === place;
          button.setAttribute("aria-pressed", String(now));
          button.setAttribute("aria-disabled", String(!one && !view.known && place < view.reached));
        });
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function marks() {
    const names = new Map(data.activations.map(({ name, label }) => [name, label]));
    const buttons = data.bookmarks.map(({ title, short, at }, k) => {
      const made_ = rich([{ math: "ρ" }, ` ${at.radius} · inputs ${at.inputs} · ${names.get(at.activation)}${at.shape === "chain" ? " · chain" : ""}`]);
      const button = element("button", "pr-mark", element("i", "", String(k + 1)), element("b", "", title), element("em", "", short), element("span", "", made_));
      button.type = "button";
      button.dataset.name = `mark ${k}`;
      button.setAttribute("aria-label", `Bookmark ${k + 1}: ${title}`);
      button.addEventListener("click", () => waits(button) || choose({ at }));
      return button;
    });
    const group = element("div", "pr-marks", ...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Bookmarks");
    return [
      [group],
      (view) => {
        buttons.forEach((button, k) => {
          button.setAttribute("aria-pressed", String(nameOf(data.bookmarks[k].at) === nameOf(view.built.at)));
          button.setAttribute("aria-disabled", String(view.open.length < 4));
        });
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function updates() {
    const take = element("button", "text-button primary");
    take.type = "button";
    take.dataset.name = "take";
    const again = element("button", "text-button", "Start again");
    again.type = "button";
    again.dataset.name = "again";
    const count = element("span", "");
    count.setAttribute("role", "status");
    let last = /** @type {View | null} */ (null);
    take.addEventListener("click", () => last && !waits(take) && choose({ taken: last.chosen.taken + 1 }));
    again.addEventListener("click", () => choose({ taken: 0 }));
    const about = element("div", "net-key", element("span", "", rich(["a new network: 16 ReLU units; ", { math: "W_h" }, ` starts as the identity matrix; learning rate ${data.failing.rate}`])));
    return [
      [take, again, count, about],
      (view) => {
        last = view;
        const most = view.known ? data.failing.broken : data.failing.broken - 1;
        const { taken } = view.chosen;
        take.textContent = "Take the update";
        take.setAttribute("aria-disabled", String(taken >= most));
        count.textContent = `${taken} taken${!view.known && taken >= most ? ": now the question" : ""}`;
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function limits() {
    const { norms, values, rate } = data.clipping;
    const norm = segmented("norm", norms.map(({ limit }, k) => [String(k), limit]), (k) => choose({ norm: Number(k) }), "Limit of the norm");
    const value = segmented("value", values.map(({ limit }, k) => [String(k), `±${limit}`]), (k) => choose({ value: Number(k) }), "Limit of each entry");
    return [
      [element("div", "pr-limit", element("span", "", element("span", "pr-long", "Limit of the "), "norm"), norm.node), element("div", "pr-limit", element("span", "", element("span", "pr-long", "of each "), "entry"), value.node), element("div", "net-key", element("span", "", `one tanh unit, 5 weights; learning rate ${rate}`))],
      (view) => {
        norm.mark(String(view.chosen.norm));
        value.mark(String(view.chosen.value));
        norm.lock(view.known ? -1 : norms.length - 1);
      },
    ];
  }

  return { node, set };
}

/**
 * @param {string} name
 * @param {(readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} choose
 * @param {string} [label]
 */
function segmented(name, options, choose, label = "Speed") {
  const buttons = options.map(([value, text]) => {
    const button = element("button", "net-segment", text);
    button.type = "button";
    button.dataset.name = `${name} ${value}`;
    button.dataset.value = value;
    button.addEventListener("click", () => waits(button) || choose(value));
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
    /** @param {number} place of an option that waits; -1 for none */
    lock(place) {
      buttons.forEach((button, k) => button.setAttribute("aria-disabled", String(k === place)));
    },
  };
}
