// Before and after a mend, side by side: two layouts of the same panels, one step through both.

/** @import { FigureData } from "../types/payload.ts" */
/** @import { Cursor, Page } from "../types/figure.ts" */

import { createDoctor } from "./doctor.js";
import { element } from "./dom.js";
import { geometry } from "./geometry.js";
import { createPage } from "./page.js";

const BETWEEN = 32; // px

/**
 * @param {import("./figure.js").Figure} figure
 * @returns {Page}
 */
export function createPair(figure) {
  const doctor = createDoctor(figure);
  const halves = [createHalf(figure, "Before", () => figure.dataOf("before")), createHalf(figure, "After", () => figure.dataOf("after"))];
  const [before, after] = halves;

  /** @param {Event} event */
  const under = (event) => halves.find((half) => event.composedPath().includes(half.node)) ?? after;
  let held = after; // a drag goes on in the half in which it began
  doctor.update(figure.data.doctor);

  return {
    nodes: [doctor.node, element("div", "pair", before.node, after.node)],
    update(data) {
      doctor.update(data.doctor);
      halves.forEach((half) => half.update());
    },
    setCursor: (cursor) => halves.forEach((half) => half.setCursor(cursor)),
    toggle: before.page.toggle,
    stop: before.page.stop,
    focus: before.page.focus,
    stepUnder(event) {
      if (event.type === "pointerdown") held = under(event);
      return held.page.stepUnder(event);
    },
    unitUnder: (event, target) => under(event).page.unitUnder(event, target),
    resize: () => halves.forEach((half) => half.resize()),
    destroy: () => halves.forEach((half) => half.page.destroy()),
  };
}

/**
 * @param {import("./figure.js").Figure} figure
 * @param {string} name
 * @param {() => FigureData} read
 */
function createHalf(figure, name, read) {
  const root = element("section", "half");
  root.setAttribute("aria-label", name);
  /** @type {FigureData} */
  let data;
  const take = () => (data = { ...read(), doctor: null });
  /** @param {Cursor} cursor */
  const within = ({ t, unit }) => ({ t: Math.min(t, data.T), unit: Math.min(unit, Math.max(1, data.H)) });
  take();
  /** @type {import("./figure.js").Figure} */
  const own = Object.create(figure, {
    root: { value: root },
    data: { get: () => data },
    cursor: { get: () => within(figure.cursor) },
    geometry: { get: () => geometry(Math.floor((figure.width - BETWEEN) / 2), "middle", data) },
  });
  const page = createPage(own, "middle");
  root.append(element("p", "half-name", name), ...page.nodes);
  return {
    node: root,
    page,
    update: () => page.update(take()),
    /** @param {Cursor} cursor */
    setCursor: (cursor) => page.setCursor(within(cursor)),
    resize: page.resize,
  };
}
