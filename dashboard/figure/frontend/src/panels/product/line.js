// What is left of the gradient, from right to left, on an absolute log axis: the line that the learner builds.

import { svg } from "../../dom.js";
import { power, powerOfTen } from "../../format.js";
import { box, dot, line, path, px, text } from "./draw.js";
import { BOTTOM, TOP } from "./layout.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./grid.js").Built} Built */
/** @typedef {import("./view.js").View} View */

const QUARTER = Math.log10(0.25);
const DECADES = [5, -5];

/**
 * @param {Layout} at
 * @param {View} view
 */
export function drawLine(at, view) {
  const { built } = view;
  const nodes = [...frame(at, view)];
  if (built.at.activation === "sigmoid" && view.reached === 0) nodes.push(...chapter(at));
  if (view.ghost) nodes.push(...besides(at, view.ghost));
  if (view.alone) nodes.push(...byRadius(at, built));
  if (view.band) nodes.push(path(strokeOf(at, built.most, 0).d, "pr-most"));
  const drawn = strokeOf(at, built.line, view.reached);
  if (view.stage === "walk" && view.reached > 0) nodes.push(...pending(at, view));
  if (view.stage !== "step") nodes.push(path(drawn.d, "pr-line"), ...ending(at, view, drawn));
  if (view.band && built.left >= 0) nodes.push(...leaving(at, built));
  const node = svg("svg", { width: at.whole, height: at.line, class: "pr-svg", role: "img", "aria-label": spoken(view) });
  node.append(...nodes);
  return node;
}

/**
 * @param {Layout} at
 * @param {View} view
 */
function frame(at, view) {
  const { plot, line: height, x, y } = at;
  const way = [path(`M${plot - 10} ${height - 9}h-84m7 -4l-7 4l7 4`, "pr-way"), text(plot - 10, height - 15, "backward pass", "second halo", "end")];
  if (view.stage === "step") return way;
  const nodes = [];
  if (view.band) {
    nodes.push(box(0, y(1), plot, y(-1) - y(1), "pr-band"), line(0, y(1), plot, y(1), "pr-edge"), line(0, y(-1), plot, y(-1), "pr-edge"));
    nodes.push(text(plot + 8, y(1) - 1, "10", "good strong"), text(plot + 8, y(-1) + 11, "0.1", "good strong"));
  }
  for (const decade of DECADES) nodes.push(line(0, y(decade), plot, y(decade), "pr-hair"), text(plot + 8, y(decade) + 4, power(decade), "second"));
  nodes.push(line(0, y(0), plot, y(0), "pr-one"), text(plot + 8, y(0) + 4, "1", "second"));
  nodes.push(line(plot, 0, plot, height, "pr-axis"), line(0, height, plot, height, "pr-axis"));
  nodes.push(box(x(view.t - 1), 0, x(view.t) - x(view.t - 1), height, "pr-slot"), line(x(view.t - 1), 0, x(view.t - 1), height, "pr-slot-edge"), line(x(view.t), 0, x(view.t), height, "pr-slot-edge"));
  nodes.push(...way);
  if (view.band) nodes.push(...key(at, view));
  return nodes;
}

/**
 * What the thin line is, where no line runs: below, or above where the line ends low.
 * @param {Layout} at
 * @param {View} view
 */
function key({ plot, line: height, phone }, { built, alone }) {
  const low = built.line[0] < -5;
  const [x, y] = low && !alone ? [4, 12] : [low ? 0.36 * plot : 4, height - 12];
  const words = phone ? "most any could have left" : "the most any gradient could have left";
  return [line(x, y, x + 20, y, "pr-most"), text(x + 26, y + 4, words, "second halo")];
}

/**
 * The path of a line from h_T back to h_from; where it leaves the axis it ends at the edge.
 * @param {Layout} at
 * @param {number[]} values
 * @param {number} from
 */
function strokeOf(at, values, from) {
  let d = "";
  let end = { x: 0, y: 0, off: 0 };
  for (let t = values.length - 1; t >= from; t--) {
    const value = values[t];
    if (value > TOP || value < BOTTOM) {
      const edge = value > TOP ? TOP : BOTTOM;
      const share = (edge - values[t + 1]) / (value - values[t + 1]);
      end = { x: at.x(t + 1) + (at.x(t) - at.x(t + 1)) * share, y: at.y(edge), off: value > TOP ? 1 : -1 };
      return { d: `${d}L${px(end.x)} ${px(end.y)}`, end };
    }
    end = { x: at.x(t), y: at.y(value), off: 0 };
    d += `${d ? "L" : "M"}${px(end.x)} ${px(end.y)}`;
  }
  return { d, end };
}

