// What stands at the right: L, where the losses add up, and the knobs of W_x and W_y, which fill as that of W_h does.

import { element, placed, svg } from "../../dom.js";
import { number } from "../../format.js";
import { rich } from "../../rich.js";
import { head, path } from "../unrolled_drawing.js";
import { filled } from "./knob.js";
import { changed } from "./write.js";

const SEEN = 5e-7; // a smaller change of a number is none

/**
 * @param {import("./data.js").Decoded} data
 * @param {import("./layout.js").Place} at
 * @param {SVGElement} wires
 */
export function createFar(data, at, wires) {
  const end = at.phone ? at.width : at.far - 6;
  const scored = data.outputs.map(({ t }) => t).filter((t) => at.steps.includes(t));
  const bus = path(scored.length ? `M${at.drop(scored[0])} ${at.bus}H${end}` : "", "back-bus");
  const moved = path("", "back-bus back-moved");
  const tip = at.phone ? svg("g") : head(end + 2, at.bus, "right", "back-tip");
  wires.append(bus, moved, tip);
  const total = element("strong", "");
  const by = element("div", "back-total-by");
  const loss = placed(element("div", "back-total", element("div", "", rich([{ math: "L" }]), " ", total), by), at.far, at.bus - 13, at.width - at.far);
  const rows = [
    { weight: /** @type {const} */ ("W_x"), y: at.inputs, x: at.x },
    { weight: /** @type {const} */ ("W_y"), y: at.outputs, x: at.wire },
  ].map(({ weight, y, x }) => {
    const thread = path(`M${x(at.first)} ${y}H${at.phone ? at.width : at.far - 3}`, "net-thread far");
    wires.prepend(thread);
    if (weight === "W_x") wires.append(...at.steps.map((t) => svg("circle", { cx: x(t), cy: y, r: 3, class: "net-bead net-bead-x" })));
    const level = element("span", "back-level");
    const note = element("span", "back-far-note");
    const node = placed(element("div", "net-far back-far", element("span", "net-far-dial", level), rich([{ math: weight }]), note), at.far - 12, y - 12);
    return { weight, node, level, note };
  });
  if (at.phone) for (const node of [loss, ...rows.map((row) => row.node)]) node.hidden = true;

  /** @param {import("./view.js").View} view */
  function set(view) {
    const { nudge, show, presses } = view;
    const nudging = show.scene === "nudge";
    const change = nudging ? nudge.run.loss - nudge.base.loss : 0;
    const changes = Math.abs(change) > SEEN;
    total.textContent = number(nudging ? nudge.run.loss : view.run.loss);
    by.textContent = { nudge: nudge.hidden ? "?" : changes ? changed(change, 4) : "no change", update: "this sequence alone", walk: data.outputs.length > 1 ? "sum of the losses" : "the last loss" }[show.scene];
    by.classList.toggle("moved", changes);
    const first = nudging ? firstMoved(nudge) : undefined;
    moved.setAttribute("d", first === undefined ? "" : `M${at.drop(first)} ${at.bus}H${end}`);
    tip.classList.toggle("back-moved", first !== undefined);
    for (const { weight, level, note } of rows) {
      const length = lengthOf(view, weight);
      level.style.height = `${Math.round(100 * filled(length))}%`;
      const uses = weight === "W_y" ? data.outputs.length : data.T;
      note.replaceChildren(...(length === null ? [uses === 1 ? "one use" : `${uses} uses`] : [element("span", "", presses ? "both sequences:" : "its gradient:"), element("span", "", `length ${number(length)}`)]));
    }
  }

  /**
   * The first step in sight whose loss the nudge moves.
   * @param {import("./view.js").View["nudge"]} nudge
   */
  function firstMoved({ run, base }) {
    return data.outputs.find(({ t }, k) => at.steps.includes(t) && Math.abs(run.losses[k] - base.losses[k]) > SEEN)?.t;
  }

  /**
   * How long a weight's gradient is by now; null where none of it is there.
   * @param {import("./view.js").View} view
   * @param {"W_x" | "W_y"} weight
   */
  function lengthOf({ show, presses, taken, gradients, shares }, weight) {
    if (presses) return presses.lengths[taken]?.[weight] ?? null;
    const from = weight === "W_y" ? gradients : shares;
    return show.scene === "walk" && show.shares !== undefined && from <= data.T ? data.lengths[weight][from - 1] : null;
  }

  return { nodes: [loss, ...rows.map((row) => row.node)], set };
}
