import assert from "node:assert/strict";
import { test } from "node:test";

import { window } from "./page.js";
import { createDoctor } from "../src/doctor.js";

/** @import { DoctorData } from "../types/payload.ts" */
/** @import { Side } from "../types/figure.ts" */

/** @type {DoctorData} */
const ILL = {
  done: { label: "Gain 3 to 1", says: "81 %, then 2 %" },
  finding: {
    says: ["The inputs reach 1,083,351 (", { token: "<b>price</b>" }, ")."],
    evidence: ["At ", { go: { t: 21, unit: 6 }, says: "step 21, unit 5" }, " it is large."],
    mends: [{ act: "scale=standard", label: "Standardise each column", then: "then 2.5" }],
    tried: "",
    show: { act: "part=1", label: "Show layer 1" },
  },
  others: [{ says: ["Another."], evidence: [] }],
};

function make() {
  /** @type {[string, unknown][]} */
  const calls = [];
  const figure = {
    given: { before: /** @type {unknown} */ (null) },
    side: /** @type {Side} */ ("after"),
    root: /** @type {HTMLElement} */ (/** @type {unknown} */ (window.document.createElement("section"))),
    choose: (/** @type {Side} */ side) => void calls.push(["side", (figure.side = side)]),
    tell: (/** @type {string} */ name, /** @type {unknown} */ value) => void calls.push([name, value]),
    setStep: (/** @type {number} */ t) => void calls.push(["step", t]),
    setUnit: (/** @type {number} */ unit) => void calls.push(["unit", unit]),
  };
  const doctor = createDoctor(figure);
  /** @param {string} selector */
  const press = (selector) => /** @type {HTMLElement} */ (doctor.node.querySelector(selector)).click();
  return { ...doctor, figure, calls, press };
}

test("where all is well nothing is shown, and what stood there is gone", () => {
  const { node, update } = make();
  update(null);
  assert.equal(node.hidden, true);
  update(ILL);
  assert.equal(node.hidden, false);
  update(null);
  assert.equal(node.hidden, true);
  assert.equal(node.childNodes.length, 0);
});

test("pressing the evidence moves the slot to its step and unit, and asks the server nothing", () => {
  const { update, calls, press } = make();
  update(ILL);
  press(".doctor-evidence .rich-go");
  assert.deepEqual(calls, [["step", 21], ["unit", 6]]);
});

test("a mend, undoing it and leaving the finding are each told by name", () => {
  const { update, calls, press } = make();
  update(ILL);
  press(".doctor-mend");
  press(".doctor-mend:nth-of-type(2)");
  press(".doctor-done button");
  press(".doctor-mends .doctor-plain");
  assert.deepEqual(calls, [["mend", "scale=standard"], ["mend", "part=1"], ["mend", "undo"], ["mend", "leave"]]);
});

test("before and after a mend are chosen here, and the server is not asked", () => {
  const { node, figure, update, calls, press } = make();
  update(ILL);
  assert.equal(node.querySelector("[data-side]"), null);
  figure.given.before = {};
  update(ILL);
  const pressed = () => [...node.querySelectorAll("[data-side]")].map((button) => button.getAttribute("aria-pressed"));
  assert.deepEqual(pressed(), ["false", "true", "false"]);
  press('[data-side="before"]');
  update(ILL);
  assert.deepEqual(pressed(), ["true", "false", "false"]);
  assert.deepEqual(calls, [["side", "before"]]);
});

test("what a learner called a column is text", () => {
  const { node, update } = make();
  update(ILL);
  assert.equal(node.querySelector("b"), null);
  assert.match(node.textContent ?? "", /<b>price<\/b>/);
});

test("without a mend that helps it says what was tried", () => {
  const { node, update } = make();
  update({ done: null, finding: { says: ["Ill."], evidence: [], mends: [], tried: "Tried without help: take tanh.", show: null }, others: [] });
  assert.equal(node.querySelector(".doctor-mend"), null);
  assert.equal(node.querySelector(".doctor-word")?.textContent, "Tried without help: take tanh.");
});

test("the list that was opened stays open when the numbers change", () => {
  const { node, update } = make();
  update(ILL);
  const fold = /** @type {HTMLDetailsElement} */ (node.querySelector("details"));
  fold.open = true;
  fold.dispatchEvent(/** @type {Event} */ (/** @type {unknown} */ (new window.Event("toggle"))));
  update({ ...ILL, done: null });
  assert.equal(/** @type {HTMLDetailsElement} */ (node.querySelector("details")).open, true);
});