/**
 * What stands at the line's end: how much is left.
 * @param {Layout} at
 * @param {View} view
 * @param {ReturnType<typeof strokeOf>} drawn
 */
function ending(at, view, { end }) {
  const { line: values } = view.built;
  const words = [end.off ? "on to " : "", { strong: powerOfTen(values[view.reached], 2) }, end.off ? " at " : " left at ", { math: `h_${view.reached}` }];
  if (end.off) {
    const up = end.off > 0;
    const beside = end.x > 140;
    const arrow = path(`M${px(end.x - 5)} ${px(end.y + (up ? 6 : -6))}l5 ${up ? -6 : 6}l5 ${up ? 6 : -6}`, "pr-arrow");
    return [arrow, text(beside ? end.x - 12 : 4, up ? end.y + 14 : end.y - (beside ? 8 : 24), words, "gradient halo", beside ? "end" : "start")];
  }
  const later = values[Math.min(values.length - 1, view.reached + 8)];
  const below = later > values[view.reached] ? 20 : -12;
  const inside = view.band && Math.abs(values[view.reached]) <= 1; // then below the band, clear of the thin line
  const y = inside ? at.y(-1) + 18 : end.y + below < 14 ? end.y + 24 : Math.min(end.y + below, at.line - 8);
  if (!view.reached && y < end.y + below) { // no room below: beside, where the line is high enough
    const clear = values.findIndex((value) => at.y(value) < at.line - 30);
    return [dot(end.x, end.y, 4, "pr-end"), text(at.x(clear) + 8, at.line - 6, words, "gradient halo")];
  }
  const right = view.reached > 12;
  return [dot(end.x, end.y, 4, "pr-end"), text(right ? end.x - 4 : end.x + 8, right ? end.y - 12 : y, words, "gradient halo", right ? "end" : "start")];
}

/**
 * Where the line leaves the band.
 * @param {Layout} at
 * @param {Built} built
 */
function leaving(at, { left, line: values }) {
  const y = at.y(Math.max(BOTTOM, Math.min(TOP, values[left])));
  return [dot(at.x(left), y, 5.5, "pr-ring")];
}

/**
 * The steps that are not walked yet.
 * @param {Layout} at
 * @param {View} view
 */
function pending(at, view) {
  const from = at.x(view.reached);
  return [box(1, 1, from - 8, at.line - 3, "pr-unknown"), text(from / 2, at.line / 2 + 5, "?", "second strong halo large", "middle")];
}

/**
 * The chapter's 0.25 to the power of k, which is meant for the sigmoid.
 * @param {Layout} at
 */
function chapter(at) {
  const k = BOTTOM / QUARTER;
  const T = 50;
  return [path(`M${px(at.x(T))} ${px(at.y(0))}L${px(at.x(T - k))} ${px(at.y(BOTTOM))}`, "pr-chapter"), ...["0.25 for each step", "back, as often said"].map((words, row) => text(at.x(T - 9) + 8, at.y(9 * QUARTER) + 16 * row, words, "halo"))];
}

/**
 * Another network, to compare with.
 * @param {Layout} at
 * @param {Built} other
 */
function besides(at, other) {
  return [path(strokeOf(at, other.line, 0).d, "pr-ghost"), text(4, at.y(1) - 8, `grey: inputs of ${other.at.inputs}`, "second halo")];
}

/**
 * What the radius alone would leave.
 * @param {Layout} at
 * @param {Built} built
 */
function byRadius(at, built) {
  const T = built.slopes.length;
  const rate = Math.log10(built.at.radius);
  const values = Array.from({ length: T + 1 }, (_, t) => (T - t) * rate);
  const { d, end } = strokeOf(at, values, 0);
  const up = rate > 0;
  const label = [`${built.at.radius}^${T} = ${powerOfTen(T * rate, 2)}: the radius alone`].map((words) => words.replace(/\^(\d+)/, (_, k) => [...k].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")));
  const wide = 6 * label[0].length;
  const x = Math.max(6, end.x + 8);
  const right = values[Math.min(T, Math.round(((x + wide) / at.plot) * T))];
  const clear = values.findIndex((value) => at.y(value) < at.line - 50); // of a line that ends too low for words below it
  const place = up ? [x, at.y(right) + 16] : end.y + 18 < at.line - 22 ? [x, end.y + 18] : [at.x(clear) + 8, at.line - 28];
  return [path(d, "pr-ghost dashed"), text(place[0], place[1], label[0], "second halo")];
}

/** @param {View} view */
function spoken({ built, reached }) {
  return `What is left of the gradient, on a log axis: ${powerOfTen(built.line[reached], 2)} at h_${reached}`;
}
