// One entry of a gradient, opened: the sum it is, one term as a product, and the map of losses and states.
// The figure's cursor is a stage of the backward pass here: what the stage has not reached is shown as "?".
// Other panels of the figure open a use of a weight here by context.open({weight, k}), also with row and col.

/** @import { EntryData, WeightName } from "../../types/payload.ts" */
/** @import { Context, EntryChoice, EntryView, EntryWish, Panel, Timer } from "../../types/figure.ts" */

import { writeAddress } from "../address.js";
import { element } from "../dom.js";
import { plain, rich } from "../rich.js";
import { chainBox } from "./entry/chain.js";
import { arrows, choosable, keepingFocus, radios } from "./entry/choose.js";
import { at, decoded, knowledge, within } from "./entry/data.js";
import { createMap } from "./entry/step_map.js";
import { remark, termsTable, totalsTable } from "./entry/terms.js";
import { reading } from "./entry/words.js";
import { entryName, index, number, unknown } from "./entry/write.js";
import style from "./entry/style.css";

const NAME = "entry";
const QUIET = 400; // ms without a choice before the address takes it
const EXAMPLE_STEPS = 4; // the chapter's example needs the use between o_3 and o_4 too

/**
 * @param {Context} context
 * @param {EntryData} payload
 * @returns {Panel<EntryData>}
 */
export function create(context, payload) {
  const sheet = element("style", "");
  sheet.textContent = style;
  const sums = element("section", "entry-sum");
  const map = createMap(context.palette);
  const chain = element("section", "entry-chain");
  const node = element("div", "entry-panel", sheet, element("div", "entry-columns", sums, map.node), chain);
  let data = decoded(payload);
  let stage = 0;
  let stale = true;
  /** @type {Timer | undefined} */
  let quiet;

  /** @param {EntryWish} change */
  function choose(change) {
    context.remember(NAME, change);
    draw();
    if (!context.address) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const { name, row, col, window: k } = chosen();
      writeAddress({ entry: `${name}.${row}.${col}`, window: k < data.T ? k : null });
    }, QUIET);
  }

  context.open = ({ weight, k, row, col }) => {
    const place = row === undefined ? {} : { row, col };
    choose({ name: weight, ...place, k, s: undefined, stage, total: false, example: false });
    sums.scrollIntoView({ block: "nearest" });
  };

  /**
   * The opened term follows the stages; another one stays open until the next step.
   * @returns {EntryChoice}
   */
  function chosen() {
    /** @type {EntryWish} */
    const kept = context.recall(NAME);
    const followed = data.chosen[stage - 1] || undefined;
    return within(kept.stage === stage ? kept : { ...kept, k: followed ?? kept.k, s: followed ? undefined : kept.s, example: false }, data);
  }

  /** @returns {EntryView} */
  function viewed() {
    const choice = chosen();
    const name = entryName(choice.name, choice.row, choice.col);
    return {
      data,
      choice,
      part: data.weights[choice.name],
      known: knowledge(data, stage),
      name,
      plainName: plain([{ math: name }]),
      choose,
      open: (k, s) => choose({ k, s: s ?? undefined, stage, total: false, example: false }),
    };
  }

  function draw() {
    stale = false;
    node.dataset.shows = data.shows ?? "all";
    node.style.setProperty("--steps", data.T);
    node.style.setProperty("--tall", Math.max(data.H, data.O));
    const view = viewed();
    keepingFocus(node, () => {
      sums.replaceChildren(...summed(view));
      map.draw(view);
      chain.replaceChildren(...chainBox(view));
      // Two of these panels may stand on a page, each in its fold: their boxes are told apart by what they show.
      if (data.shows) for (const box of node.querySelectorAll(".scroller")) box.setAttribute("aria-label", `${box.getAttribute("aria-label")} (${data.shows})`);
    });
  }

  /** @param {EntryView} view */
  function summed(view) {
    const { choice } = view;
    const title = element("h2", "", "One entry, opened: ", rich([{ math: view.name, role: "grad" }]));
    const table = choice.total ? totalsTable(view) : termsTable(view);
    return [
      title,
      element("p", "words", rich(reading(view.choice))),
      element("div", "controls", weights(view), derivatives(view), preset(view)),
      element("div", "entry-body", matrixOf(view), table),
      element("p", "words remark-line", remark(view)),
    ];
  }

  /** @param {EntryView} view */
  function weights(view) {
    const names = /** @type {WeightName[]} */ (Object.keys(data.weights));
    return radios("Weight", names.map((name) => [`w-${name}`, rich([{ math: name }]), name === view.choice.name, () => choose({ name, example: false })]));
  }

  /** @param {EntryView} view */
  function derivatives(view) {
    return radios("Derivative", [
      ["d-immediate", rich(["immediate ", { math: "∂⁺" }]), !view.choice.total, () => choose({ total: false })],
      ["d-total", rich(["total ", { math: "d" }]), Boolean(view.choice.total), () => choose({ total: true, example: false })],
    ]);
  }

  /** @param {EntryView} view */
  function preset(view) {
    if (data.T < EXAMPLE_STEPS) return null;
    const button = element("button", "preset", rich(["The chapter's example: ", { math: "W_h" }, " at ", { math: "t = 3" }]));
    button.type = "button";
    button.dataset.focus = "preset";
    button.setAttribute("aria-pressed", String(Boolean(view.choice.example)));
    button.addEventListener("click", () => choose({ name: "W_h", k: 3, s: data.T, stage, total: false, whole: false, example: true }));
    return button;
  }

  function destroy() {
    clearTimeout(quiet);
  }

  return {
    full: node,
    update(next) {
      data = decoded(next);
      stale = true;
    },
    setCursor({ t }) {
      if (t === stage && !stale) return;
      stage = t;
      draw();
    },
    resize() {
      stale = true;
    },
    destroy,
  };
}

/**
 * The gradient in brackets; every entry is a button with its sum so far.
 * @param {EntryView} view
 */
function matrixOf(view) {
  const { data, choice, known, part } = view;
  const { name } = choice;
  const [rows, columns] = part.shape;
  const count = known.count(name);
  const buttons = Array.from({ length: rows * columns }, (_, k) => {
    const [row, col] = [Math.floor(k / columns), k % columns];
    const text = count === 0 ? null : number(count === data.T ? at(part.value, row, col) : at(part.so_far, row, col, count));
    const chosen = row === choice.row && col === choice.col;
    const button = choosable(`e-${row}-${col}`, row, col, chosen, () => view.choose({ row, col }), text ?? unknown());
    button.setAttribute("aria-pressed", String(chosen));
    button.setAttribute("aria-label", `∂L/∂${name.replace("_", "")}${index(name, row, col)}: ${text ?? "not computed yet"}`);
    return button;
  });
  const node = element("div", "gradient-matrix bracket", ...buttons);
  node.style.setProperty("--columns", columns);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", `Entries of ∂L/∂${name.replace("_", "")}`);
  return element("div", "gradient", element("div", "gradient-name", rich([{ math: `∂L/∂${name}`, role: "grad" }])), arrows(node));
}
