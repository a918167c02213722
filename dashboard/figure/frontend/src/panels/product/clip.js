// One step at a cliff: three gradients by length and angle, and the loss over the length of the step.

/** @import { ProductClipping, ProductStep } from "../../../types/payload.ts" */

import { decode } from "../../decode.js";
import { element, svg } from "../../dom.js";
import { fixed, power, significant } from "../../format.js";
import { dot, line, path, px, text } from "./draw.js";

const SHORTEST = 0.02; // length that is drawn with none
const MOST = 0.4; // of the loss's axis
const DECADES = [-4, -3, -2, -1, 0];

/**
 * @param {import("./layout.js").Layout} at
 * @param {ProductClipping} data
 * @param {import("./view.js").Chosen} chosen
 */
export function drawClipping(at, data, chosen) {
  const gap = at.middle ? 24 : 40;
  const [norm, value] = [data.norms[chosen.norm], data.values[chosen.value]];
  const left = at.phone ? at.width : Math.min(300, Math.round(at.width * 0.36));
  const right = at.phone ? at.width : at.width - left - gap - 1;
  const tall = at.phone ? 214 : 352;
  return element(
    "div", "pr-clip",
    part(left, at.middle ? "Length (log) and direction" : "Length and direction", at.middle ? "" : "lengths: log scale", plane(left, data.none, norm, value)),
    part(right, "Loss after one step at a cliff", at.middle ? "" : "over the length of the step, learning rate × gradient", landing(right, tall, data, norm, value, chosen.value)),
  );
}

/**
 * @param {number} width
 * @param {string} title
 * @param {string} note
 * @param {Node} drawing
 */
function part(width, title, note, drawing) {
  const node = element("div", "", element("div", "pr-head", element("strong", "", title), element("span", "", note)), drawing);
  node.style.width = `${width}px`;
  return node;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} spoken
 */
const canvas = (width, height, spoken) => svg("svg", { width, height, class: "pr-svg", role: "img", "aria-label": spoken });

/**
 * @param {number} width
 * @param {ProductStep} none
 * @param {ProductStep} norm
 * @param {ProductStep} value
 */
function plane(width, none, norm, value) {
  const [x0, y0] = [8, 198];
  const reach = (/** @type {number} */ length) => ((width - 12) * Math.log10(length / SHORTEST)) / Math.log10(none.length / SHORTEST);
  const turn = (value.degrees * Math.PI) / 180;
  const node = canvas(width, 250, `The gradient is ${significant(none.length)} long; by norm ${significant(norm.length)}, by value ${significant(value.length)} at ${Math.round(value.degrees)} degrees`);
  node.append(...arrow(x0, y0, x0 + reach(none.length), y0, "gradient"));
  const far = reach(value.length);
  const tip = [x0 + far * Math.cos(turn), y0 - far * Math.sin(turn)];
  node.append(...arrow(x0, y0, x0 + reach(norm.length), y0, "good"), ...arrow(x0, y0, tip[0], tip[1], "ink"));
  node.append(path(`M${x0 + 26} ${y0}A26 26 0 0 0 ${px(x0 + 26 * Math.cos(turn))} ${px(y0 - 26 * Math.sin(turn))}`, "pr-thin"));
  node.append(text(tip[0] - 4, tip[1] - 26, "by value", "strong halo"), text(tip[0] - 4, tip[1] - 10, `length ${significant(value.length)}, turned by ${Math.round(value.degrees)}°`, "second halo"));
  node.append(text(x0, y0 + 22, "by norm", "good strong"), text(x0, y0 + 38, `length ${significant(norm.length)}, same direction`, "second"));
  node.append(text(width, y0 - 30, "the gradient", "gradient strong halo", "end"), text(width, y0 - 14, `length ${significant(none.length)}`, "second halo", "end"));
  return node;
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} kind
 */
function arrow(x1, y1, x2, y2, kind) {
  const along = Math.atan2(y2 - y1, x2 - x1);
  const side = (/** @type {number} */ by) => `${px(x2 - 10 * Math.cos(along + by))} ${px(y2 - 10 * Math.sin(along + by))}`;
  return [path(`M${px(x1)} ${px(y1)}L${px(x2 - 6 * Math.cos(along))} ${px(y2 - 6 * Math.sin(along))}`, `pr-arm ${kind}`), path(`M${px(x2)} ${px(y2)}L${side(0.42)}L${side(-0.42)}z`, `pr-tip ${kind}`)];
}

