// The chosen sub-step: its formula with the vectors as columns, what it was where a held gate changed it, and a sentence.

/** @import { FormulaPart, FormulaVector } from "../../../types/payload.ts" */
/** @import { CellArrays, CellView } from "../../../types/cell.ts" */

import { element } from "../../dom.js";
import { narrow as number } from "../../format.js";
import { rich } from "../../rich.js";

/** @param {CellArrays} data */
export function createFormula(data) {
  const title = element("div", "cell-step-name");
  const formula = element("div", "cell-formula");
  const said = element("div", "cell-said");
  const head = element("div", "cell-step-head", title);
  const node = element("section", "cell-step", head, element("div", "cell-step-body", formula, said));
  node.setAttribute("aria-label", "The chosen sub-step");

  /** @param {CellView} view */
  function set({ t, sub, read, before, heldAt, tokens }) {
    const step = data.substeps[sub - 1];
    const hand = step.byHand && heldAt(step.id).all;
    const name = element("strong", "", step.name);
    name.style.color = `var(--u-${step.role})`;
    title.replaceChildren(`Step ${sub} of ${data.substeps.length} · `, name, " at ‘", element("span", "token", tokens[t - 1]), "’");
    const parts = ((hand && step.byHand) || step.formula).map((part) => (isVector(part) ? column(part) : rich([part])));
    const made = /** @type {FormulaVector} */ (step.formula.at(-1));
    const [now, old] = [read(made.vector, t, made.lag), before(made.vector, t, made.lag)];
    if (old && written(now) !== written(old)) parts.push(element("span", "cell-was-note", "was ", brackets(old, made.role)));
    formula.replaceChildren(...parts);
    said.replaceChildren(...data.said[t - 1][sub - 1].map((line, k) => element("p", k ? "second" : "", rich(line))));

    /** @param {FormulaVector} part */
    function column(part) {
      const values = read(part.vector, t, part.lag);
      return part.vector === "joined" ? joined(values, data.H) : brackets(values, part.role);
    }
  }

  return { node, head, set };
}

/** @type {(part: FormulaPart) => part is FormulaVector} */
const isVector = (part) => typeof part === "object" && "vector" in part;

/** @param {ArrayLike<number>} values */
const written = (values) => Array.from(values, number).join();

/**
 * @param {ArrayLike<number>} values
 * @param {string} role
 */
function brackets(values, role) {
  const node = element("span", `matrix cell-column role-${role}`, ...Array.from(values, (value) => element("span", "", number(value))));
  node.style.setProperty("--columns", 1);
  return node;
}

/**
 * One row, in two colours; on a narrow container it breaks between the two.
 * @param {ArrayLike<number>} values
 * @param {number} H
 */
function joined(values, H) {
  const numbers = Array.from(values, number);
  /**
   * @param {number} from
   * @param {number} to
   * @param {string} role
   */
  const part = (from, to, role) => element("span", `cell-part role-${role}`, ...numbers.slice(from, to).map((text) => element("span", "", text)));
  return element("span", "matrix cell-joined", part(0, H, "h"), part(H, numbers.length, "own"));
}
