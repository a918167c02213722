// Beside the drawing: how it is read, and the three parts of what reaches back, each with a switch.

/** @import { GatesData, GatesPart, Palette, Rich } from "../../../types/payload.ts" */

import { element } from "../../dom.js";
import { addingUp, fixed } from "../../format.js";
import { rich } from "../../rich.js";
import { coloursOf, GATES, SHORT } from "./maps.js";
import { KINDS } from "./stack.js";
import { PARTS } from "./view.js";

export const NAMES = { forget: ["stays in ", { math: "c" }, ", ", { math: "f" }, " alone"], through_h: ["by ", { math: "h" }, " at once"], later: ["by ", { math: "h" }, " later"] };
const SWATCHES = 9;

/**
 * @param {GatesData} data
 * @param {(part: GatesPart) => void} turn
 */
export function createSide(data, turn) {
  const key = element("div", "gt-how");
  const title = element("h3", "gt-side-title");
  /** @type {Map<GatesPart, {input: HTMLInputElement, value: HTMLElement, row: HTMLElement}>} */
  const rows = new Map();
  for (const part of PARTS) {
    const input = element("input", "");
    input.type = "checkbox";
    input.dataset.part = part;
    const value = element("span", "gt-value");
    // What waits keeps its place and its focus.
    input.addEventListener("click", (event) => {
      if (input.getAttribute("aria-disabled") === "true") event.preventDefault();
      else turn(part);
    });
    const row = element("label", "gt-part", input, element("i", `gt-swatch ${KINDS[part]}`), element("span", "", rich(/** @type {Rich} */ (NAMES[part]))), value);
    rows.set(part, { input, value, row });
  }
  const sum = element("span", "gt-value");
  const measured = element("span", "gt-value");
  const measuredRow = element("div", "gt-part", element("i", "gt-ring"), element("span", "gt-wide", "measured by nudging"), measured);
  const sumName = element("span", "gt-wide");
  const sumRow = element("div", "gt-part gt-sum", sumName, sum);
  const parts = element("div", "gt-parts", title, ...[...rows.values()].map(({ row }) => row), sumRow, measuredRow);
  parts.setAttribute("role", "group");
  parts.setAttribute("aria-label", "Parts of what arrives at the last word");
  const node = element("div", "gt-side", key, parts);
  let drawn = "";

  /**
   * @param {import("./view.js").View} view
   * @param {import("./data.js").Read} read
   * @param {Palette} palette
   */
  function set(view, read, palette) {
    const name = `${view.all ? "all" : view.unit} ${view.chosen.more} ${view.parted}`;
    if (name !== drawn) key.replaceChildren(...how(data, view, palette));
    drawn = name;
    parts.hidden = !view.parted;
    if (!view.parted) return;
    const word = `“${data.words[view.t - 1]}”`;
    title.replaceChildren(view.told ? `Nudged at ${word}, last c moves` : `Nudged at ${word}, left at the end`);
    const values = read.parts(view.unit).map((part) => part[view.t - 1]);
    const shown = view.told ? addingUp(values, 2) : values.map((value) => fixed(value, 2));
    for (const row of [sumRow, measuredRow]) row.hidden = !view.told;
    let total = 0;
    PARTS.forEach((part, k) => {
      const { input, value, row } = /** @type {NonNullable<ReturnType<typeof rows.get>>} */ (rows.get(part));
      row.hidden = part !== "forget" && !view.told;
      input.checked = view.on[part];
      input.setAttribute("aria-disabled", String(!(view.stage === "ways" && view.known)));
      value.textContent = row.hidden ? "?" : shown[k];
      value.classList.toggle("off", view.told && view.known && !view.on[part]);
      if (view.on[part]) total += Number(shown[k].replace("−", "-"));
    });
    const some = PARTS.every((part) => view.on[part]);
    sumName.textContent = some ? "sum" : "sum of what is on";
    sum.textContent = fixed(total, 2);
    measured.textContent = view.stage === "ways" && view.known ? fixed(read.measured(view.unit)[view.t - 1], 2) : "?";
  }

  return { node, set };
}

/**
 * How the maps and the bars are read.
 * @param {GatesData} data
 * @param {import("./view.js").View} view
 * @param {Palette} palette
 */
function how(data, view, palette) {
  const limitOf = (/** @type {string} */ letter) => data.network.limit[/** @type {"c" | "h" | "g"} */ (letter)];
  const letters = /** @type {import("../../../types/payload.ts").GatesLetter[]} */ (view.chosen.more ? ["f", "c", "h", "i", "o", "g"] : ["f", "c", "h"]);
  const ramps = letters.map((letter) => {
    const colours = coloursOf(letter, palette);
    const strip = element("span", "gt-ramp");
    strip.style.background = `linear-gradient(to right, ${Array.from({ length: SWATCHES }, (_, k) => colours.share(k / (SWATCHES - 1))).join(", ")})`;
    const said = letter === "f" ? "0 lets go, 1 keeps" : GATES.includes(letter) ? "0 to 1" : `−${limitOf(letter)} to ${limitOf(letter)}`;
    return element("div", "gt-key", element("span", `gt-symbol gt-${letter}`, rich([{ math: `${letter}_t` }])), strip, element("span", "", view.chosen.more ? `${SHORT[letter]}, ${said.replace("0 lets go, 1 keeps", "0 to 1")}` : said));
  });
  const followed = view.all
    ? element("p", "gt-note", `All units nudged by 1, a length of ${Math.sqrt(data.network.H)}: shown is the length of all that arrives.`)
    : element("div", "gt-key", element("span", "gt-framed"), element("span", "", `unit ${view.unit}, followed${view.parted ? " below" : ""}`));
  return [
    element("h3", "gt-side-title", "How to read this"), element("p", "gt-note", "One row is a unit, one column a word."), ...ramps, element("p", "gt-note", rich(["Red: keeps in ", { math: "f" }, ", positive in ", { math: "c" }, " and ", { math: "h" }, "."])), followed,
    element("p", "gt-note", view.parted ? "A bar: what arrives at the end of a nudge at its word. Pale strips only join bars." : "Press a row to follow its unit."),
  ];
}
