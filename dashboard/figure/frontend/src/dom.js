// Small helpers around document.createElement; text only ever enters as text.

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// An icon in a viewBox centred on 0, 0.
export function icon(path, size) {
  const drawing = svg("svg", { viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, width: size, height: size, "aria-hidden": "true" });
  drawing.append(svg("path", { d: path }));
  return drawing;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
