// The layout of a figure whose panels draw the time axis themselves: finding, panels at full width, foot.

/** @import { FigureData } from "../types/payload.ts" */
/** @import { Mode, Page, TimePanel } from "../types/figure.ts" */

import { element } from "./dom.js";
import { contextOf, createRow } from "./page.js";
import { rich } from "./rich.js";

/**
 * @param {import("./figure.js").Figure} figure
 * @param {Mode} mode
 * @returns {Page}
 */
export function createPlainPage(figure, mode) {
  const context = contextOf(figure, mode);
  const finding = element("p", "finding");
  const foot = element("div", "foot");
  const rows = figure.data.panels.map((data) => createRow(context, data));
  const first = /** @type {TimePanel} */ (rows[0].main);

  /** @param {FigureData} data */
  function update(data) {
    finding.replaceChildren(...(data.finding.length ? [rich(data.finding)] : []));
    finding.hidden = data.finding.length === 0;
    foot.replaceChildren(...data.foot.map((runs) => rich(runs)));
    foot.hidden = data.foot.length === 0;
    data.panels.forEach((part, k) => rows[k].update(part));
  }

  /** @type {Page} */
  const page = {
    nodes: [finding, ...rows.flatMap((row) => row.wide), foot],
    update,
    setCursor: (cursor) => rows.forEach((row) => row.setCursor(cursor)),
    toggle: first.toggle,
    stop: first.stop,
    focus: first.focus,
    stepUnder: first.stepUnder,
    unitUnder: () => null,
    resize: () => rows.forEach((row) => row.resize()),
    destroy() {
      first.stop();
      rows.forEach((row) => row.destroy());
    },
  };
  update(figure.data);
  return page;
}
