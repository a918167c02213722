// Small helpers around document.createElement; text only ever enters as text.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/**
 * An icon in a viewBox centred on 0, 0.
 * @param {string} path
 * @param {number} size
 */
export function icon(path, size) {
  const drawing = svg("svg", { viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, width: size, height: size, "aria-hidden": "true" });
  drawing.append(svg("path", { d: path }));
  return drawing;
}

/**
 * A node at a place in px, and of a size where one is given.
 * @template {HTMLElement} Placed
 * @param {Placed} node
 * @param {number} x
 * @param {number} y
 * @param {number} [width]
 * @param {number} [height]
 */
export function placed(node, x, y, width, height) {
  node.style.left = `${x}px`;
  node.style.top = `${y}px`;
  if (width !== undefined) node.style.width = `${width}px`;
  if (height !== undefined) node.style.height = `${height}px`;
  return node;
}

/**
 * The element that has the focus in the document or shadow tree of a node.
 * @param {Node} node
 */
export const focusedBeside = (node) => /** @type {HTMLElement | null} */ (/** @type {Document | ShadowRoot} */ (node.getRootNode()).activeElement);

/**
 * What an event happened in first, shadow trees included.
 * @param {Event} event
 */
export const targetOf = (event) => /** @type {Element} */ (event.composedPath()[0]);

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
