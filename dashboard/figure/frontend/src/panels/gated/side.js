// Beside the cell: the gates to take by the hand, and the framed unit's own sum, as held and as computed.

/** @import { GatedData, Rich } from "../../../types/payload.ts" */
/** @import { View } from "./view.js" */

import { element } from "../../dom.js";
import { fixed } from "../../format.js";
import { rich } from "../../rich.js";
import { ALWAYS, COMPUTED } from "./view.js";

const GATES = /** @type {const} */ (["f", "i", "o"]);
const NAMES = { f: "Forget gate", i: "Input gate", o: "Output gate" };
/** @type {[letter: string, says: string][]} */
const VALUES = [["-", "computed"], ["0", "0"], ["5", "½"], ["1", "1"]];

/**
 * @param {() => GatedData} read
 * @param {boolean} phone
 * @param {(held: string) => void} hold
 */
export function createSide(read, phone, hold) {
  const head = element("p", "gc-side-head");
  const rows = GATES.map((gate, k) => {
    const buttons = VALUES.map(([letter, says]) => press(says, letter, () => hold(withGate(now, k, letter))));
    const group = element("div", "net-segmented", ...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `${NAMES[gate]} at word ${read().at}`);
    return { gate, buttons, node: element("div", `gc-hold gc-hold-${gate}`, rich([{ math: `${gate}_${read().at}` }]), group) };
  });
  const always = [press("computed", COMPUTED, () => hold(COMPUTED)), press("1 at every word", ALWAYS, () => hold(ALWAYS))];
  const everywhere = element("div", "gc-hold gc-hold-f", rich([{ math: "f_t" }]), element("div", "net-segmented", ...always));
  everywhere.lastElementChild?.setAttribute("role", "group");
  everywhere.lastElementChild?.setAttribute("aria-label", "Forget gate at every word");
  const result = element("p", "gc-result");
  result.setAttribute("role", "status");
  const sum = element("div", "gc-sum");
  const node = element("div", "gc-side", head, ...rows.map((each) => each.node), everywhere, result, sum);
  let now = COMPUTED;

  /**
   * @param {string} says
   * @param {string} value
   * @param {() => void} act
   */
  function press(says, value, act) {
    const button = element("button", "net-segment", says);
    button.type = "button";
    button.value = value;
    button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && act());
    return button;
  }

  /** @param {View} view */
  function set(view) {
    now = view.name;
    head.replaceChildren(rich(headOf(read(), view)));
    head.hidden = head.textContent === "";
    rows.forEach(({ node: holding, buttons }, k) => {
      holding.hidden = view.scene !== "hold";
      mark(buttons, view.name === ALWAYS ? "-" : view.name[k], view.known);
    });
    everywhere.hidden = view.scene !== "always";
    mark(always, view.name, view.known);
    result.hidden = !view.holding;
    result.replaceChildren(...(view.holding && view.known && view.over ? [rich(resultOf(read(), view))] : ["\u00a0"]));
    sum.replaceChildren(...sumOf(read(), view, phone));
  }

  return { node, set };
}

/**
 * f and i may be held together; o is held alone.
 * @param {string} name
 * @param {number} place
 * @param {string} letter
 */
function withGate(name, place, letter) {
  const letters = [...(name === ALWAYS ? COMPUTED : name)];
  if (place === 2) letters[0] = letters[1] = "-";
  else letters[2] = "-";
  letters[place] = letter;
  return letters.join("");
}

/**
 * @param {HTMLButtonElement[]} buttons
 * @param {string} value
 * @param {boolean} open
 */
function mark(buttons, value, open) {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.value === value));
    button.setAttribute("aria-disabled", String(!open));
  }
}

/**
 * @param {GatedData} data
 * @param {View} view
 * @returns {Rich}
 */
function headOf(data, view) {
  const word = { token: `“${data.words[data.at - 1]}”` };
  if (view.scene === "closed") return [`${data.H} numbers travel along this cell, one for each unit. The bars above follow unit ${data.follow}.`];
  if (view.scene === "line") return [`At each word: what unit ${data.follow} held before, and after.`];
  if (view.scene === "hold") return ["Hold gates at ", word, `, word ${data.at}`];
  if (view.scene === "always") return ["Hold ", { math: "f" }, " at every word"];
  return [];
}

