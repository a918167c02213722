// What reaches back along the chosen unit: its stack of parts below the maps, and the one step back as it is built.

/** @import { GatesData } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").View} View */

import { number } from "../../format.js";
import { box, text } from "../product/draw.js";
import { drawName, drawStack } from "./stack.js";
import { PARTS } from "./view.js";

const HEIGHT = 128;
const SMALL = 0.15; // of the axis: bars below it leave room for words

/**
 * @param {Layout} at
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {View} view
 * @param {number} top
 */
export function drawBack(at, data, read, view, top) {
  const bottom = top + HEIGHT;
  if (!view.parted) {
    const covered = box(at.gutter + 1, top, at.room - 2, HEIGHT, "gt-covered");
    return { nodes: [covered, text(at.gutter + at.room / 2, top + HEIGHT / 2 + 4, "from beat 3 on", "second", "middle")], bottom, stacks: [] };
  }
  const name = drawName(at, top, [view.all ? "all units" : `unit ${view.unit} per nudge`, "T: last word"], view.all);
  const parts = read.parts(view.unit);
  const built = view.phase < 3 ? { t: view.reached, shares: PARTS.map((_, k) => Math.max(0, Math.min(1, view.phase - k))) } : null;
  const drawn = drawStack(at, { parts, on: PARTS.map((part) => view.on[part]), reached: view.reached, top, height: HEIGHT, measured: view.stage === "ways" && view.known ? read.measured(view.unit) : null, built });
  return { nodes: [...name, ...drawn.nodes], bottom, stacks: [drawn] };
}

/**
 * What is left before a word whose gate lets go, where it is little and the chosen word stands elsewhere.
 * @param {Layout} at
 * @param {View} view
 * @param {ReturnType<typeof drawStack>} drawn
 */
export function drawLittle(at, view, { scale, sums }) {
  const open = sums.findIndex((sum) => sum > SMALL * scale.most);
  if (view.reached > 1 || open < 3 || view.t <= open - 1) return [];
  const most = Math.max(...sums.slice(0, open).map(Math.abs));
  return [text(at.gutter + 6, scale.y(0) - 22, `${number(most, 2)} or less`, "second halo")];
}

/**
 * What the step adds, at the moment it does.
 * @param {Layout} at
 * @param {GatesData} data
 * @param {import("./data.js").Read} read
 * @param {View} view
 * @param {{stacks: ReturnType<typeof drawStack>[], bottom: number}} last
 */
export function drawBuilding(at, data, read, view, { stacks, bottom }) {
  const part = Math.min(2, Math.floor(view.phase));
  const t = view.reached;
  const value = read.parts(view.unit)[part][t - 1];
  const words = part === 0 && !view.all ? `× ${number(read.maps.f[t][view.unit])}` : `${value < 0 ? "−" : "+"} ${number(Math.abs(value))}`;
  const y = stacks[0].scale.y(Math.max(0, stacks[0].tops[t - 1])) + 6;
  const x = at.left(t) - 74;
  return [box(x, Math.min(bottom - 26, y), 66, 24, `gt-token ${["f", "h", "grad"][part]}`, 12), text(x + 33, Math.min(bottom - 26, y) + 16.5, words, "on-token", "middle")];
}
