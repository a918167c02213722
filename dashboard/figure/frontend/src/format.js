// Numbers as a textbook sets them: true minus, raised exponents.

/** @import { NumberFormat } from "../types/payload.ts" */

/** @type {Record<string, string>} */
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const MISSING = "–";

/** @param {string} text */
export const minus = (text) => text.replace("-", "−");

/** @param {number} exponent */
export const raised = (exponent) => [...String(exponent)].map((sign) => RAISED[sign]).join("");

/**
 * @param {number | null} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (!isFinite(value)) return notFinite(value);
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

/**
 * @param {number | null} value
 * @param {number} digits
 */
export function scientific(value, digits = 3) {
  if (!isFinite(value)) return notFinite(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${minus(mantissa)}\u00a0×\u00a010${raised(Number(exponent))}`;
}

/**
 * 10 ** log10, which may be beyond what a float holds.
 * @param {number} log10
 */
function powerOfTen(log10) {
  if (!Number.isFinite(log10)) return log10 < 0 ? "0" : notFinite(log10);
  if (Math.abs(log10) < 300) return general(10 ** log10);
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toPrecision(3)}\u00a0×\u00a010${raised(exponent)}`;
}

/**
 * Three significant digits, plain where that is short, with a power of ten elsewhere.
 * @param {number | null} value
 * @param {number} digits
 */
export function general(value, digits = 3) {
  if (!isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (size === 0) return "0";
  return size >= 0.001 && size < 10000 ? minus(value.toPrecision(digits)) : scientific(value, digits);
}

/**
 * @param {number | null} value
 * @returns {value is number}
 */
function isFinite(value) {
  return Number.isFinite(value);
}

/** @param {number | null} value */
function notFinite(value) {
  if (value === null || Number.isNaN(value)) return MISSING;
  return value > 0 ? "∞" : "−∞";
}

/** @type {Record<NumberFormat, (value: number) => string>} */
const NAMED = {
  fixed3: (v) => fixed(v, 3),
  fixed5: (v) => fixed(v, 5),
  scientific,
  general,
  power: (log10) => powerOfTen(log10),
};

/**
 * @param {number} value
 * @param {NumberFormat} name
 */
export function formatted(value, name) {
  return NAMED[name](value);
}
