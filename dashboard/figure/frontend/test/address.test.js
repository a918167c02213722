import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "./page.js";

const navigation = new EventTarget(); // which this document has not
Object.assign(globalThis, { navigation });
const { stepInAddress, writeAddress } = await import("../src/address.js");

/**
 * What a browser tells after the address was written.
 * @param {NavigationType} navigationType
 */
const written = (navigationType) => navigation.dispatchEvent(Object.assign(new Event("currententrychange"), { navigationType }));

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

test("what was chosen stands in the address again after the server has written it", () => {
  writeAddress({ t: 4, entry: null });
  history.replaceState(null, "", "http://localhost/bptt?t=3&entry=W_h.0.1&numbers=1");
  written("push");
  assert.equal(location.search, "?t=4&numbers=1");
});

test("an address that the browser's history brings back, or another page's, is left as it is", () => {
  writeAddress({ t: 4 });
  history.replaceState(null, "", "http://localhost/forward?t=1");
  written("push");
  assert.equal(location.search, "?t=1");
  writeAddress({ t: 2 });
  history.replaceState(null, "", "http://localhost/forward?t=5");
  written("traverse");
  written("push");
  assert.equal(location.search, "?t=5");
});
