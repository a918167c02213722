// A gate, opened: its equation, the weights of the chosen unit with what each contributes, and its value for every unit.

/** @import { GateName } from "../../../types/payload.ts" */
/** @import { CellArrays, CellView } from "../../../types/cell.ts" */

import { element, focusedBeside } from "../../dom.js";
import { narrow as number, short } from "../../format.js";
import { rich } from "../../rich.js";
import { createVector, rangeOf } from "./vector.js";

/**
 * @param {CellArrays} data
 * @param {() => void} close
 * @param {(unit: number) => void} chooseUnit
 */
export function createGate(data, close, chooseUnit) {
  const node = element("section", "cell-open");
  node.hidden = true;

  /** @param {CellView} view */
  function set(view) {
    const { t, gate, heldAt } = view;
    const focused = focusedBeside(node);
    const was = node.contains(focused) ? focused?.dataset.focus : null;
    node.hidden = !gate;
    if (!gate) return node.replaceChildren();
    const { name, formulas } = data.gates[gate];
    node.style.setProperty("--k", `var(--u-${gate})`);
    node.setAttribute("aria-label", name);
    const shut = element("button", "text-button", "Close");
    shut.type = "button";
    shut.dataset.focus = "close";
    shut.addEventListener("click", close);
    const held = heldAt(gate);
    const note = held.some ? element("p", "second", `Set to ${short(held.value ?? 0)} by hand at this word${held.all ? "" : " for one unit"}: below stands what it would read.`) : null;
    const head = element("div", "cell-open-head", element("h2", "", name, " ", rich([{ math: `${gate}_${t}` }])), shut);
    const lines = formulas.map((runs) => element("div", "cell-equation", rich(runs)));
    node.replaceChildren(head, ...lines, note ?? "", element("div", "cell-open-body", table(view, gate), units(view, gate)));
    if (was) /** @type {HTMLElement | null} */ (node.querySelector(`[data-focus="${was}"]`))?.focus({ preventScroll: true });
  }

  /**
   * @param {CellView} view
   * @param {GateName} gate
   */
  function table({ t, unit, read }, gate) {
    const H = data.H;
    const columns = 4 * H;
    const at = "ifog".indexOf(gate) * H + unit;
    const joined = read("joined", t, 0);
    const rows = Array.from(joined, (value, k) => {
      const source = k < H ? `h_${t - 1}[${k}]` : `x_${t}[${k - H}]`;
      return line(rich([{ math: source }]), number(value), number(data.weights.values[k * columns + at]), number(data.terms.values[((t - 1) * joined.length + k) * columns + at]));
    });
    const bias = number(data.bias.values[at]);
    const a = number(read(`a_${gate}`, t, 0)[unit]);
    const total = line(rich([{ math: `a_${gate}[${unit}]` }]), "", "", a);
    total.className = "total";
    const caption = element("caption", "", `Unit ${unit} reads column ${unit} of `, rich(data.gates[gate].matrix), " (a row, where states are columns)");
    const head = element("tr", "", ...["reads", "value", "weight", "product"].map((text, k) => element("th", k ? "right" : "", text)));
    head.querySelectorAll("th").forEach((cell) => (cell.scope = "col"));
    return element("table", "numbers cell-table", caption, element("thead", "", head), element("tbody", "", ...rows, line(rich([{ math: `b_${gate}[${unit}]` }]), "", "", bias), total));
  }

  /**
   * @param {CellView} view
   * @param {GateName} gate
   */
  function units({ t, unit, read, heldAt }, gate) {
    const { squash } = data.gates[gate];
    const argument = read(`a_${gate}`, t, 0);
    const values = read(gate, t, 0);
    const mixed = heldAt(gate);
    const list = Array.from(values, (value, k) => {
      const bar = createVector(1, gate, rangeOf(gate, 1), true);
      bar.set([value], null, -1);
      const byHand = mixed.units.has(k);
      const sum = byHand ? " set by hand" : element("span", "", `${squash}( ${number(argument[k])} ) = `);
      const button = element("button", "cell-unit", element("span", "cell-unit-name", `unit ${k}`), sum, element("strong", "", number(value)), bar.node);
      button.type = "button";
      button.dataset.focus = `unit-${k}`;
      button.setAttribute("aria-pressed", String(k === unit));
      button.addEventListener("click", () => chooseUnit(k));
      return button;
    });
    const box = element("div", "cell-units", element("div", "cell-caption", "All units; press one for its weights"), ...list);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Units");
    return box;
  }

  return { node, set };
}

/**
 * @param {Node} name
 * @param {...string} texts
 */
function line(name, ...texts) {
  const head = element("th", "", name);
  head.scope = "row";
  return element("tr", "", head, ...texts.map((text) => element("td", "right", text)));
}
