// The stages of an algorithm as buttons: groups by name, the stages of a group as pills; back, play and next.

/** @import { StageGroup } from "../types/payload.ts" */
/** @import { Context, Cursor } from "../types/figure.ts" */

import { element } from "./dom.js";
import { rich } from "./rich.js";
import { createTransport } from "./transport.js";

/**
 * @param {Context} context
 * @param {StageGroup[]} groups
 */
export function createStepper(context, groups) {
  const transport = createTransport(context);
  const back = textButton("Back", () => context.setStep(context.cursor.t - 1));
  const next = textButton("Next", () => context.setStep(context.cursor.t + 1));
  const nextName = element("span", "next-name");
  next.classList.add("primary");
  next.append(nextName);
  const buttons = element("div", "step-buttons", transport.play, back, next);
  /** @type {HTMLButtonElement[]} */
  const stages = []; // one button a stage, in order
  const node = element("div", "stepper", element("div", "stages", ...groups.map(group)));
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "Stages");

  /** @param {StageGroup} one */
  function group({ name, pills, role }) {
    if (pills.length === 0) return stage(rich(name), "stage");
    const label = element("span", "stage-name", rich(name));
    const items = pills.map((pill) => stage(rich(pill), `stage pill-stage pill-${role}`));
    return element("div", "stage-group", label, element("div", "stage-pills", ...items));
  }

  /**
   * @param {Node} label
   * @param {string} className
   */
  function stage(label, className) {
    const at = stages.length + 1;
    const button = element("button", className, label);
    button.type = "button";
    button.setAttribute("aria-label", context.tokens[at - 1]);
    button.addEventListener("click", () => context.setStep(at));
    stages.push(button);
    return button;
  }

  /** @param {Cursor} cursor */
  function setCursor({ t }) {
    stages.forEach((button, k) => {
      button.classList.toggle("done", k + 1 < t);
      button.classList.toggle("now", k + 1 === t);
      if (k + 1 === t) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    const last = stages.length;
    back.setAttribute("aria-disabled", String(t <= 1));
    next.setAttribute("aria-disabled", String(t >= last));
    nextName.replaceChildren(t < last ? `: ${short(context.tokens[t])}` : "");
    for (const pills of node.querySelectorAll(".stage-group")) {
      pills.classList.toggle("now", pills.querySelector(".now") !== null);
    }
  }

  return { node, buttons, setCursor, toggle: transport.toggle, stop: transport.stop, focus: () => next.focus({ preventScroll: true }) };
}

/** @param {string} name */
const short = (name) => name.split(", ").at(-1);

/**
 * @param {string} label
 * @param {() => void} act
 */
function textButton(label, act) {
  const button = element("button", "text-button", label);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
