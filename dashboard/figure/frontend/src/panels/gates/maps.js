// The maps: a row for each unit, a column for each word; and the words above, with the slot of the chosen one.

/** @import { GatesLetter, Palette, Rich } from "../../../types/payload.ts" */
/** @typedef {import("./layout.js").Layout} Layout */

import { svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { ramp, rampCss, rampIndex } from "../../theme.js";
import { box, line, px, text } from "../product/draw.js";
import { BETWEEN } from "./layout.js";

const LOW = 0.5; // gates below it carry their number, where there is room
const NAMES = { f: "forget gate", c: "cell state", h: "hidden state", i: "input gate", o: "output gate", g: "candidate" };
export const SHORT = { f: "forget gate", c: "cell", h: "shown", i: "input gate", o: "output gate", g: "candidate" };
export const GATES = "fio";

/**
 * The colours of a map by its letter: 0 to 1 in the gate's own, signed values in two.
 * @param {GatesLetter} letter
 * @param {Palette} palette
 */
export function coloursOf(letter, palette) {
  const table = GATES.includes(letter) ? ramp("gate", letter, palette) : ramp("signed", letter, palette);
  return {
    /**
     * @param {number} value
     * @param {number} limit of signed values
     */
    at: (value, limit) => rampCss(table, rampIndex(value, GATES.includes(letter) ? 0 : -limit, GATES.includes(letter) ? 1 : limit) / 255),
    /** @param {number} share */
    share: (share) => rampCss(table, share),
  };
}

/**
 * @typedef {object} MapPlace
 * @property {GatesLetter} letter
 * @property {number} top
 * @property {number} row px of a unit
 */

/**
 * Maps one below the other.
 * @param {GatesLetter[]} letters
 * @param {Layout} at
 * @param {number} H
 */
export function placesOf(letters, at, H) {
  /** @type {MapPlace[]} */
  const places = [];
  let top = at.head + 6;
  for (const letter of letters) {
    const row = letter === "f" ? at.row.f : at.row.other;
    places.push({ letter, top, row });
    top += row * H + BETWEEN;
  }
  return { places, bottom: top - BETWEEN };
}

/**
 * One map up to a word, and what is covered of it.
 * @param {Layout} at
 * @param {MapPlace} place
 * @param {{values: number[][], opened: number, palette: Palette, label: (Rich | string)[], limit?: number, numbers?: boolean, named?: boolean}} what its rows are named where there is room
 */
export function drawMap(at, { letter, top, row }, { values, opened, palette, label, limit = 1, numbers = false, named = false }) {
  const colours = coloursOf(letter, palette);
  const H = values[0].length;
  const node = svg("g", { role: "img", "aria-label": `${NAMES[letter]} ${letter}, ${H} units, words 1 to ${opened}${opened < values.length ? "; the rest is covered" : ""}` });
  for (let t = 1; t <= opened; t++) {
    for (let unit = 0; unit < H; unit++) {
      const value = values[t - 1][unit];
      const cell = box(at.left(t), top + unit * row, at.wide(t) - 1, row - (row > 5 ? 1 : 0.4), "gt-cell");
      cell.setAttribute("fill", colours.at(value, limit));
      node.append(cell);
      if (numbers && value < LOW && at.wide(t) > 24 && row > 12) node.append(text(at.middle(t), top + (unit + 1) * row - 3.5, fixed(value, 2).replace("0.", "."), "gt-on-cell", "middle"));
    }
  }
  if (opened < values.length) {
    const x = at.left(opened + 1);
    node.append(box(x + 1, top + 0.5, at.right - x - 2, H * row - 1, "gt-covered"), text((x + at.right) / 2, top + (H * row) / 2 + 5, "?", "second", "middle"));
  }
  node.append(...gutter(at, letter, top, H * row, label));
  if (named) for (let unit = 0; unit < H; unit++) node.append(text(at.gutter - 5, top + (unit + 1) * row - (row > 12 ? 3.5 : 1), String(unit), "gt-row second", "end"));
  return node;
}

/**
 * The letter and what it is, left of a map.
 * @param {Layout} at
 * @param {GatesLetter} letter
 * @param {number} top
 * @param {number} height
 * @param {(Rich | string)[]} label
 */
function gutter(at, letter, top, height, label) {
  const bar = box(0, top, 3, height, `gt-${letter}`);
  if (at.phone) return [bar, text(8, top + height / 2 + 5, [{ math: letter }], `gt-symbol gt-${letter}`)];
  const lines = label.map((words, k) => text(8, top + 27 + 14 * k, words, "second"));
  return [bar, text(8, top + 13, [{ math: `${letter}_t` }], `gt-symbol gt-${letter}`), ...lines];
}

/**
 * The words, those covered in grey.
 * @param {Layout} at
 * @param {string[]} words
 * @param {number} opened
 */
export function drawWords(at, words, opened) {
  const node = svg("g", { "aria-hidden": "true" });
  words.forEach((word, k) => node.append(wordAt(at, k + 1, word, k < opened ? "gt-word" : "gt-word second")));
  return node;
}

/**
 * @param {Layout} at
 * @param {number} t
 * @param {string} word
 * @param {string} kind
 */
function wordAt(at, t, word, kind) {
  if (!at.turned) return text(at.middle(t), 18, word, at.tight ? `${kind} tight` : kind, "middle");
  const node = text(0, 0, word, kind, "start");
  node.setAttribute("transform", `translate(${px(at.middle(t) + 4.5)} ${at.head - 5}) rotate(-90)`);
  return node;
}

/**
 * The slot of the chosen word, under a pill.
 * @param {Layout} at
 * @param {string[]} words
 * @param {number} t
 * @param {number} bottom
 */
export function drawSlot(at, words, t, bottom) {
  const [x, wide] = [at.left(t) - 0.5, at.wide(t)];
  const tall = at.head - (at.turned ? 0 : 2);
  const pill = at.turned ? Math.max(wide, 18) : wide + 2;
  return [
    box(x, at.head, wide, bottom - at.head, "gt-slot"), line(x, at.head, x, bottom, "gt-edge"), line(x + wide, at.head, x + wide, bottom, "gt-edge"),
    box(x + (wide - pill) / 2, 0, pill, tall, "gt-pill", 4), wordAt(at, t, words[t - 1], "gt-word on-pill"),
  ];
}

/**
 * A frame around the row that is followed, in each map.
 * @param {Layout} at
 * @param {MapPlace[]} places
 * @param {number} unit
 * @param {number} opened
 */
export const drawFollowed = (at, places, unit, opened) => places.map(({ top, row }) => box(at.gutter - 1.5, top + unit * row - 1.5, at.edges[opened] - at.gutter + 2, row + 2, "gt-frame", 3));
