// A stack of layers to choose from: each direction of each layer is a button with the gradient that reaches it.

/** @import { PartData, PartsData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element, focusedBeside, svg } from "../dom.js";
import { rich } from "../rich.js";

const BOX = 62; // px, height of a part
const GAP = 14; // px between the directions of a layer
const WIRE = 44; // px between two layers
const LINE = { width: 100, height: 22 };

/**
 * @param {Context} context
 * @param {PartsData} data
 * @returns {Panel<PartsData>}
 */
export function create(context, data) {
  const full = element("div", "parts");

  /** @param {PartsData} next */
  function update(next) {
    const held = focusedBeside(full)?.getAttribute("data-part");
    const upright = context.narrow || next.layers.length > 3;
    full.classList.toggle("below", upright);
    const most = Math.max(...next.layers.map(({ parts }) => parts.length));
    const chain = element("div", "parts-chain", end("parts-x", next.reads));
    let before = 1;
    next.layers.forEach(({ title, parts, reads }) => {
      chain.append(wire(before, parts.length, most, reads, upright), layer(title, parts, next));
      before = parts.length;
    });
    chain.append(wire(before, 1, most, next.gives, upright), element("div", "parts-head", element("span", "", next.head)), wire(1, 1, most, "", upright), end("parts-y", next.output));
    full.replaceChildren(element("div", "parts-title", element("strong", "", "Which layer, which direction?"), rich(next.legend)), chain);
    if (held !== null && held !== undefined) /** @type {HTMLElement | null} */ (full.querySelector(`[data-part="${held}"]`))?.focus({ preventScroll: true });
  }

  /**
   * @param {string} title
   * @param {PartData[]} parts
   * @param {PartsData} all
   */
  function layer(title, parts, all) {
    return element("div", "parts-layer", element("div", "parts-name", title), element("div", "parts-pair", ...parts.map((part) => box(part, all))));
  }

  /**
   * @param {PartData} part
   * @param {PartsData} all
   */
  function box(part, all) {
    const node = element("button", "part", element("span", "part-name", part.name), element("span", "part-way", part.backward ? "←" : "→"), line(part.log10, all.domain));
    node.type = "button";
    node.dataset.part = String(part.place);
    node.setAttribute("aria-pressed", String(part.chosen));
    node.setAttribute("aria-label", part.says);
    node.title = part.says;
    node.addEventListener("click", () => {
      if (part.chosen) return;
      for (const other of full.querySelectorAll(".part")) other.setAttribute("aria-pressed", String(other === node)); // at once; the panels follow
      context.tell("part", { place: part.place });
    });
    return node;
  }

  update(data);
  return { full, update, setCursor() {}, resize() {}, destroy() {} };
}

/**
 * @param {string} name
 * @param {string[]} lines
 */
function end(name, lines) {
  return element("div", `parts-end ${name}`, ...lines.map((text, k) => element("span", k ? "label" : "", text)));
}

/**
 * The gradient on the log axis that all parts share; a gap where none arrives.
 * @param {(number | null)[]} log10
 * @param {[number, number]} domain
 */
function line(log10, [low, high]) {
  const drawing = svg("svg", { class: "part-line", viewBox: `0 0 ${LINE.width} ${LINE.height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const at = (/** @type {number} */ k) => (log10.length > 1 ? (k / (log10.length - 1)) * LINE.width : LINE.width / 2);
  const high_ = Math.max(high - low, 1e-9);
  let d = "";
  let drawn = false;
  log10.forEach((value, k) => {
    const there = value !== null;
    if (there) {
      const y = ((high - Math.max(low, value)) / high_) * (LINE.height - 2) + 1;
      const alone = !drawn && (log10[k + 1] ?? null) === null;
      d += `${drawn ? "L" : "M"}${at(k).toFixed(1)} ${y.toFixed(1)}${alone ? "h0.1" : ""}`;
    }
    drawn = there;
  });
  drawing.append(svg("path", { d, class: "stroke-h", "vector-effect": "non-scaling-stroke" }));
  return drawing;
}

/**
 * Arrows from the parts of one layer to those of the next, and how many numbers pass.
 * @param {number} from
 * @param {number} to
 * @param {number} most
 * @param {string} count
 * @param {boolean} upright
 */
function wire(from, to, most, count, upright) {
  const label = count ? element("span", "label", count) : null;
  if (upright) return element("div", "parts-wire", element("span", "parts-down", "↓"), label);
  const height = most * BOX + (most - 1) * GAP;
  const at = (/** @type {number} */ n, /** @type {number} */ k) => height / 2 + (k - (n - 1) / 2) * (BOX + GAP);
  const middle = WIRE * 0.45;
  const drawing = svg("svg", { width: WIRE, height, "aria-hidden": "true" });
  const left = Array.from({ length: from }, (_, k) => `M0 ${at(from, k)}H${middle}V${height / 2}`);
  const right = Array.from({ length: to }, (_, k) => `M${middle} ${height / 2}V${at(to, k)}H${WIRE - 4}m-5 -3.5l5 3.5l-5 3.5`);
  drawing.append(svg("path", { d: [...left, ...right].join("") }));
  return element("div", "parts-wire", drawing, label);
}