/**
 * @param {GatedData} data
 * @param {View} view
 * @returns {Rich}
 */
function resultOf(data, view) {
  if (!view.y) return [];
  const best = (/** @type {number[]} */ y) => y.indexOf(Math.max(...y));
  const [is, was] = [best(view.y), best(view.was)];
  if (!view.held) return ["As computed it names ", { strong: data.names[was] }, `, ${fixed(view.was[was], 2)}.`];
  return ["It names ", { strong: data.names[is] }, `, ${fixed(view.y[is], 2)}; `, is === was ? `as computed too, ${fixed(view.was[was], 2)}.` : `as computed ${data.names[was]}, ${fixed(view.was[was], 2)}.`];
}

/**
 * The framed unit's sum at the word that is looked at, line by line.
 * @param {GatedData} data
 * @param {View} view
 * @param {boolean} phone
 */
function sumOf(data, view, phone) {
  if (view.scene === "closed" || (phone && (view.holding || view.scene === "line"))) return []; // on a phone its numbers stand in the cell
  const k = view.unit;
  const word = data.words[view.t - 1];
  const caption = element("p", "gc-caption", `Unit ${k} at “${word}”, word ${view.t}`);
  if (view.scene === "line") {
    const later = view.veiled("c") || view.veiled("c0") ? [element("p", "gc-caption", "“?” is worked out two beats on.")] : [];
    return [caption, row([["c", said(view, "c0", k)], ["", "→"], ["c", said(view, "c", k), true]]), ...later];
  }
  if (view.holding) return [caption, cellRow(view, view.now, k), outRow(view, k), ...(view.held && view.t <= view.upto ? [element("p", "gc-caption", "as computed"), cellRow(view, view.before, k, "was")] : [])];
  const lines = [...(phone ? [] : [caption]), element("p", "gc-formula", rich([{ math: "f", role: "f" }, " ", { math: "c_{t-1}", role: "c" }, " + ", { math: "i", role: "i" }, " ", { math: "g", role: "g" }, " = ", { math: "c_t", role: "c" }])), cellRow(view, view.now, k)];
  if (view.scene === "show") lines.push(element("p", "gc-formula", rich([{ math: "o", role: "o" }, " tanh ", { math: "c_t", role: "c" }, " = ", { math: "h_t", role: "h" }])), outRow(view, k));
  return lines;
}

/**
 * @param {View} view
 * @param {View["now"]} read
 * @param {number} k
 * @param {string} [kind]
 */
function cellRow(view, read, k, kind = "") {
  const number = (/** @type {import("./view.js").Name} */ name, /** @type {number} */ from) => (view.has(from) && !view.veiled(name) ? two(read(name)[k]) : "?");
  return row([["f", number("f", 2)], ["", "×"], ["c", number("c0", 0)], ["", "+"], ["i", number("i", 3)], ["", "×"], ["g", number("g", 4)], ["", "≈"], ["c", number("c", 7), true]], kind);
}

/**
 * @param {View} view
 * @param {number} k
 */
function outRow(view, k) {
  const number = (/** @type {import("./view.js").Name} */ name, /** @type {number} */ from) => (view.has(from) ? two(view.now(name)[k]) : "?");
  return row([["o", number("o", 8)], ["", "×"], ["c", number("tanh", 9)], ["", "≈"], ["h", number("h", 9), true]]);
}

/**
 * @param {[role: string, text: string, strong?: boolean][]} parts
 * @param {string} [kind]
 */
function row(parts, kind = "") {
  return element("p", `gc-row ${kind}`, ...parts.map(([role, says, strong]) => element(strong ? "strong" : "span", role ? `role-${role}` : "", says)));
}

/**
 * What a unit holds, in numbers, or "?" where a later beat asks for it.
 * @param {View} view
 * @param {"c0" | "c"} name
 * @param {number} k
 */
const said = (view, name, k) => (view.veiled(name) ? "?" : two(view.now(name)[k]));

/** @param {number} value */
const two = (value) => fixed(value, 2);
