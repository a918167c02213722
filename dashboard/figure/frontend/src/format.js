// Numbers as a textbook sets them: true minus, raised exponents.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const MISSING = "–";

export const minus = (text) => text.replace("-", "−");

export const raised = (exponent) => [...String(exponent)].map((sign) => RAISED[sign]).join("");

export function fixed(value, digits) {
  if (!Number.isFinite(value)) return notFinite(value);
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

export function scientific(value, digits = 3) {
  if (!Number.isFinite(value)) return notFinite(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${minus(mantissa)}\u00a0×\u00a010${raised(Number(exponent))}`;
}

// 10 ** log10, which may be beyond what a float holds.
function powerOfTen(log10) {
  if (!Number.isFinite(log10)) return log10 < 0 ? "0" : notFinite(log10);
  if (Math.abs(log10) < 300) return general(10 ** log10);
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toPrecision(3)}\u00a0×\u00a010${raised(exponent)}`;
}

// Three significant digits, plain where that is short, with a power of ten elsewhere.
export function general(value, digits = 3) {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (size === 0) return "0";
  return size >= 0.001 && size < 10000 ? minus(value.toPrecision(digits)) : scientific(value, digits);
}

function notFinite(value) {
  if (Number.isNaN(value) || value == null) return MISSING;
  return value > 0 ? "∞" : "−∞";
}

const NAMED = {
  fixed3: (v) => fixed(v, 3),
  fixed5: (v) => fixed(v, 5),
  scientific,
  general,
  power: (log10) => powerOfTen(log10),
};

export function formatted(value, name) {
  return NAMED[name](value);
}
