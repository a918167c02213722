// The weights that are not opened here, W_x and W_y: a knob each at the right, and a thread to every use.

/** @import { NetworkData } from "../../../types/payload.ts" */

import { element, placed, svg } from "../../dom.js";
import { rich } from "../../rich.js";
import { path } from "../unrolled_drawing.js";

/**
 * @param {NetworkData} data
 * @param {import("./layout.js").Layout} at
 * @param {SVGElement} wires
 * @param {(weight: import("./view.js").Weight) => void} press
 */
export function createFar(data, at, wires, press) {
  const rows = [
    { weight: /** @type {const} */ ("W_x"), y: at.inputs, x: at.x },
    { weight: /** @type {const} */ ("W_y"), y: at.outputs, x: at.wire },
  ].map(({ weight, y, x }) => {
    const thread = path("", `net-thread far of-${weight}`);
    wires.prepend(thread);
    const uses = element("span", "");
    const letter = element("span", "");
    const knob = element("button", "net-far", element("span", "net-far-dial"), letter, uses);
    knob.type = "button";
    knob.addEventListener("click", () => press(weight));
    placed(knob, at.phone ? at.width - 44 : at.far - 12, y - 12);
    const beads = weight === "W_x" ? at.steps.map((t) => svg("circle", { cx: x(t), cy: y, r: 3, class: "net-bead net-bead-x" })) : [];
    wires.append(...beads);
    return { weight, y, x, thread, letter, uses, knob };
  });

  /** @param {import("./view.js").View} view */
  function set(view) {
    const read = data.outputs[view.readout].map(({ t }) => t);
    const used = { W_x: Array.from({ length: data.T }, (_, k) => k + 1), W_y: read };
    for (const { weight, y, x, thread, letter, uses, knob } of rows) {
      letter.replaceChildren(rich([{ math: view.chapter && weight === "W_x" ? "W" : weight }]));
      const here = used[weight].filter((t) => at.steps.includes(t));
      const end = at.phone ? at.width : at.far - 3;
      thread.setAttribute("d", here.length ? `M${x(here[0])} ${y}H${end}` : "");
      const count = used[weight].length;
      uses.textContent = at.phone ? "" : count === 1 ? "one use, press" : `${count} uses, press`;
      knob.setAttribute("aria-pressed", String(view.weight === weight));
      knob.setAttribute("aria-label", `${weight}, ${count === 1 ? "one use" : `${count} uses`}: light them`);
      const absent = weight === "W_y" && view.show.vessel !== "losses" && view.pressed !== "W_y"; // no answer is read there
      if (absent) thread.setAttribute("d", "");
      knob.hidden = at.phone || absent;
    }
  }

  return { nodes: rows.map(({ knob }) => knob), set };
}
