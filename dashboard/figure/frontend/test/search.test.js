import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf, packed, window } from "./page.js";
import { create } from "../src/panels/search.js";

/** @import { SearchData } from "../types/payload.ts" */

/**
 * @param {number[]} values
 * @returns {SearchData}
 */
const data = (values) => ({ kind: "search", quantities: [{ name: "f", label: "forget gate", values: packed(values, [values.length, 1]) }], start: { name: "f", below: true, threshold: 0.5 }, height: 158, narrow: 206 });

/** @param {number[]} values */
function searched(values) {
  const panel = create(/** @type {never} */ (contextOf(values.map((_, k) => `w${k}`))), data(values));
  const title = /** @type {HTMLElement} */ (panel.title);
  document.body.replaceChildren(title);
  panel.setCursor({ t: 1, unit: 1 });
  const field = /** @type {HTMLInputElement} */ (title.querySelector("input"));
  const found = () => [...title.querySelectorAll(".search-t")].map((node) => node.textContent);
  const count = () => title.querySelector(".search-count")?.textContent;
  const type = (/** @type {string} */ text) => {
    field.focus();
    field.value = text;
    field.dispatchEvent(/** @type {Event} */ (/** @type {unknown} */ (new window.Event("input"))));
  };
  return { panel, field, found, count, type };
}

test("every step is named, however many there are", () => {
  const { found } = searched(Array(28).fill(0.1));
  assert.equal(found().length, 28);
});

test("no result stands beside a field without a number, and the last one is back when it is left", () => {
  const { panel, field, found, count, type } = searched([0.1, 0.9, 0.2]);
  assert.deepEqual(found(), ["1", "3"]);
  type("");
  assert.deepEqual(found(), []);
  assert.equal(count(), "Type a number.");
  panel.setCursor({ t: 2, unit: 1 });
  assert.deepEqual(found(), []);
  field.blur();
  assert.deepEqual(found(), ["1", "3"]);
  assert.equal(field.value, "0.5");
});

test("another run is searched as soon as it is there", () => {
  const { panel, found } = searched([0.1, 0.9, 0.2]);
  panel.update(data([0.9, 0.1, 0.9]));
  assert.deepEqual(found(), ["2"]);
});
