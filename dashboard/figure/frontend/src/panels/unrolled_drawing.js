// Wires, their heads and the legend of the unrolled network.

import { element, svg } from "../dom.js";

/** What the two colours of a block are. */
export function legend() {
  const keys = [
    ["own", "own loss"],
    ["grad", "future, from the next step"],
  ];
  const node = element("div", "block-legend");
  node.append(...keys.map(([role, text]) => element("span", "", element("i", `fill-back-${role}`), text)));
  return node;
}

/**
 * @param {string} d
 * @param {string} name
 */
export const path = (d, name) => svg("path", { d, class: name });

/** @type {Record<string, string>} */
const HEADS = { right: "l-7 -3.5v7z", left: "l7 -3.5v7z", up: "l-3.5 7h7z", down: "l-3.5 -7h7z" };

/**
 * @param {number} x
 * @param {number} y
 * @param {string} towards
 * @param {string} name
 */
export const head = (x, y, towards, name) => svg("path", { d: `M${x} ${y}${HEADS[towards]}`, class: `${name} head` });

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} name
 */
export function arrow(x1, y1, x2, y2, name) {
  const group = svg("g", { class: name });
  const towards = x1 === x2 ? (y2 > y1 ? "down" : "up") : x2 > x1 ? "right" : "left";
  group.append(path(`M${x1} ${y1}L${x2} ${y2}`, ""), svg("path", { d: `M${x2} ${y2}${HEADS[towards]}`, class: "head" }));
  return group;
}
