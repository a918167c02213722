import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "./page.js";
import { stepInAddress, writeAddress } from "../src/address.js";

beforeEach(() => history.replaceState(null, "", "http://localhost/bptt?t=3&cell=rnn"));

test("a choice goes into its parameter and leaves the others", () => {
  writeAddress({ t: 5, entry: "W_h.0.1" });
  assert.equal(location.search, "?t=5&cell=rnn&entry=W_h.0.1");
});

test("null takes a parameter out of the address", () => {
  writeAddress({ t: null });
  assert.equal(location.search, "?cell=rnn");
});

test("choosing adds nothing to go back to", () => {
  const before = history.length;
  writeAddress({ t: 7 });
  assert.equal(history.length, before);
});

test("the address asks for a step, or for none where it holds no whole number from 1", () => {
  assert.equal(stepInAddress(), 3);
  for (const search of ["", "?t=0", "?t=-2", "?t=2.5", "?t=two", "?t=99999"]) {
    history.replaceState(null, "", `http://localhost/bptt${search}`);
    assert.equal(stepInAddress(), undefined);
  }
});
