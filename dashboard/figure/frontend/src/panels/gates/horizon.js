// How long a forget bias lasts: the rule, and what was measured through the forget gates alone and by all three ways.

/** @import { GatesData } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */

import { element, svg } from "../../dom.js";
import { fixed, significant } from "../../format.js";
import { rich } from "../../rich.js";
import { dot, line, path, px, text } from "../product/draw.js";

const TICKS = [1, 3, 10, 30, 100];

/**
 * @param {Layout} at
 * @param {GatesData} data
 * @param {import("./view.js").View} view
 */
export function drawHorizon(at, { bias }, view) {
  const { values, gates, rule, alone, every, T, open } = bias;
  const height = at.phone ? 300 : 336;
  const plot = height - 44;
  const room = at.right - at.gutter;
  const top = 14;
  const most = Math.log10(T);
  const x = (/** @type {number} */ b) => at.gutter + 26 + (b / values[values.length - 1]) * (room - 56);
  const y = (/** @type {number} */ words) => top + ((most - Math.log10(words)) / most) * (plot - top);
  const node = svg("svg", { width: at.right, height, class: "gt-svg", role: "img", "aria-label": spoken(bias, view) });
  node.append(line(at.gutter, y(T), at.right, y(T), "gt-later"), text(at.gutter + 6, y(T) + 15, `${T} words: the whole text`, "second halo"));
  for (const tick of TICKS) node.append(line(at.gutter, y(tick), at.right, y(tick), "gt-hair"), text(at.gutter - 6, y(tick) + 4, String(tick), "second", "end"));
  if (!at.phone) node.append(text(0, 20, "words until", ""), text(0, 36, "37 % is left,", "second"), text(0, 51, "log scale", "second"));
  values.forEach((b, k) => {
    if (!Number.isInteger(b)) return;
    node.append(text(x(b), plot + 20, String(b), "strong", "middle"), text(x(b), plot + 37, [{ math: "f" }, ` ${fixed(gates[k], gates[k] > 0.97 ? 3 : 2)}`], "second", "middle"));
    if (k > open && !view.known) node.append(text(x(b), y(12), "?", "second", "middle"));
  });
  const upTo = view.known ? values.length - 1 : open;
  node.append(path(`M${values.slice(0, upTo + 1).map((b, k) => `${px(x(b))} ${px(y(rule[k]))}`).join("L")}`, "gt-rule"));
  const now = Math.min(view.chosen.bias, upTo);
  node.append(line(x(values[now]), top, x(values[now]), plot, "gt-edge"));
  for (let k = 0; k <= upTo; k++) {
    const whole = Number.isInteger(values[k]) || k === now;
    if (!whole) continue;
    const [b, f, all] = [values[k], alone[k], every[k]];
    node.append(path(`M${px(x(b))} ${px(y(f) - 6)}l6 6l-6 6l-6 -6z`, `gt-f${k === now ? " now" : ""}`));
    if (all === null) node.append(path(`M${px(x(b) + 9)} ${px(y(T) + 18)}v-22m-4 6l4 -6l4 6`, "gt-off"));
    else node.append(dot(x(b) + 9, y(all), k === now ? 5.5 : 4.5, "gt-grad"));
  }
  return node;
}

/**
 * A number of words; null outlasts the text.
 * @param {number} T
 */
const wordsOf = (T) => (/** @type {number | null} */ found) => (found === null ? `over ${T}` : significant(found, found < 100 ? 2 : 3));

/**
 * The numbers of the drawing: its rows are forget biases, and those that are asked about wait for the answer.
 * @param {GatesData} data
 * @param {boolean} known
 * @returns {import("../../../types/figure.ts").StepTable}
 */
export function tableOfHorizon({ bias: { values, gates, rule, alone, every, open, T } }, known) {
  const words = wordsOf(T);
  return {
    name: "Words until 37 % is left",
    columns: ["f", "rule 1/(1 − f)", "f alone", "all three ways"],
    rows: { head: "bias b", names: values.map(String) },
    row: (k) => (k - 1 > open && !known ? ["?", "?", "?", "?"] : [fixed(gates[k - 1], 3), words(rule[k - 1]), words(alone[k - 1]), words(every[k - 1])]),
  };
}

/**
 * @param {GatesData["bias"]} bias
 * @param {import("./view.js").View} view
 */
function spoken({ values, alone, every }, view) {
  const k = view.chosen.bias;
  return `Forget bias ${values[k]}: ${significant(alone[k], 2)} words through f alone, ${every[k] === null ? "longer than the text" : `${significant(every[k], 2)} words`} by all three ways`;
}

/**
 * @param {GatesData} data
 * @param {import("./view.js").View} view
 */
export function sideOfHorizon({ bias }, view) {
  const { values, gates, rule, alone, every, T, H, trained } = bias;
  const k = view.chosen.bias;
  const words = wordsOf(T);
  const row = (/** @type {Node} */ mark, /** @type {(string | {math: string})[]} */ name, /** @type {string} */ value) => element("div", "gt-part", mark, element("span", "", rich(name)), element("span", "gt-value", value));
  const head = (/** @type {string} */ name) => {
    const cell = element("th", "", name);
    cell.scope = "col";
    return cell;
  };
  const lines = trained.map((each) => {
    const name = element("th", "", `bias ${each.bias}, ${each.H} units`);
    name.scope = "row";
    return element("tr", "", name, element("td", "", view.known ? words(each.alone) : "?"), element("td", "", view.known ? words(each.every) : "?"));
  });
  const now = element(
    "div", "gt-parts",
    element("h3", "gt-side-title", rich(["At bias ", String(values[k]), ", ", { math: "f" }, ` = ${fixed(gates[k], 4)}`])),
    row(element("i", "gt-stroke"), ["the rule 1/(1 − ", { math: "f" }, ")"], words(rule[k])),
    row(element("i", "gt-diamond"), [{ math: "f" }, " alone"], words(alone[k])),
    row(element("i", "gt-dot"), ["all three ways"], words(every[k])),
    element("p", "gt-note", `words until 37 % is left. Marks are measured: ${H} fresh units, one seed, read ${T} words of filler, which do not matter for the answer.`),
  );
  const both = element(
    "div", "gt-parts",
    element("h3", "gt-side-title", "The two trained networks"),
    element("table", "gt-table", element("thead", "", element("tr", "", head(""), head("f alone"), head("all three ways"))), element("tbody", "", ...lines)),
    element("p", "gt-note", "on the same filler"),
  );
  return element("div", "gt-side", now, both);
}
