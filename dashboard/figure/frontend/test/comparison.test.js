import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { create } from "../src/panels/comparison.js";

Object.assign(globalThis, { CSS: { escape: (/** @type {string} */ text) => text }, matchMedia: () => ({ matches: false }) });

/** @param {string} word */
const data = (word) => ({
  kind: /** @type {const} */ ("comparison"),
  models: ["RNN", "LSTM"],
  said: "The chapter says",
  measured: "Measured",
  verdict: "Verdict",
  short: ["chapter", "measured"],
  rows: [
    { aspect: "Memory", claims: ["10", "100"], measured: [["20"], ["20"]], sign: "✕", word, tone: "fails", text: ["Why so."], how: { to: "deeper-x", text: "How", name: "Memory" } },
  ],
  height: 1,
  middle: 1,
  narrow: 1,
});

for (const narrow of [false, true]) {
  test(`a verdict opens why, which stays open with other numbers; its link opens a fold (${narrow ? "phone" : "wide"})`, () => {
    document.body.innerHTML = `<div class="st-key-deeper-x"><details><summary>Fold</summary></details></div>`;
    const panel = create(/** @type {import("../types/figure.ts").Context} */ (/** @type {unknown} */ ({ narrow })), data("No"));
    document.body.append(/** @type {HTMLElement} */ (panel.full));
    const why = () => /** @type {HTMLElement} */ (document.querySelector(".why"));
    const button = () => /** @type {HTMLElement} */ (document.querySelector("button.word"));
    assert.equal(why().hidden, true);
    button().click();
    assert.equal(why().hidden, false);
    assert.equal(button().getAttribute("aria-expanded"), "true");
    panel.update(data("Yes"));
    assert.equal(button().textContent, "✕ Yes");
    assert.equal(why().hidden, false);
    for (const held of [".how", "button.word"]) {
      /** @type {HTMLElement} */ (document.querySelector(held)).focus();
      panel.update(data("Yes"));
      assert.equal(document.activeElement, document.querySelector(held), "the focus stays where it was");
    }
    let opened = 0;
    const fold = /** @type {HTMLElement} */ (document.querySelector("summary"));
    fold.addEventListener("click", () => (opened += 1));
    fold.scrollIntoView = () => undefined;
    /** @type {HTMLElement} */ (document.querySelector(".how")).click();
    assert.equal(opened, 1);
    assert.equal(document.activeElement, fold);
  });
}
