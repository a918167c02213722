// A document for the parts that draw: importing this module puts one in place.

import { Window } from "happy-dom";

export const window = new Window({ url: "http://localhost/bptt?t=3&cell=rnn" });

Object.assign(globalThis, {
  window,
  document: window.document,
  location: window.location,
  history: window.history,
  IntersectionObserver: window.IntersectionObserver,
  MutationObserver: window.MutationObserver,
  CustomEvent: window.CustomEvent,
  Element: window.Element,
  ShadowRoot: window.ShadowRoot,
  requestAnimationFrame: (/** @type {() => void} */ work) => setTimeout(work),
  cancelAnimationFrame: clearTimeout,
});

/**
 * A key press as the figure's parts get it: it bubbles, and can be prevented.
 * @param {string} key
 * @param {object} [held]
 * @returns {KeyboardEvent}
 */
export const press = (key, held = {}) => /** @type {KeyboardEvent} */ (/** @type {unknown} */ (new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true, ...held })));

/**
 * A context as `page.js` makes it, for a sentence of tokens; what is done to it is kept in `calls`.
 * @param {string[]} tokens
 * @param {{t?: number, unit?: number, H?: number, backward?: boolean}} [at]
 */
export function contextOf(tokens, { t = 1, unit = 1, H = 2, backward = false } = {}) {
  /** @type {[string, unknown][]} */
  const calls = [];
  const context = {
    calls,
    mode: /** @type {const} */ ("desktop"),
    narrow: false,
    profiles: true,
    palette: {},
    tooltip: { show() {}, hide() {} },
    geometry: { T: tokens.length, H, width: 944, gutter: 112, gap: 33, beside: true, profileWidth: 336, timeWidth: 463, column: 463 / tokens.length },
    cursor: { t, unit },
    tokens,
    named: true,
    backward,
    address: false,
    later: (/** @type {() => void} */ work) => work(),
    setStep: (/** @type {number} */ step) => void calls.push(["step", (context.cursor.t = step)]),
    tell: (/** @type {string} */ name, /** @type {unknown} */ value) => void calls.push([name, value]),
    nameOf: (/** @type {number} */ of) => of - 1,
    setUnit: (/** @type {number} */ chosen) => void calls.push(["unit", (context.cursor.unit = chosen)]),
    recall: () => /** @type {never} */ ({}),
    remember() {},
  };
  return context;
}

/**
 * An array on the wire, as `pack.py` writes it.
 * @param {number[]} values
 * @param {number[]} shape
 * @param {"f4" | "f8" | "i2" | "i1" | "u1"} dtype
 */
export function packed(values, shape, dtype = "f8") {
  const array = new { f4: Float32Array, f8: Float64Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array }[dtype](values);
  return { b64: Buffer.from(array.buffer).toString("base64"), shape, dtype };
}
