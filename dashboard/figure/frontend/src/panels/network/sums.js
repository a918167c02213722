// The chosen step's sum in the vessel, unit by unit, with its numbers.

/** @import { NetworkData } from "../../../types/payload.ts" */

import { element } from "../../dom.js";
import { narrow as number, short } from "../../format.js";
import { rich } from "../../rich.js";

const MOST = 5; // products in a line that are written out
const WIDE = 660; // px that they take

/**
 * @param {NetworkData} data
 * @param {import("./layout.js").Layout} at
 * @param {import("./view.js").View} view
 */
export function sums(data, at, view) {
  const { t } = view;
  const written = at.vesselWidth >= WIDE && data.x[0].length + data.run.h[0].length <= MOST;
  const before = t - 1 <= view.until;
  const sum = t <= view.until || (view.stage?.t === t && view.stage.has === "sum");
  const is = t <= view.until;
  const biased = data.b.some((value) => value !== 0);
  const [W, h] = view.chapter ? ["W", "o"] : ["W_x", "h"];
  const head = ["", rich([{ math: `x_${t} ${W}` }, " + ", { math: "b" }]), "", rich([{ math: `${h}_${t - 1}`, role: "h" }, " ", { math: "W_h" }]), "", rich([{ math: `a_${t}` }]), "", rich([{ math: `${h}_${t}`, role: "h" }])];
  const cells = data.run.h[0].flatMap((_, k) => {
    const input = products(data.x[t - 1].map((value) => short(value)), data.W_x.map((row) => row[k])) + (biased ? ` + ${bracketed(data.b[k])}` : "");
    const state = products(view.h[t - 1].map(number), data.W_h.map((row) => row[k]));
    return [
      element("span", "net-unit", `[${k}]`),
      part(written ? input : "", number(data.fromInput[t - 1][k]), "own"),
      "+",
      part(written && t > 1 && before ? state : "", before ? number(view.run.fromState[t - 1][k]) : "?", "role-h"),
      "=",
      known(number(view.run.a[t - 1][k]), sum),
      element("span", "net-squeeze", view.chapter ? "f →" : `${view.squashed.called} →`),
      known(number(view.h[t][k]), is, "role-h"),
    ].map((cell) => (typeof cell === "string" ? element("span", "", cell) : cell));
  });
  return [element("div", `net-sums${written ? "" : " short"}`, ...head.map((text) => element("span", "net-sum-head", text)), ...cells)];
}

/**
 * @param {string[]} values as they are written
 * @param {number[]} weights
 */
const products = (values, weights) => values.map((value, k) => `${k > 0 && value.startsWith("−") ? `(${value})` : value} · ${bracketed(weights[k])}`).join(" + ");

/** @param {number} value */
export const bracketed = (value) => (value < 0 ? `(${short(value, 3)})` : short(value, 3));

/**
 * @param {string} working
 * @param {string} sum
 * @param {string} role
 */
const part = (working, sum, role) => element("span", `net-part ${role}`, working ? element("span", "net-products", `${working} =`) : null, element("strong", "", sum));

/**
 * @param {string} text
 * @param {boolean} is
 * @param {string} [role]
 */
const known = (text, is, role = "") => element("strong", is ? role : "net-unknown", is ? text : "?");
