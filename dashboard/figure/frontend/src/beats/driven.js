// What drawings do alike that beats drive: they follow the pointer, keep the focus, and begin a beat where it was left.

/** @import { Context } from "../../types/figure.ts" */

import { stepInAddress } from "../address.js";
import { focusedBeside } from "../dom.js";

/**
 * Pressing and dragging on a drawing.
 * @param {HTMLElement | SVGElement} drawing
 * @param {(event: PointerEvent) => void} follow where the pointer is
 * @param {(event: PointerEvent) => boolean | void} begins what a press does first; false where there is nothing to follow
 */
export function followPointer(drawing, follow, begins) {
  const press = (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || begins(event) === false) return;
    drawing.setPointerCapture(event.pointerId);
    follow(event);
  };
  const move = (/** @type {PointerEvent} */ event) => drawing.hasPointerCapture(event.pointerId) && follow(event);
  drawing.addEventListener("pointerdown", /** @type {EventListener} */ (press));
  drawing.addEventListener("pointermove", /** @type {EventListener} */ (move));
}

/**
 * What hides or replaces the control that has the focus gives it to the bar.
 * @param {HTMLElement[]} parts of the drawing
 * @param {HTMLElement} bar
 * @param {() => void} work
 */
export function keepFocus(parts, bar, work) {
  const focused = focusedBeside(bar);
  const held = focused !== null && parts.some((part) => part.contains(focused));
  work();
  if (!held || (focused.isConnected && !focused.closest("[hidden]"))) return;
  [...bar.querySelectorAll("button")].find((button) => !button.closest("[hidden]"))?.focus({ preventScroll: true });
}

/**
 * What the learner had chosen within a beat when its drawing was last made; null where the beat is gone to anew, or
 * another one was left.
 * @template {{stage: string}} Chosen
 * @param {Context} context
 * @param {string} name
 * @param {string} stage
 * @param {boolean} entered
 * @returns {Partial<Chosen> | null}
 */
export function leftAt(context, name, stage, entered) {
  const kept = /** @type {Partial<Chosen>} */ (context.recall(name));
  return !entered && kept.stage === stage ? kept : null;
}

/**
 * Look at a beat's step: when it is gone to, and when the page opens with it, nothing was left there, and the address
 * names none.
 * @param {Context} context
 * @param {number | undefined} step
 * @param {{entered: boolean, left: boolean}} how
 */
export function lookAt(context, step, { entered, left }) {
  if (step && (entered || (!left && stepInAddress() === undefined))) context.setStep(step);
}
