// The uses of W_h as dots on the wire into each state: the nudged one is dragged up and down, as a slider.

import { element, placed } from "../../dom.js";
import { rich } from "../../rich.js";
import { draggable } from "./drag.js";
import { nudgeText } from "./write.js";

/**
 * @param {import("./data.js").Decoded} data
 * @param {import("./layout.js").Place} at
 * @param {number} t
 * @param {{use: (t: number) => void, nudge: (n: number) => void}} told
 */
export function createHandle(data, at, t, { use, nudge }) {
  const dot = placed(element("button", "back-handle"), at.use(t) - 13, at.middle - 13, 26, 26);
  dot.type = "button";
  const label = placed(element("span", "back-tag"), Math.max(26, at.use(t)), at.middle - 46);
  const name = placed(element("span", "back-tag-name"), Math.max(at.left(t) + 3, at.use(t) - 30), at.middle - 72);
  /** @type {import("./view.js").View | null} */
  let view = null;
  const begin = () => view && view.show.use !== 0 && use(t);
  draggable(dot, () => (view?.show.scene === "nudge" ? view : null), { begin, nudge });
  dot.addEventListener("click", begin); // by keyboard

  /** @param {import("./view.js").View} next */
  function set(next) {
    view = next;
    const { show, nudge: now, known, entry } = next;
    const nudging = show.scene === "nudge";
    const mine = nudging && (now.use === t || now.use === 0);
    dot.hidden = !nudging;
    dot.disabled = !known && show.asked === t;
    dot.classList.toggle("mine", mine);
    dot.setAttribute("role", "slider");
    dot.setAttribute("aria-orientation", "vertical");
    dot.setAttribute("aria-label", `W_h[${entry.join(",")}] at step ${t}`);
    dot.setAttribute("aria-valuemin", String(now.found.by[now.least]));
    dot.setAttribute("aria-valuemax", String(now.found.by[now.found.by.length - 1]));
    dot.setAttribute("aria-valuenow", String(mine ? now.by : 0));
    dot.setAttribute("aria-valuetext", nudgeText(mine ? now.by : 0));
    label.hidden = !nudging || now.use !== t;
    name.hidden = label.hidden;
    label.textContent = nudgeText(now.by);
    name.replaceChildren(rich([{ math: "W_h" }, `[${entry.join(",")}]`]));
  }

  return { set, nodes: [dot, label, name] };
}
