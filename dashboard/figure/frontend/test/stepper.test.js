import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf } from "./page.js";
import { createStepper } from "../src/stepper.js";

const STAGES = ["Forward, step 1", "Forward, step 2", "Loss", "Backward, step 2"];
const GROUPS = [
  { name: ["Forward"], pills: [["1"], ["2"]], role: "h" },
  { name: ["Loss"], pills: [], role: "h" },
  { name: ["Backward"], pills: [["2"]], role: "grad" },
];

function made({ t = 1 } = {}) {
  const context = contextOf(STAGES, { t });
  const stepper = createStepper(context, GROUPS);
  stepper.setCursor(context.cursor);
  const [, back, next] = stepper.buttons.querySelectorAll("button");
  return { context, stepper, back, next, stages: [...stepper.node.querySelectorAll("button")] };
}

test("every stage is a button with its full name, in order over the groups", () => {
  assert.deepEqual(made().stages.map((button) => button.getAttribute("aria-label")), STAGES);
});

test("stages before the chosen one are done, and the chosen one is the current step", () => {
  const { stages } = made({ t: 3 });
  assert.deepEqual(stages.map((button) => button.classList.contains("done")), [true, true, false, false]);
  assert.deepEqual(stages.map((button) => button.getAttribute("aria-current")), [null, null, "step", null]);
});

test("moving on leaves no stage marked behind", () => {
  const { stepper, stages } = made({ t: 3 });
  stepper.setCursor({ t: 4, unit: 1 });
  assert.deepEqual(stages.map((button) => button.getAttribute("aria-current")), [null, null, null, "step"]);
  assert.deepEqual([...stepper.node.querySelectorAll(".stage-group")].map((group) => group.classList.contains("now")), [false, true]);
});

test("Next says the short name of what comes, and nothing at the end", () => {
  const { stepper, next } = made({ t: 1 });
  assert.equal(next.textContent, "Next: step 2");
  stepper.setCursor({ t: 4, unit: 1 });
  assert.equal(next.textContent, "Next");
});

test("at the ends Back and Next are marked as disabled, and keep the focus of who is on them", () => {
  const first = made({ t: 1 });
  assert.equal(first.back.getAttribute("aria-disabled"), "true");
  assert.equal(first.back.disabled, false);
  assert.equal(first.next.getAttribute("aria-disabled"), "false");
  assert.equal(made({ t: 4 }).next.getAttribute("aria-disabled"), "true");
});

test("a pressed stage, Back and Next ask for their step", () => {
  const { context, stages, back, next } = made({ t: 2 });
  stages[3].click();
  back.click();
  next.click();
  assert.deepEqual(context.calls, [["step", 4], ["step", 3], ["step", 4]]);
});
