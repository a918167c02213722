import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "./page.js";
import { writeAddress } from "../src/address.js";

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
