// The bar above the drawing: what a beat lets one do. Play and its stops, bookmarks, updates, or limits.

/** @import { ProductData } from "../../../types/payload.ts" */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Chosen} Chosen */

import { createChangingBar, createPlay, createSpeed, createState, segmented, waits } from "../../beats/controls.js";
import { element } from "../../dom.js";
import { rich } from "../../rich.js";
import { nameOf } from "./grid.js";

const STOPS = 10; // steps between two stops of the walk

/**
 * @param {ProductData} data
 * @param {{choose(change: Partial<Chosen>): void, play(): void, motion: ReturnType<typeof import("../../beats/motion.js").createMotion>}} acts
 */
export function createBar(data, { choose, play, motion }) {
  /**
   * @param {View} at
   * @returns {[Node[], (view: View) => void]}
   */
  function walk(at) {
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
    const state = createState();
    return [
      [createPlay(play), element("div", "net-stops", ...buttons), createSpeed(motion), element("div", "net-key", state.node)],
      (view) => {
        state.set(one || view.known ? "" : `${T - Math.ceil(view.reached)} of ${T} steps walked; answer, then the rest`);
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
    const count = createState();
    let last = /** @type {View | null} */ (null);
    take.addEventListener("click", () => last && !waits(take) && choose({ taken: last.chosen.taken + 1 }));
    again.addEventListener("click", () => choose({ taken: 0 }));
    const about = element("div", "net-key", element("span", "", rich(["a new network: 16 ReLU units; ", { math: "W_h" }, ` starts as the identity matrix; learning rate ${data.failing.rate}`])));
    return [
      [take, again, count.node, about],
      (view) => {
        last = view;
        const most = view.known ? data.failing.broken : data.failing.broken - 1;
        const { taken } = view.chosen;
        take.textContent = "Take the update";
        take.setAttribute("aria-disabled", String(taken >= most));
        count.set(`${taken} taken${!view.known && taken >= most ? ": now the question" : ""}`);
      },
    ];
  }

  /** @returns {[Node[], (view: View) => void]} */
  function limits() {
    const { norms, values, rate } = data.clipping;
    const norm = segmented("norm", "Limit of the norm", norms.map(({ limit }, k) => [String(k), limit]), (k) => choose({ norm: Number(k) }));
    const value = segmented("value", "Limit of each entry", values.map(({ limit }, k) => [String(k), `±${limit}`]), (k) => choose({ value: Number(k) }));
    return [
      [element("div", "pr-limit", element("span", "", element("span", "pr-long", "Limit of the "), "norm"), norm.node), element("div", "pr-limit", element("span", "", element("span", "pr-long", "of each "), "entry"), value.node), element("div", "net-key", element("span", "", `one tanh unit, 5 weights; learning rate ${rate}`))],
      (view) => {
        norm.mark(String(view.chosen.norm));
        value.mark(String(view.chosen.value));
        norm.lock((_, k) => !view.known && k === norms.length - 1);
      },
    ];
  }

  const kinds = { step: walk, walk, build: marks, inputs: marks, radius: marks, explode: updates, clip: limits };
  return createChangingBar("pr-bar", (/** @type {View} */ { stage, known }) => `${stage} ${known}`, (view) => kinds[view.stage](view));
}
