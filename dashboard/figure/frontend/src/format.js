// How numbers are written. An exact zero is 0, a missing number –, a minus the true sign; what is smaller than 0.001 or
// has more whole digits than count stands as "6.77 × 10⁴". `core/written.py` writes the same; one table of examples
// holds both to it.

/** @import { NumberFormat } from "../types/payload.ts" */

/** @type {Record<string, string>} */
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const MISSING = "–";
const TIMES = "\u00a0×\u00a0";
const SMALLEST = -3; // exponent of the smallest number without a power of ten
const WHOLE = 4; // whole digits written out though fewer count
const LARGEST = 1000; // from here on decimals are noise
const FLOAT = 300; // powers of ten that a float holds with room to spare

/** @param {string} text */
export const minus = (text) => text.replace("-", "−");

/** @param {number} exponent */
export const raised = (exponent) => [...String(exponent)].map((sign) => RAISED[sign]).join("");

/**
 * A number with so many decimals, whatever its size: for places that take no more.
 * @param {number | null} value
 * @param {number} places
 */
export function fixed(value, places) {
  const text = Math.abs(value ?? 0).toFixed(places);
  return special(value) ?? (Number(text) === 0 ? text : signOf(value) + text);
}

/**
 * A number of ordinary size with so many decimals; as `significant` with `digits` where decimals hide it.
 * @param {number | null} value
 * @param {number} places
 * @param {number} digits
 */
export function number(value, places = 3, digits = Math.max(places - 1, 1)) {
  const size = Math.abs(value ?? 0);
  const text = size < LARGEST ? size.toFixed(places) : "";
  const plain = size >= 0.5 * 10 ** -places && size < LARGEST && Number(text) < LARGEST;
  return special(value) ?? signOf(value) + (plain ? text : significantSize(size, digits));
}

/**
 * Parts of a sum, rounded so that the rounded numbers add up to the rounded sum: what is cut off most is made up first.
 * @param {number[]} parts
 * @param {number} places
 */
export function addingUp(parts, places) {
  const units = parts.map((part) => part * 10 ** places);
  const whole = units.map(Math.floor);
  const missing = Math.round(units.reduce((sum, unit) => sum + unit, 0)) - whole.reduce((sum, unit) => sum + unit, 0);
  const order = units.map((_, k) => k).sort((a, b) => units[b] - whole[b] - (units[a] - whole[a]) || a - b);
  for (const k of order.slice(0, Math.max(0, missing))) whole[k] += 1;
  return whole.map((unit) => fixed(unit / 10 ** places, places));
}

/**
 * A number for a small box.
 * @param {number | null} value
 */
export const narrow = (value) => number(value, 3, 1);

/**
 * A measured number with so many significant digits, zeros at the end among them: 0.460, 2,030, 6.77 × 10⁴.
 * @param {number | null} value
 * @param {number} digits
 */
export function significant(value, digits = 3) {
  return special(value) ?? signOf(value) + significantSize(Math.abs(value ?? 0), digits);
}

/**
 * A number as it would be typed: up to so many significant digits, none of them a zero at the end: 0.25, 3, 10⁻⁶.
 * @param {number | null} value
 * @param {number} digits
 */
export function short(value, digits = 4) {
  const [mantissa, power] = significantSize(Math.abs(value ?? 0), digits).replaceAll(",", "").split(TIMES);
  const trimmed = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const text = power === undefined ? trimmed : trimmed === "1" ? power : trimmed + TIMES + power;
  return special(value) ?? signOf(value) + text;
}

/**
 * A number with a power of ten, whatever its size.
 * @param {number | null} value
 * @param {number} digits
 */
export function scientific(value, digits = 3) {
  return special(value) ?? signOf(value) + scientificSize(Math.abs(value ?? 0), digits);
}

/**
 * 10 ** log10 as `significant` writes it, also where the power itself is beyond a float.
 * @param {number | null} log10
 * @param {number} digits
 */
export function powerOfTen(log10, digits = 3) {
  if (log10 === null || Number.isNaN(log10)) return MISSING;
  if (!Number.isFinite(log10)) return log10 < 0 ? "0" : "∞";
  if (Math.abs(log10) < FLOAT) return significant(10 ** log10, digits);
  const whole = Math.floor(log10);
  const [mantissa, exponent] = rounded(10 ** (log10 - whole), digits);
  return mantissa + TIMES + power(whole + exponent);
}

/**
 * A power of ten, such as 10⁻⁵.
 * @param {number} exponent
 */
export const power = (exponent) => `10${raised(exponent)}`;

/**
 * What needs no digits: a missing number, an infinity, an exact zero.
 * @param {number | null} value
 */
function special(value) {
  if (value === null || Number.isNaN(value)) return MISSING;
  if (value === 0) return "0";
  return Number.isFinite(value) ? null : `${signOf(value)}∞`;
}

/** @param {number | null} value */
const signOf = (value) => (value !== null && value < 0 ? "−" : "");

/**
 * @param {number} size
 * @param {number} digits
 */
function significantSize(size, digits) {
  const [, exponent] = rounded(size, digits);
  const most = Math.max(WHOLE, digits);
  if (exponent < SMALLEST || exponent > most) return scientificSize(size, digits);
  const text = size.toFixed(Math.max(digits - 1 - exponent, 0));
  const [whole] = text.split(".");
  return whole.length > most ? scientificSize(size, digits) : text.replace(whole, whole.replace(/\B(?=(\d{3})+$)/g, ","));
}

/**
 * @param {number} size
 * @param {number} digits
 */
function scientificSize(size, digits) {
  const [mantissa, exponent] = rounded(size, digits);
  return mantissa + TIMES + power(exponent);
}

/**
 * @param {number} size
 * @param {number} digits
 * @returns {[mantissa: string, exponent: number]}
 */
function rounded(size, digits) {
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  return [mantissa, Number(exponent)];
}

/** @type {Record<NumberFormat, (value: number) => string>} */
const NAMED = {
  fixed3: (value) => fixed(value, 3),
  fixed5: (value) => fixed(value, 5),
  scientific,
  significant,
  power: powerOfTen,
};

/**
 * @param {number} value
 * @param {NumberFormat} name
 */
export function formatted(value, name) {
  return NAMED[name](value);
}
