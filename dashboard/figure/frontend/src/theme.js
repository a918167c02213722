// Palette of the current theme as CSS variables, and the colour ramps of the maps.

/** @import { Palette, RampKind } from "../types/payload.ts" */

/** @param {string} role */
const ROLE_VARIABLE = (role) => `--u-${role}`;

/**
 * @param {{light: Palette, dark: Palette}} palettes
 * @param {Element} host
 */
export function currentPalette(palettes, host) {
  const colour = getComputedStyle(host).getPropertyValue("--st-background-color").trim() || "#ffffff";
  return luminance(toRgb(colour)) < 0.5 ? palettes.dark : palettes.light;
}

/**
 * @param {Palette} palette
 * @param {HTMLElement} node
 */
export function applyPalette(palette, node) {
  for (const [role, colour] of Object.entries(palette)) node.style.setProperty(ROLE_VARIABLE(role), colour);
}

/**
 * Replace "@role" by the palette's colour everywhere in a chart spec.
 * @param {unknown} spec
 * @param {Palette} palette
 * @returns {unknown}
 */
export function painted(spec, palette) {
  if (typeof spec === "string") return spec.startsWith("@") ? palette[spec.slice(1)] : spec;
  if (Array.isArray(spec)) return spec.map((part) => painted(part, palette));
  if (spec === null || typeof spec !== "object") return spec;
  return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, painted(part, palette)]));
}

/** @typedef {[number, number, number]} Three Red, green and blue, or the three axes of OKLab. */

/** @type {CanvasRenderingContext2D | null} */
let pixel = null;

/**
 * @param {string} colour
 * @returns {Three}
 */
function toRgb(colour) {
  pixel ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** @param {Three} rgb */
const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;

const STEPS = 256;

/**
 * Table of STEPS colours. Gate: empty to the hue. Signed: negative, neutral, positive.
 * @param {RampKind} kind
 * @param {string} role
 * @param {Palette} palette
 */
export function ramp(kind, role, palette) {
  const stops = (kind === "gate" ? [palette.zero, palette[role]] : [palette.neg, palette.zero, palette.pos]).map(toRgb).map(toLab);
  const table = new Uint8ClampedArray(STEPS * 3);
  for (let k = 0; k < STEPS; k++) {
    const position = (k / (STEPS - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(position), stops.length - 2);
    const share = position - left;
    table.set(toSrgb(stops[left].map((value, axis) => value + share * (stops[left + 1][axis] - value))), k * 3);
  }
  return table;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function rampIndex(value, low, high) {
  const share = (value - low) / (high - low);
  return Math.round(Math.min(1, Math.max(0, share)) * (STEPS - 1));
}

/**
 * @param {Uint8ClampedArray} table
 * @param {number} share
 */
export const rampCss = (table, share) => {
  const k = Math.round(share * (STEPS - 1)) * 3;
  return `rgb(${table[k]}, ${table[k + 1]}, ${table[k + 2]})`;
};

/**
 * OKLab (Ottosson 2020), so that equal steps of value are equal steps of perceived colour.
 * @param {Three} rgb
 * @returns {Three}
 */
function toLab(rgb) {
  const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {number[]} lab
 * @returns {Three}
 */
function toSrgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const [r, g, blue] = linear.map((v) => 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  return [r, g, blue];
}
