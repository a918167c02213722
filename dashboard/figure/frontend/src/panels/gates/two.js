// Two trained networks on one text: their forget gates, and the parts of what reaches back, all units together.

/** @import { GatesData, Palette, Rich } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */

import { element, svg } from "../../dom.js";
import { addingUp, fixed } from "../../format.js";
import { rich } from "../../rich.js";
import { dot, line, text } from "../product/draw.js";
import { drawMap } from "./maps.js";
import { NAMES } from "./side.js";
import { drawName, drawStack, KINDS } from "./stack.js";
import { PARTS } from "./view.js";

const ROW = { upper: 7, lower: 3 };
const STACK = { upper: 78, lower: 88 };

/**
 * @param {Layout} at
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {import("./view.js").View} view
 * @param {Palette} palette
 */
export function drawTwo(at, data, read, view, palette) {
  const { network, other } = data;
  const T = read.T;
  const named = at.phone ? 16 : 0; // on a phone each network's name stands above it, not beside
  const top = at.head + 4 + named;
  /** @type {SVGElement[]} */
  const nodes = [drawMap(at, { letter: "f", top, row: ROW.upper }, { values: read.maps.f, opened: T, palette, label: [nameOf(network)] })];
  const first = top + network.H * ROW.upper + 18;
  const upper = drawStack(at, { parts: read.together, on: [true, true, true], reached: 1, top: first, height: STACK.upper, measured: null });
  const second = first + STACK.upper + 12 + named;
  nodes.push(drawMap(at, { letter: "f", top: second, row: ROW.lower }, { values: read.otherF, opened: T, palette, label: [nameOf(other)] }));
  const third = second + other.H * ROW.lower + 18;
  const lower = drawStack(at, { parts: read.otherTogether, on: [true, true, true], reached: 1, top: third, height: STACK.lower, measured: null });
  const bottom = third + STACK.lower;
  if (named) nodes.push(text(at.gutter, top - 5, nameOf(network), "second"), text(at.gutter, second - 5, nameOf(other), "second"));
  nodes.push(...drawName(at, first + 10, ["all units"], true), ...upper.nodes, ...drawName(at, third + 10, ["all units"], true), ...lower.nodes);
  return { nodes, bottom, stacks: [upper, lower] };
}

/** @param {{bias: number, H: number}} network */
const nameOf = ({ bias, H }) => `bias ${bias}, ${H} units`;

/**
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {import("./view.js").View} view
 */
export function sideOfTwo(data, read, view) {
  const { network, other } = data;
  const word = data.words[view.t - 1];
  return element(
    "div", "gt-side tight",
    tableOf(`Forget bias ${network.bias}, at “${word}”`, read.together.map((part) => part[view.t - 1]), network.H, view.known),
    ...(view.known ? [shares(data)] : []),
    tableOf(`Forget bias ${other.bias}, at “${word}”`, read.otherTogether.map((part) => part[view.t - 1]), other.H, view.known),
    ...(view.known ? [] : [element("p", "gt-note", "A bar: the length of all that arrives at the last word, where every unit is nudged by 1 at this word; coloured by the way it took.")]),
  );
}

/**
 * @param {string} title
 * @param {number[]} values
 * @param {number} H
 * @param {boolean} known
 */
function tableOf(title, values, H, known) {
  const whole = values.reduce((sum, value) => sum + value, 0);
  const parts = addingUp(values.map((value) => (100 * value) / whole), 1);
  const rows = PARTS.map((part, k) => element("div", "gt-part", element("i", `gt-swatch ${KINDS[part]}`), element("span", "", rich(/** @type {Rich} */ (NAMES[part]))), element("span", "gt-value", known ? `${parts[k]}\u202f%` : "?")));
  return element("div", "gt-parts", element("h3", "gt-side-title", title), ...rows, element("div", "gt-part gt-sum", element("span", "gt-wide", "length of the whole"), element("span", "gt-value", `${fixed(whole, 2)} of ${Number(Math.sqrt(H).toFixed(2))}`)));
}

/**
 * The share through the forget gates alone in every network that was trained so.
 * @param {GatesData} data
 */
function shares({ shares: found, words, second }) {
  const [left, wide] = [44, 164];
  const count = found.reduce((sum, { networks }) => sum + networks.length, 0);
  const x = (/** @type {number} */ share) => left + share * wide;
  const node = svg("svg", { width: 214, height: 68, class: "gt-svg", role: "img", "aria-label": `Share that stays in c at “${words[second - 2]}”: ${found.map(({ bias, low, high }) => `from bias ${bias} ${low} to ${high}`).join(", ")}` });
  found.forEach(({ bias, networks }, k) => {
    const y = 10 + 17 * k;
    node.append(text(0, y + 4, `bias ${bias}`, "second"), line(x(0), y, x(1), y, "gt-zero"));
    for (const { share, H, shown } of networks) node.append(dot(x(share), y, shown ? 4.6 : 3.6, H === found[0].small ? "gt-one" : "gt-one hollow"));
  });
  node.append(text(x(0), 48, "0 %", "second"), text(x(1), 48, "100 %", "second", "end"), text(0, 65, `${count} networks: ● ${found[0].small} units, ○ ${found[0].large}`, "second"));
  return element("div", "gt-parts", element("h3", "gt-side-title", `Stays in c at “${words[second - 2]}”, by network`), node);
}
