// Arrays travel as {b64, shape, dtype}; little-endian, C order.

/** @import { Packed } from "../types/payload.ts" */
/** @import { Decoded } from "../types/figure.ts" */

const KINDS = { f4: Float32Array, f8: Float64Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array };

/**
 * @param {Packed} packed
 * @returns {Decoded}
 */
export function decode({ b64, shape, dtype }) {
  const text = atob(b64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return { values: new KINDS[dtype](bytes.buffer), shape };
}

/**
 * Row t (1-based) of an array of shape (T, H), as a view.
 * @param {Decoded} array
 * @param {number} t
 */
export function rowAt(array, t) {
  const width = array.shape[1];
  return array.values.subarray((t - 1) * width, t * width);
}
