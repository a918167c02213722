import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { followed, plain, rich } from "../src/rich.js";

/** @param {string} math */
const set = (math) => /** @type {HTMLElement} */ (rich([{ math }]).firstElementChild);

test("letters are italic, digits and names of functions upright", () => {
  const kinds = [...set("tanh(2a)").children].map((part) => `${part.className}:${part.textContent}`);
  assert.deepEqual(kinds, ["upright:tanh", "upright:(", "upright:2", "italic:a", "upright:)"]);
});

test("an index of several signs stands lowered as one", () => {
  const node = set("h_{t-1}");
  assert.equal(node.querySelector("sub")?.textContent, "t−1");
});

test("a power stands raised, and a minus in it is the true sign", () => assert.equal(set("10^{-3}").querySelector("sup")?.textContent, "−3"));

test("a symbol with an index takes its role's colour, its index too, unless the formula has one", () => {
  assert.deepEqual([...set("f_t").children].map((part) => part.className), ["italic role-f", "role-f"]);
  assert.equal(set("f").querySelector(".role-f"), null);
  const grad = rich([{ math: "f_t", role: "grad" }]).firstElementChild;
  assert.equal(grad?.className, "math role-grad");
  assert.equal(grad?.querySelector(".role-f"), null);
});

test("a hat stands over its letter, whose index follows", () => {
  const node = set("\\hat{y}_t");
  assert.equal(node.querySelector(".hat")?.textContent, "y");
  assert.equal(node.querySelector("sub")?.textContent, "t");
});

test("what a learner wrote is text, whatever it looks like", () => {
  const node = rich([{ token: "<b>$x_t$</b>" }]);
  assert.equal(node.textContent, "<b>$x_t$</b>");
  assert.equal(node.querySelector("b"), null);
});

test("a live formula shows the chosen step in place of t", () => {
  /** @type {((t: number) => void)[]} */
  const live = [];
  const node = rich([{ math: "∂h_t/∂h_{t-1}", live: true }], live);
  live.forEach((follow) => follow(7));
  assert.deepEqual([...node.querySelectorAll("sub")].map((sub) => sub.textContent), ["7", "6"]);
  live.forEach((follow) => follow(2));
  assert.deepEqual([...node.querySelectorAll("sub")].map((sub) => sub.textContent), ["2", "1"]);
});

test("a formula that is the step alone becomes its number, and another's t stays", () => {
  /** @type {((t: number) => void)[]} */
  const live = [];
  const node = rich([{ math: "t", live: true }, " of ", { math: "t" }], live);
  live.forEach((follow) => follow(4));
  assert.equal(node.textContent, "4 of t");
});

test("only formulas follow the step when a symbol is made to", () => {
  assert.deepEqual(followed(["state ", { math: "h_t" }, { token: "t" }]), ["state ", { math: "h_t", live: true }, { token: "t" }]);
});

test("for those who cannot see it a formula has no braces, backslashes or underscores", () => {
  assert.equal(plain([{ math: "\\hat{y}_{t-1}" }, " and ", { token: "a_b" }, { strong: "!" }, { matrix: [["1", "2"], ["3", "4"]] }]), "yt-1 and a_b!1 2; 3 4");
  assert.equal(plain("as it is"), "as it is");
});

test("a matrix has as many columns as its rows", () => {
  const node = /** @type {HTMLElement} */ (rich([{ matrix: [["1", "2"], ["3", "4"]], role: "h" }]).firstElementChild);
  assert.equal(node.style.getPropertyValue("--columns"), "2");
  assert.equal(node.className, "matrix role-h");
  assert.equal(node.textContent, "1234");
});

test("words that lead to a place tell of it on the way up, and stand as words where nothing can be pressed", () => {
  const run = { go: { t: 2 }, says: "step to t = 2" };
  const node = rich(["See ", run]);
  /** @type {unknown[]} */
  const heard = [];
  const outside = document.createElement("div");
  outside.append(node);
  outside.addEventListener("go", (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
  node.querySelector("button")?.click();
  assert.deepEqual(heard, [{ t: 2 }]);
  assert.equal(plain(["See ", run]), "See step to t = 2");
});

test("words that open another page lead there in a window of its own, and their text is never markup", () => {
  const run = { link: "inspector?T=5&x=%3Cb%3E", says: "Open <b>it</b>" };
  const node = /** @type {HTMLAnchorElement} */ (rich([run, " now"]).firstElementChild);
  assert.equal(node.getAttribute("href"), "inspector?T=5&x=%3Cb%3E");
  assert.equal(node.target, "_blank");
  assert.equal(node.childElementCount, 0);
  assert.equal(plain([run, " now"]), "Open <b>it</b> now");
});
