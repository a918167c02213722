import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { window } from "./page.js";

// What a figure asks of a browser before it is laid out, and happy-dom has not.
const pixel = { fillRect() {}, getImageData: () => ({ data: [18, 52, 86, 255] }) };
Object.assign(window.HTMLCanvasElement.prototype, { getContext: () => pixel });
Object.assign(document, { fonts: { add() {} } });
Object.assign(globalThis, {
  FontFace: class {
    load() {}
  },
  ResizeObserver: window.ResizeObserver,
  matchMedia: window.matchMedia.bind(window),
  getComputedStyle: window.getComputedStyle.bind(window),
});

const BUILD = new URL("../../build/", import.meta.url);
const [built] = readdirSync(BUILD).filter((name) => name.endsWith(".js"));
/** @type {{default: typeof import("../src/index.js").default}} */
const { default: mount } = await import(new URL(built, BUILD).href);

const DATA = { T: 1, H: 0, t: 1, unit: 1, label: "a figure", palette: { light: {}, dark: {} }, tokens: ["he"], panels: [] };

/**
 * @param {HTMLElement} parentElement
 * @param {object} data
 */
const mounted = (parentElement, data) => mount({ key: "test", data: new TextEncoder().encode(JSON.stringify(data)), parentElement });

test("a change that the next one overtook leaves the figure when it is ended", () => {
  const parent = document.createElement("div");
  const overtaken = mounted(parent, DATA);
  const last = mounted(parent, { ...DATA, label: "another" });
  overtaken();
  assert.equal(parent.querySelector(".figure")?.getAttribute("aria-label"), "another");
  last();
  assert.equal(parent.children.length, 0);
});
