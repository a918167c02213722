// The fair comparison: runs solved against the gap, for two pairs; and for every start, by learning rate.

/** @import { KeptData, KeptTally } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { element, svg } from "../../dom.js";
import { box, dot, line, path, px, text } from "../product/draw.js";

const COUNTED = ["RNN", "LSTM"];
const BREAK = 12; // px between the two dots of one gap

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 */
export function drawGaps(at, view, data) {
  const width = at.phone ? at.whole : Math.floor((at.whole - 32) / 2);
  return element("div", "kp-pairs", ...data.pairs.map((pair, k) => onePair(at, width, data, pair, k === 0 || view.known)));
}

/**
 * @param {Layout} at
 * @param {number} width
 * @param {KeptData} data
 * @param {KeptData["pairs"][number]} pair
 * @param {boolean} known
 */
function onePair(at, width, data, { title, cells }, known) {
  const gutter = 48;
  const height = at.phone ? 96 : 214;
  const plot = width - gutter;
  const x = (/** @type {number} */ k) => gutter + ((k + 0.5) / data.gaps.length) * plot;
  const y = (/** @type {number} */ share) => 8 + (1 - share) * (height - 16);
  const node = svg("svg", { width, height, class: "pr-svg", "aria-hidden": "true" });
  for (const share of [1, 0.5, 0]) node.append(line(gutter, y(share), width, y(share), share ? "pr-hair" : "pr-axis"), text(gutter - 6, y(share) + 4, `${100 * share}\u202f%`, "second", "end"));
  if (!known) node.append(box(gutter, y(1), plot - 1, y(0) - y(1), "pr-unknown", 3), text(gutter + plot / 2, y(0.5) + 5, "?", "second", "middle"));
  else
    cells.forEach((tallies, cell) => {
      const shift = (cell - 0.5) * BREAK;
      node.append(path(tallies.map(({ hits, runs }, k) => `${k ? "L" : "M"}${px(x(k) + shift)} ${px(y(hits / runs))}`).join(""), cell ? "kp-line" : "kp-line dashed"));
      tallies.forEach(({ hits, runs, low, high }, k) => node.append(line(x(k) + shift, y(low), x(k) + shift, y(high), "kp-interval"), dot(x(k) + shift, y(hits / runs), 5, cell ? "kp-dot" : "kp-dot hollow")));
    });
  const row = (/** @type {string} */ name, /** @type {string[]} */ values, /** @type {string} */ kind) => element("tr", kind, header(name, "row"), ...values.map((value) => element("td", "", value)));
  const table = element("table", "kp-counts", element("thead", "", element("tr", "", header("gap", "col"), ...data.gaps.map((gap) => header(String(gap), "col")))), element("tbody", "", ...cells.map((tallies, cell) => row(COUNTED[cell], tallies.map((tally) => (known ? told(tally) : "?")), cell ? "strong" : ""))));
  table.setAttribute("aria-label", `${title}: runs solved by gap`);
  return element("div", "kp-pair", element("div", "kp-title", element("strong", "", title), element("span", "", about(cells, known))), node, table);
}

/** @param {KeptTally} tally */
const told = ({ hits, runs }) => `${hits} of ${runs}`;

/**
 * @param {KeptTally[][]} cells
 * @param {boolean} known
 */
function about(cells, known) {
  const starts = cells.map((tallies) => [...new Set(tallies.map(({ start }) => start))]);
  if (starts.every((names) => names.length === 1)) return `RNN ${starts[0][0]}, LSTM ${starts[1][0]}`;
  return known ? "start and rate chosen for each" : "start and rate chosen for each: ?";
}

/**
 * @param {string} name
 * @param {"row" | "col"} scope
 */
function header(name, scope) {
  const node = element("th", "", name);
  node.scope = scope;
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 * @param {KeptData} data
 */
export function drawStarts(at, view, data) {
  const heads = element("tr", "", header("runs solved of 10", "col"), ...data.gaps.map((gap) => header(`gap ${gap}`, "col")));
  const bodies = COUNTED.map((cell) => {
    const rows = data.starts.filter((start) => start.cell === cell).map((start) => {
      const tallies = view.chosen.rate < 0 ? start.best : start.at[view.chosen.rate];
      const name = header("", "row");
      name.append(element("span", "live", `${cell}, `), start.title);
      return element("tr", "", name, ...tallies.map((tally, k) => element("td", "", k === 0 || view.known ? bar(tally, cell) : element("div", "kp-bar unknown", "?"))));
    });
    const group = header(cell, "row");
    group.colSpan = data.gaps.length + 1;
    group.scope = "rowgroup";
    return element("tbody", "", element("tr", "kp-group", group), ...rows);
  });
  const table = element("table", at.phone ? "kp-starts small" : "kp-starts", element("thead", "", heads), ...bodies);
  table.setAttribute("aria-label", `Runs solved by start and gap, ${view.chosen.rate < 0 ? "each at its best rate" : `learning rate ${data.rates[view.chosen.rate]}`}`);
  return table;
}

/**
 * @param {KeptTally} tally
 * @param {string} cell
 */
function bar({ hits, runs, low, high }, cell) {
  const filled = element("span", cell === "LSTM" ? "kp-fill filled" : "kp-fill hollow");
  filled.style.width = `${(100 * hits) / runs}%`;
  const interval = element("span", "kp-reach");
  interval.style.left = `${100 * low}%`;
  interval.style.width = `${100 * (high - low)}%`;
  const track = element("span", "kp-track", hits ? filled : null, interval);
  track.setAttribute("aria-hidden", "true");
  return element("div", "kp-bar", track, element("b", "", String(hits)));
}
