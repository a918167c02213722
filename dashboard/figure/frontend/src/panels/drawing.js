// A drawing laid out on the server: a tree of SVG elements, [tag, attributes, text or children].

/** @import { DrawingData, DrawingNode } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element, svg } from "../dom.js";
import { plain } from "../rich.js";

/** @typedef {"g" | "line" | "path" | "circle" | "rect" | "text" | "tspan"} Tag */
const TAGS = new Set(["g", "line", "path", "circle", "rect", "text", "tspan"]);
const ATTRIBUTES = new Set(["class", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "dx", "dy", "width", "height", "text-anchor", "transform"]);

/**
 * @param {Context} context
 * @param {DrawingData} data
 * @returns {Panel<DrawingData>}
 */
export function create(context, data) {
  const full = element("div", "drawing");

  /** @param {DrawingData} next */
  function update(next) {
    const drawing = svg("svg", { viewBox: `0 0 ${next.width} ${next.height}`, width: next.width, height: next.height, role: "img", "aria-label": plain(next.label) });
    drawing.append(...next.nodes.map(made));
    full.replaceChildren(drawing);
  }

  update(data);
  return { full, update, setCursor() {}, resize() {}, destroy() {} };
}

/**
 * @param {DrawingNode} node
 * @returns {SVGElement}
 */
function made([tag, attributes, content]) {
  if (!TAGS.has(tag)) throw new Error(`A drawing cannot hold <${tag}>`);
  const node = svg(/** @type {Tag} */ (tag), Object.fromEntries(Object.entries(attributes).filter(([name]) => ATTRIBUTES.has(name))));
  if (typeof content === "string") node.textContent = content;
  else if (content) node.append(...content.map(made));
  return node;
}
