import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fixed, formatted, narrow, number, power, powerOfTen, scientific, short, significant } from "../src/format.js";

/** The examples that `core/written.py` is held to as well. */
const { values, powers } = JSON.parse(readFileSync(new URL("written.json", import.meta.url), "utf8"));

for (const { value: text, ...expected } of values) {
  test(`${text} is written as the server writes it`, () => {
    const value = Number(text);
    const found = { significant: significant(value), number: number(value), number2: number(value, 2), narrow: narrow(value), short: short(value), scientific: scientific(value) };
    assert.deepEqual(found, expected);
  });
}

for (const { log10: text, power_of_ten: expected } of powers) {
  test(`10 to the ${text} is written as the server writes it`, () => assert.equal(powerOfTen(Number(text)), expected));
}

test("a number that is missing is a dash in every form", () => {
  for (const write of [significant, number, narrow, short, scientific, powerOfTen]) assert.equal(write(null), "–");
  assert.equal(fixed(null, 2), "–");
});

test("fixed decimals keep the true minus, tell exact zeros from what rounds to zero, and give that no sign", () => {
  assert.equal(fixed(-0.5, 2), "−0.50");
  assert.equal(fixed(0, 3), "0");
  assert.equal(fixed(-0, 3), "0");
  assert.equal(fixed(-0.0001, 2), "0.00");
  assert.equal(fixed(-Infinity, 2), "−∞");
});

test("a power of ten raises every sign of its exponent", () => assert.equal(power(-120), "10⁻¹²⁰"));

test("a table cell is written in the form that the payload names", () => {
  assert.equal(formatted(0.25, "fixed3"), "0.250");
  assert.equal(formatted(0.25, "fixed5"), "0.25000");
  assert.equal(formatted(2030, "significant"), "2,030");
  assert.equal(formatted(-5, "power"), "1.00\u00a0×\u00a010⁻⁵");
});
