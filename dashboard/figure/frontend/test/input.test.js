import assert from "node:assert/strict";
import { test } from "node:test";

import { press } from "./page.js";
import { onKeys, onPointer } from "../src/input.js";

/**
 * A figure of five steps at step 3, which keeps what is done to it.
 * @param {{cursor?: boolean}} has
 */
function made({ cursor = true } = {}) {
  /** @type {string[]} */
  const calls = [];
  const root = document.createElement("section");
  root.innerHTML = `<div data-time><span class="cell"></span></div><button>b</button><div class="scroller"><table></table></div>`;
  root.setPointerCapture = (id) => void calls.push(`capture ${id}`);
  const figure = {
    root,
    data: { cursor, T: 5 },
    cursor: { t: 3, unit: 1 },
    tooltip: { hide: () => calls.push("hide") },
    page: { stop: () => calls.push("stop"), toggle: () => calls.push("toggle"), focus: () => calls.push("focus"), stepUnder: (/** @type {MouseEvent} */ event) => event.clientX, unitUnder: (/** @type {MouseEvent} */ event) => (event.clientY > 0 ? event.clientY : null) },
    setStep: (/** @type {number} */ t) => void calls.push(`step ${t}`),
    setUnit: (/** @type {number} */ unit) => void calls.push(`unit ${unit}`),
  };
  const whole = /** @type {import("../src/figure.js").Figure} */ (/** @type {unknown} */ (figure));
  onKeys(whole);
  onPointer(whole);
  const find = (/** @type {string} */ where) => /** @type {HTMLElement} */ (root.querySelector(where));
  const point = (/** @type {string} */ type, /** @type {string} */ where, /** @type {object} */ at = {}) => {
    const event = Object.assign(new window.Event(type, { bubbles: true, composed: true, cancelable: true }), { button: 0, pointerId: 7, clientX: 2, clientY: 0, ...at });
    find(where).dispatchEvent(event);
    return event;
  };
  return { calls, find, point };
}

test("arrows step, Home and End go to the ends, and playing stops", () => {
  const { calls, find } = made();
  for (const key of ["ArrowLeft", "ArrowRight", "Home", "End"]) find(".cell").dispatchEvent(press(key));
  assert.deepEqual(calls.filter((call) => call !== "stop"), ["step 2", "step 4", "step 1", "step 5"]);
  assert.equal(calls.filter((call) => call === "stop").length, 4);
});

test("space plays, unless a button has the focus, whose press it is", () => {
  const { calls, find } = made();
  const space = press(" ");
  find(".cell").dispatchEvent(space);
  assert.deepEqual(calls, ["toggle"]);
  assert.equal(space.defaultPrevented, true);
  find("button").dispatchEvent(press(" "));
  assert.deepEqual(calls, ["toggle"]);
});

test("keys with a modifier, in a scrolling table, or without a cursor are left to the browser", () => {
  const { calls, find } = made();
  find(".cell").dispatchEvent(press("ArrowLeft", { altKey: true }));
  find("table").dispatchEvent(press("ArrowLeft"));
  const still = made({ cursor: false });
  still.find(".cell").dispatchEvent(press("ArrowLeft"));
  assert.deepEqual([...calls, ...still.calls], []);
});

test("other keys go on to the page", () => {
  const { find } = made();
  const event = press("x");
  find(".cell").dispatchEvent(event);
  assert.equal(event.defaultPrevented, false);
});

test("a press in the time area goes there, and dragging follows until it is released", () => {
  const { calls, point } = made();
  point("pointerdown", ".cell", { clientX: 2 });
  point("pointermove", ".cell", { clientX: 4 });
  point("pointerup", ".cell");
  point("pointermove", ".cell", { clientX: 5 });
  assert.deepEqual(calls, ["stop", "focus", "hide", "capture 7", "step 2", "step 4"]);
});

test("a second finger does not drag the first one's cursor", () => {
  const { calls, point } = made();
  point("pointerdown", ".cell", { clientX: 2 });
  point("pointermove", ".cell", { pointerId: 8, clientX: 5 });
  assert.equal(calls.at(-1), "step 2");
});

test("a press on a row chooses its unit, outside the time area nothing more", () => {
  const { calls, point } = made();
  point("pointerdown", "button", { clientY: 6 });
  assert.deepEqual(calls, ["unit 6"]);
});

test("the right button does nothing", () => {
  const { calls, point } = made();
  point("pointerdown", ".cell", { button: 2 });
  assert.deepEqual(calls, []);
});
