import assert from "node:assert/strict";
import { test } from "node:test";

import { contextOf } from "./page.js";
import { create } from "../src/panels/drawing.js";

/** @param {import("../types/payload.ts").DrawingNode[]} nodes */
const drawn = (nodes) => create(contextOf([]), { kind: "drawing", nodes, width: 40, height: 20, label: ["A step of length ", { math: "g_t" }] }).full;

test("a drawing is one picture with a name in words", () => {
  const picture = drawn([])?.querySelector("svg");
  assert.equal(picture?.getAttribute("role"), "img");
  assert.equal(picture?.getAttribute("aria-label"), "A step of length gt");
});

test("attributes that could run or load something are left out", () => {
  const line = drawn([["g", {}, [["line", { x1: "3", onclick: "alert(1)", href: "x" }, ""]]]])?.querySelector("line");
  assert.deepEqual(line?.getAttributeNames(), ["x1"]);
});

test("an element that draws nothing is refused by name", () => {
  assert.throws(() => drawn([["script", {}, "alert(1)"]]), /<script>/);
});
