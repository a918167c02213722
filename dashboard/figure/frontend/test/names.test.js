import assert from "node:assert/strict";
import { test } from "node:test";

import { window } from "./page.js";
import mount, { spoken } from "../../../kit/names/names.js";

/** @type {[label: string, words: string][]} */
const LABELS = [
  ["Steps $T$", "Steps T"],
  ["Forget gate $\\textcolor{#A92F08}{f_t}$", "Forget gate f t"],
  ["What is the sign of $\\partial L / \\partial h_{2}[0]$?", "What is the sign of ∂ L / ∂ h 2[0]?"],
  ["Learning rate $α$", "Learning rate α"],
  ["$\\hat{y}_{t-1}$ of **all**", "ŷ t−1 of all"],
  ["$6.2 \\cdot 10^{-61}$", "6.2 · 10⁻⁶¹"],
  ["$\\frac{a_1}{b}$ and $W_h^\\top$", "a 1 / b and W h⊤"],
  ["$\\sigma(x)^{k}$, $\\tanh(a)$, $\\lVert g \\rVert_2$", "σ(x)^k, tanh(a), ‖ g ‖ 2"],
  ["$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$", "1 , 2 ; 3 , 4"],
  ["$c_t = f_t \\odot c_{t-1},\\ i_t$", "c t = f t ⊙ c t−1, i t"],
  ["x_1[0]", "x_1[0]"],
];

for (const [label, words] of LABELS) {
  test(`"${label}" is read as "${words}"`, () => assert.equal(spoken(label), words));
}

test("controls that are there, that come and that are renamed get words, until the component goes", async () => {
  document.body.innerHTML = `<input id="there" aria-label="Steps $T$"><div data-testid="stElementContainer"><div id="host"></div></div>`;
  const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const settled = () => window.happyDOM.waitUntilComplete();
  const end = mount({ parentElement: find("host") });
  assert.equal(find("there").getAttribute("aria-label"), "Steps T");
  document.body.insertAdjacentHTML("beforeend", `<div><button id="later" aria-label="Help for Units $H$">?</button></div>`);
  find("there").setAttribute("aria-label", "Units $H$");
  await settled();
  assert.equal(find("later").getAttribute("aria-label"), "Help for Units H");
  assert.equal(find("there").getAttribute("aria-label"), "Units H");
  assert.equal(find("host").parentElement?.style.display, "none");
  end();
  find("there").setAttribute("aria-label", "Target $y$");
  await settled();
  assert.equal(find("there").getAttribute("aria-label"), "Target $y$");
});
