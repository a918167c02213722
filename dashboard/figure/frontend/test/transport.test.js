import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { contextOf } from "./page.js";
import { createTransport } from "../src/transport.js";

test("playing goes on to the last step and stops there", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const context = contextOf(["a", "b", "c"], { t: 1 });
  const { play, toggle } = createTransport(context);
  toggle();
  assert.equal(play.getAttribute("aria-label"), "Pause");
  for (let k = 0; k < 6; k++) mock.timers.tick(1000);
  assert.deepEqual(context.calls, [["step", 2], ["step", 3]]);
  assert.equal(play.getAttribute("aria-label"), "Play");
  mock.timers.reset();
});

test("where a page follows the gradient, playing goes from the last step back to the first", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const context = contextOf(["a", "b", "c"], { t: 1, backward: true });
  const { play, toggle } = createTransport(context);
  assert.equal(play.getAttribute("aria-label"), "Play backward");
  toggle();
  for (let k = 0; k < 6; k++) mock.timers.tick(1000);
  assert.deepEqual(context.calls, [["step", 3], ["step", 2], ["step", 1]]);
  mock.timers.reset();
});

test("pausing leaves the step where it is", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const context = contextOf(["a", "b", "c"], { t: 1 });
  const { toggle } = createTransport(context);
  toggle();
  mock.timers.tick(1000);
  toggle();
  mock.timers.tick(9000);
  assert.deepEqual(context.calls, [["step", 2]]);
  mock.timers.reset();
});
