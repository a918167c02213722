// The layout of a figure whose cursor goes through the stages of an algorithm: stepper, then its panels at full width.

/** @import { FigureData } from "../types/payload.ts" */
/** @import { Mode, Page, Cursor } from "../types/figure.ts" */

import { element } from "./dom.js";
import { contextOf, createRow } from "./page.js";
import { rich } from "./rich.js";
import { createStepper } from "./stepper.js";

/**
 * @param {import("./figure.js").Figure} figure
 * @param {Mode} mode
 * @returns {Page}
 */
export function createStepperPage(figure, mode) {
  const context = contextOf(figure, mode);
  const phone = mode === "phone";
  const stepper = createStepper(context, figure.data.stages ?? []);
  const finding = element("p", "finding");
  const foot = element("div", "foot");
  const panels = figure.data.panels.map((data) => createRow(context, data));
  const dockName = element("span", "dock-name");
  const dock = phone ? element("div", "dock", dockName, stepper.buttons) : null;
  if (!phone) stepper.node.append(stepper.buttons);

  /** @param {FigureData} data */
  function update(data) {
    finding.replaceChildren(...(data.finding.length ? [rich(data.finding)] : []));
    finding.hidden = data.finding.length === 0;
    foot.replaceChildren(...data.foot.map((runs) => rich(runs)));
    foot.hidden = data.foot.length === 0;
    data.panels.forEach((part, k) => panels[k].update(part));
  }

  /** @param {Cursor} cursor */
  function setCursor(cursor) {
    stepper.setCursor(cursor);
    dockName.replaceChildren(element("strong", "", context.tokens[cursor.t - 1]));
    panels.forEach((panel) => panel.setCursor(cursor));
  }

  /** @type {Page} */
  const page = {
    nodes: [finding, stepper.node, ...panels.flatMap((panel) => panel.wide), foot, ...(dock ? [dock] : [])],
    update,
    setCursor,
    toggle: stepper.toggle,
    stop: stepper.stop,
    focus: stepper.focus,
    stepUnder: () => context.cursor.t,
    unitUnder: () => null,
    resize: () => panels.forEach((panel) => panel.resize()),
    destroy() {
      stepper.stop();
      panels.forEach((panel) => panel.destroy());
    },
  };
  update(figure.data);
  return page;
}
