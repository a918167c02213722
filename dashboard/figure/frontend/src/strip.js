// Token strip and step numbers. Labels that do not fit are ellipsised, turned, or left out; the pill shows the token whole.

/** @import { Context, Cursor } from "../types/figure.ts" */

import { clamp, element } from "./dom.js";

const TURNED_PITCH = 15; // px a turned label needs
const TURNED_PILL = 22;
const LONGEST_PILL = 220;
const DIGIT = 6.5;
const ASIDE = 12; // px that the first pill moves into the gutter

/**
 * @param {Context} context
 * @param {boolean} turned
 */
export function createStrip(context, turned) {
  const labels = element("div", "tokens");
  const pill = element("div", "pill");
  const node = element("div", turned ? "strip turned" : "strip", labels, pill);
  node.setAttribute("aria-hidden", "true");
  /** @type {number[]} */
  let widths = [];
  /** @type {{label: HTMLElement, from: number, to: number}[]} */
  let spans = [];

  function measure() {
    const { T, column } = context.geometry;
    const stride = Math.ceil((turned ? TURNED_PITCH : 1) / column);
    widths = natural(context.tokens, getComputedStyle(node).fontFamily);
    labels.replaceChildren();
    spans = [];
    for (let k = 0; k < T; k += stride) {
      const label = element("span", "token-label", context.tokens[k]);
      const centre = (k + 0.5) * column;
      label.style.left = `${centre}px`;
      const half = (turned ? TURNED_PITCH : Math.min(widths[k], room(widths, k, column))) / 2;
      spans.push({ label, from: centre - half, to: centre + half });
      if (!turned) label.style.maxWidth = `${room(widths, k, column)}px`;
      labels.append(label);
    }
  }

  /** @param {Cursor} cursor */
  function setCursor({ t }) {
    const { column, timeWidth } = context.geometry;
    pill.textContent = context.tokens[t - 1];
    const width = Math.max(column, turned ? TURNED_PILL : Math.min(widths[t - 1] + 16, LONGEST_PILL));
    pill.style.width = `${width}px`;
    const centred = clamp((t - 0.5) * column - width / 2, -8, Math.max(-8, timeWidth - width + 8));
    const left = t === 1 && !turned && spans[1] ? clamp(spans[1].from - width - 2, centred - ASIDE, centred) : centred; // the next label stays
    pill.style.transform = `translateX(${left}px)`;
    for (const { label, from, to } of spans) label.style.visibility = to > left - 1 && from < left + width + 1 ? "hidden" : "";
  }

  return { node, measure, setCursor };
}

/**
 * What a label may take: its column, and what its neighbours leave of theirs.
 * @param {number[]} widths
 * @param {number} k
 * @param {number} column
 */
function room(widths, k, column) {
  const neighbour = Math.max(widths[k - 1] ?? 0, widths[k + 1] ?? 0, 0);
  return Math.max(column - 3, 2 * column - neighbour - 5);
}

/**
 * @param {string[]} tokens
 * @param {string} family
 */
function natural(tokens, family) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = `13.5px ${family}`;
  return tokens.map((token) => context.measureText(token).width);
}

/** @param {Context} context */
export function createNumbers(context) {
  const node = element("div", "steps");
  node.setAttribute("aria-hidden", "true");
  /** @type {Map<number, HTMLElement>} */
  let labels = new Map();
  let pitch = 0;
  /** @type {HTMLElement} */
  let shown;

  function measure() {
    const { T, column, timeWidth } = context.geometry;
    labels = new Map();
    pitch = DIGIT * String(T).length + 8;
    const stride = niceStride(pitch / column);
    const from = (stride - 1) * column >= pitch ? 1 : stride;
    for (let t = from; t <= T; t++) {
      if (t % stride !== 0 && t !== from) continue;
      const label = element("span", "", String(t));
      label.style.left = `${Math.min((t - 0.5) * column, timeWidth - pitch / 2 + 6)}px`;
      labels.set(t, label);
    }
    shown = element("span", "chosen");
    node.replaceChildren(...labels.values(), shown);
  }

  /** @param {Cursor} cursor */
  function setCursor({ t }) {
    const { column } = context.geometry;
    const near = Math.ceil(pitch / column) - 1;
    for (const [step, label] of labels) label.style.visibility = Math.abs(step - t) <= near ? "hidden" : "";
    shown.textContent = String(t);
    shown.style.left = `${(t - 0.5) * column}px`;
  }

  return { node, measure, setCursor };
}

/** @param {number} least */
const niceStride = (least) => [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((stride) => stride >= least) ?? 5000;
