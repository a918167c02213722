// What still explodes: the same fresh network with larger recurrent weights, its gates and what reaches back.

/** @import { GatesData, Palette } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */

import { element } from "../../dom.js";
import { power, significant } from "../../format.js";
import { rich } from "../../rich.js";
import { line, path, px, text } from "../product/draw.js";
import { drawMap } from "./maps.js";
import { drawName } from "./stack.js";

const ROW = 3;
const PLOT = 168;
const LABEL = 3; // the word at which the lines are named
const NAMED = 4; // words that a name takes

/**
 * @param {Layout} at
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {import("./view.js").View} view
 * @param {Palette} palette
 */
export function drawExploding(at, data, read, view, palette) {
  const { gains, H } = data.explode;
  const T = read.T;
  const now = view.chosen.gain;
  const top = at.head + 4;
  const label = (/** @type {number} */ gain) => [[{ math: "W_h" }, ` × ${gain}`]];
  const nodes = [drawMap(at, { letter: "f", top, row: ROW }, { values: read.explodeF[0], opened: T, palette, label: label(gains[0]) })];
  const second = top + H * ROW + 8;
  if (now > 0) nodes.push(drawMap(at, { letter: "f", top: second, row: ROW }, { values: read.explodeF[now], opened: T, palette, label: label(gains[now]) }));
  else nodes.push(drawMap(at, { letter: "f", top: second, row: ROW }, { values: read.explodeF[0], opened: 0, palette, label: [[{ math: "W_h" }, " larger"]] }));
  const begin = second + H * ROW + 24;
  const logs = [...read.explodeWhole.flat(), ...read.explodeAlone.flat(), 0];
  const [least, most] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const y = (/** @type {number} */ log10) => begin + ((most - log10) / (most - least)) * PLOT;
  for (let decade = least; decade <= most; decade++) nodes.push(line(at.gutter, y(decade), at.right, y(decade), decade === 0 ? "gt-zero" : "gt-hair"), text(at.gutter - 6, y(decade) + 4, decade === 0 ? "1" : power(decade), "second", "end"));
  const shown = view.known ? [...new Set([0, now])] : [0];
  for (const k of shown) {
    nodes.push(path(strokeOf(at, read.explodeAlone[k], y), `gt-line f${k === now ? " now" : ""}`), path(strokeOf(at, read.explodeWhole[k], y), `gt-line grad${k === now ? " now" : ""}`));
    const above = Math.min(...read.explodeWhole[k].slice(LABEL - 1, LABEL + NAMED).map(y)) - 8;
    const alone = y(read.explodeAlone[k][LABEL - 1]) + (k > 0 ? -8 : 17);
    nodes.push(text(at.left(LABEL), above, `all three ways, × ${gains[k]}`, "gt-grad halo"), text(at.left(LABEL), alone, [{ math: "f" }, ` alone, × ${gains[k]}`], "gt-f halo"));
  }
  nodes.push(...drawName(at, begin + (0.5 * PLOT) / (most - least) + 2, ["log scale"], true));
  return { nodes, bottom: begin + PLOT, stacks: [] };
}

/**
 * @param {Layout} at
 * @param {number[]} logs
 * @param {(log10: number) => number} y
 */
const strokeOf = (at, logs, y) => `M${logs.map((log10, k) => `${px(at.middle(k + 1))} ${px(y(log10))}`).join("L")}`;

/**
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {import("./view.js").View} view
 */
export function sideOfExploding(data, read, view) {
  const { gains, H, bias } = data.explode;
  const cell = (/** @type {"th" | "td"} */ tag, /** @type {string} */ scope, /** @type {(string | Node)[]} */ ...content) => {
    const node = element(tag, "", ...content);
    if (scope) node.setAttribute("scope", scope);
    return node;
  };
  const rows = gains.map((gain, k) => {
    const known = view.known || k === 0;
    const [alone, whole] = [read.explodeAlone, read.explodeWhole].map((logs) => (known ? significant(10 ** logs[k][view.t - 1], 2) : "?"));
    const row = element("tr", k === view.chosen.gain ? "now" : "", cell("th", "row", rich([{ math: "W_h" }, ` × ${gain}`])), cell("td", "", alone), cell("td", "", whole));
    return row;
  });
  const how = element(
    "div", "gt-parts",
    element("h3", "gt-side-title", "How to read this"),
    element("div", "gt-part", element("i", "gt-stroke grad"), element("span", "", "all three ways, all units")),
    element("div", "gt-part", element("i", "gt-stroke f"), element("span", "", rich([{ math: "f" }, " alone, all units"]))),
    element("p", "gt-note", `${H} fresh units, forget bias ${bias}. Both begin at the last word with ${Math.sqrt(H)}, the length of ${H} ones. Read from right to left.`),
  );
  const table = element("table", "gt-table", element("thead", "", element("tr", "", cell("th", "col"), cell("th", "col", "f alone"), cell("th", "col", "all three ways"))), element("tbody", "", ...rows));
  return element("div", "gt-side", how, element("div", "gt-parts", element("h3", "gt-side-title", `Back at “${data.words[view.t - 1]}”`), table));
}