/**
 * @param {number} width
 * @param {number} tall
 * @param {ProductClipping} data
 * @param {ProductStep} norm
 * @param {ProductStep} value
 * @param {number} k place of the limit of the entries
 */
function landing(width, tall, data, norm, value, k) {
  const plot = width - 46;
  const lengths = decode(data.lengths).values;
  const [first, last] = [Math.log10(lengths[0]), Math.log10(lengths[lengths.length - 1])];
  const x = (/** @type {number} */ step) => ((Math.log10(step) - first) / (last - first)) * plot;
  const y = (/** @type {number} */ loss) => 8 + ((MOST - Math.min(MOST, loss)) / MOST) * (tall - 34);
  const node = canvas(width, tall, `Loss ${significant(data.before)} before the step; not clipped ${significant(data.none.loss)}, by norm ${significant(norm.loss)}, by value ${significant(value.loss)}`);
  for (const tick of [0, 0.1, 0.2, 0.3, 0.4]) node.append(line(0, y(tick), plot, y(tick), tick ? "pr-hair" : "pr-axis"), text(plot + 8, y(tick) + 4, tick ? tick.toFixed(1) : "0", "second"));
  for (const tick of DECADES) node.append(line(x(10 ** tick), y(0), x(10 ** tick), y(0) + 4, "pr-axis"), text(x(10 ** tick), y(0) + 18, tick < -2 ? power(tick) : String(10 ** tick), "second", tick === DECADES[0] ? "start" : "middle"));
  const curve = (/** @type {ArrayLike<number>} */ losses) => `M${Array.from(losses, (loss, at) => (loss <= MOST ? `${px(x(lengths[at]))} ${px(y(loss))}` : "")).filter(Boolean).join("L")}`;
  node.append(path(curve(decode(data.values[k].along).values), "pr-along turned"), path(curve(decode(data.along).values), "pr-along"));
  node.append(path(`M0 ${px(y(data.before))}H${px(plot)}`, "pr-one"), text(2, y(data.before) - 6, `loss before: ${fixed(data.before, 3)}`, "second halo"));
  node.append(text(x(0.03), y(0.3), "line: along the gradient", "gradient halo", "end"), text(x(0.03), y(0.3) + 17, `dashed: turned by ${Math.round(value.degrees)}°`, "halo", "end"));
  node.append(...drop(x(data.none.step), y(data.before), y(data.none.loss), "bad", true));
  node.append(text(x(data.none.step) - 10, y(data.none.loss) - 2, `${signOf(data, data.none)} not clipped: ${fixed(data.none.loss, 3)}`, "bad strong halo", "end"));
  node.append(...drop(x(norm.step), y(data.before), y(norm.loss), norm.loss < data.before ? "good" : "bad", true));
  const apart = Math.abs(x(value.step) - x(norm.step)) > 2;
  node.append(...drop(x(value.step), apart ? y(data.before) : y(value.loss), y(value.loss), "ink", false));
  const high = norm.loss > value.loss;
  const labels = [[norm, "by norm", norm.loss < data.before ? "good" : "bad"], [value, "by value", "ink"]];
  for (const [step, name, kind] of /** @type {[ProductStep, string, string][]} */ (labels)) {
    const above = (step === norm) === high;
    const leftwards = x(step.step) > 150;
    node.append(text(x(step.step) + (leftwards ? -12 : 12), Math.min(y(0) - 24, y(step.loss)) + (above ? -10 : 16) - (above ? 6 : 0), `${signOf(data, step)} ${name}: ${fixed(step.loss, 3)}`, `${kind} strong halo`, leftwards ? "end" : "start"));
  }
  return node;
}

/**
 * @param {ProductClipping} data
 * @param {ProductStep} step
 */
const signOf = (data, step) => (step.loss < data.before ? "✓" : "✗");

/**
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @param {string} kind
 * @param {boolean} full
 */
const drop = (x, from, to, kind, full) => [line(x, from, x, to, `pr-drop ${kind}`), dot(x, to, 5, `pr-landed ${kind}${full ? " full" : ""}`)];
