// Keyboard and pointer of the whole figure.

export function onKeys(figure) {
  figure.root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !figure.data?.cursor) return;
    const { t } = figure.cursor;
    const target = event.composedPath()[0];
    if (target.closest("select, .scroller, .as-table")) return;
    const step = { ArrowLeft: t - 1, ArrowRight: t + 1, Home: 1, End: figure.data.T }[event.key];
    if (step !== undefined) {
      figure.page.stop();
      figure.setStep(step);
    } else if (event.key === " " && !target.closest("button")) {
      figure.page.toggle();
    } else {
      return;
    }
    event.preventDefault();
  });
}

// A press or drag anywhere in the time area scrubs; a press on a row or a unit column chooses the unit.
export function onPointer(figure) {
  const { root } = figure;
  let dragging = null;

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !figure.data?.cursor) return;
    const target = event.composedPath()[0];
    const unit = figure.page.unitUnder(event, target);
    if (unit !== null) figure.setUnit(unit);
    if (!target.closest("[data-time]")) return;
    dragging = event.pointerId;
    figure.page.stop();
    figure.page.focus();
    figure.tooltip.hide();
    root.setPointerCapture(event.pointerId);
    figure.setStep(figure.page.stepUnder(event), { dragging: true });
    event.preventDefault();
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerId === dragging) figure.setStep(figure.page.stepUnder(event), { dragging: true });
  });
  const end = (event) => {
    if (event.pointerId !== dragging) return;
    dragging = null;
    root.classList.remove("dragging");
  };
  root.addEventListener("pointerup", end);
  root.addEventListener("pointercancel", end);
}
