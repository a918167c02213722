// Keyboard and pointer of the whole figure.

import { targetOf } from "./dom.js";

/** @param {import("./figure.js").Figure} figure */
export function onKeys(figure) {
  figure.root.addEventListener("keydown", (event) => {
    const { page } = figure;
    if (event.altKey || event.ctrlKey || event.metaKey || !figure.data?.cursor || !page) return;
    const { t } = figure.cursor;
    const target = targetOf(event);
    if (target.closest("select, input:not([type=range]), .scroller, .as-table")) return;
    const own = target.closest("input") !== null; // a slider takes the arrows itself
    const step = (/** @type {Record<string, number | undefined>} */ ({ ArrowLeft: t - 1, ArrowRight: t + 1, Home: 1, End: figure.data.T }))[event.key];
    if (step !== undefined && !own) {
      page.stop();
      figure.setStep(step);
    } else if (page.turn && (event.key === "n" || event.key === "p")) {
      page.turn(event.key === "n" ? 1 : -1);
    } else if (event.key === " " && !target.closest("button")) {
      page.toggle();
    } else {
      return;
    }
    event.preventDefault();
  });
}

/**
 * A press or drag anywhere in the time area scrubs; a press on a row or a unit column chooses the unit.
 * @param {import("./figure.js").Figure} figure
 */
export function onPointer(figure) {
  const { root } = figure;
  /** @type {number | null} */
  let dragging = null;

  root.addEventListener("pointerdown", (event) => {
    const { page } = figure;
    if (event.button !== 0 || !figure.data?.cursor || !page) return;
    const target = targetOf(event);
    const unit = page.unitUnder(event, target);
    if (unit !== null) figure.setUnit(unit);
    if (!target.closest("[data-time]")) return;
    dragging = event.pointerId;
    page.stop();
    page.focus();
    figure.tooltip.hide();
    root.setPointerCapture(event.pointerId);
    figure.setStep(page.stepUnder(event), { dragging: true });
    event.preventDefault();
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerId === dragging && figure.page) figure.setStep(figure.page.stepUnder(event), { dragging: true });
  });
  /** @param {PointerEvent} event */
  const end = (event) => {
    if (event.pointerId !== dragging) return;
    dragging = null;
    root.classList.remove("dragging");
  };
  root.addEventListener("pointerup", end);
  root.addEventListener("pointercancel", end);
}
