import assert from "node:assert/strict";
import { test } from "node:test";

import { press } from "./page.js";
import mount from "../../../home/pair.js";

const NETWORK = { units: "4 units", p: [[[90, 10], [20, 80], [0, 100]], [[10, 90], [80, 20], [100, 0]]] };
const DATA = {
  names: ["Krish", "Yann"],
  words: ["Krish", "Yann", "of"],
  switch: 1,
  pairs: [[0, 1], [1, 0]],
  lstm: NETWORK,
  rnns: { orthogonal: NETWORK, plain: NETWORK },
  said: { orthogonal: ["first", "second"], plain: ["third", "fourth"] },
  note: "A square is a probability.",
};

/** @param {string} selector */
const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

test("squares are as large as probabilities, and a word, a name and a start change what is shown", () => {
  document.body.innerHTML = "<div data-pair></div>";
  all("[data-pair]")[0].dataset.pair = JSON.stringify(DATA);
  mount({ key: "home.pair", parentElement: document.body });
  const text = (/** @type {string} */ selector) => all(selector)[0].textContent;
  assert.equal(text(".said"), "first");
  assert.equal(text(".now"), "After “of”: RNN Yann 1.00, LSTM Yann 1.00.");
  assert.equal(all(".square.lstm").length - 1, 5); // one for each above 0, and the key's
  assert.deepEqual(all(".value").map((each) => each.textContent), ["0.00", "1.00", "0.00", "1.00"]);
  const grid = all(".grid")[0];
  grid.dispatchEvent(press("Home"));
  assert.equal(text(".now"), "After “Krish”: RNN Krish 0.90, LSTM Krish 0.90.");
  assert.equal(grid.getAttribute("aria-valuenow"), "1");
  all(".start")[1].click();
  assert.equal(text(".said"), "third");
  mount({ key: "home.pair", parentElement: document.body });
  assert.equal(all(".pair").length, 1);
  assert.equal(text(".said"), "third");
});

test("on the tour the figure stands as it opens, and what is pressed there outlives a run, not the visit", () => {
  const said = () => all(".said")[0].textContent;
  const mounted = (/** @type {string} */ key) => mount({ key, parentElement: document.body });
  const fresh = () => {
    document.body.innerHTML = "<div data-pair></div>";
    all("[data-pair]")[0].dataset.pair = JSON.stringify(DATA);
  };
  fresh();
  mounted("home.pair");
  all(".start")[1].click();
  fresh();
  mounted("home.tour");
  assert.equal(said(), "first");
  all(".start")[1].click();
  mounted("home.tour");
  assert.equal(said(), "third");
  fresh();
  mounted("home.tour");
  assert.equal(said(), "first");
  fresh();
  mounted("home.pair");
  assert.equal(said(), "third");
});
