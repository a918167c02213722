// The map of loss steps over state steps, and the band of truncated BPTT on it.

/** @import { Palette } from "../../../types/payload.ts" */
/** @import { EntryView } from "../../../types/figure.ts" */

import measures from "../../../../measures.json" with { type: "json" };
import { clamp, element, svg } from "../../dom.js";
import { significant } from "../../format.js";
import { rich } from "../../rich.js";
import { ramp, rampCss } from "../../theme.js";
import { arrows, choosable, radios } from "./choose.js";
import { READ_OUT, at } from "./data.js";
import { cutting, mapOf } from "./words.js";
import { math, number, short, unknown } from "./write.js";

const LABEL = measures.map_of_steps.label; // px of the row names
const FULL = 46; // px a cell from which numbers have four decimals
const SHORT = 33; // px below which there is no room for numbers
const STRENGTH = 0.24; // how far from the middle of the ramp the largest value stands: numbers stay readable on it

/** @param {Palette} palette */
export function createMap(palette) {
  const colours = ramp("signed", "", palette);
  const head = element("div", "");
  const grid = arrows(element("div", "grid"));
  const stairs = svg("svg", { class: "stairs", preserveAspectRatio: "none", "aria-hidden": "true" });
  const line = svg("path", {});
  stairs.append(line);
  const slot = element("div", "map-slot");
  const handle = element("div", "handle", element("span", "grip"));
  handle.tabIndex = 0;
  handle.dataset.focus = "band";
  handle.setAttribute("role", "slider");
  handle.setAttribute("aria-label", "Truncation window");
  const track = element("div", "band", element("span", "band-line"), handle);
  const box = element("div", "step-map", slot, grid, stairs, track);
  const facts = element("div", "");
  /** @type {EntryView | null} */
  let shown = null;
  let width = 0; // kept, for reading it lays the page out

  new ResizeObserver(() => {
    if (box.clientWidth === width || !shown) return;
    width = box.clientWidth;
    draw(shown);
  }).observe(box);

  /** @param {EntryView} view */
  function draw(view) {
    shown = view;
    const { T } = view.data;
    box.style.setProperty("--T", T);
    width ||= box.clientWidth;
    const room = (width - LABEL) / T;
    box.classList.toggle("crowded", room < SHORT);
    box.classList.toggle("close", room < FULL);
    const write = room < FULL ? short : number;
    head.replaceChildren(...title(view));
    grid.replaceChildren(cells(view, { colours, write }));
    slot.hidden = view.known.step === 0;
    slot.style.setProperty("--at", view.known.step - 1);
    drawBand(view);
    facts.replaceChildren(...told(view));
  }

  /** @param {EntryView} view */
  function drawBand({ data, choice, known, part }) {
    const { T } = data;
    const k = choice.window;
    stairs.setAttribute("viewBox", `0 0 ${T} ${T}`);
    let path = `M0 ${k}`;
    for (let s = k + 1; s <= T; s++) path += `H${s - k}V${s}`;
    line.setAttribute("d", k < T ? path : "");
    handle.style.setProperty("--at", T - k);
    handle.setAttribute("aria-valuemin", "1");
    handle.setAttribute("aria-valuemax", String(T));
    handle.setAttribute("aria-valuenow", String(k));
    const lost = known.complete ? `, lost ${percent(at(part.lost, k - 1))}` : "";
    handle.setAttribute("aria-valuetext", k === T ? `${k} of ${T}, nothing is cut` : `${k} of ${T}: the loss at step ${T} reaches back to step ${T - k + 1}${lost}`);
  }

  /** @param {number} k */
  const setWindow = (k) => shown?.choose({ window: clamp(k, 1, shown.data.T) });

  // A narrower window moves the handle to the right, so the arrows left and right follow the picture.
  handle.addEventListener("keydown", (event) => {
    if (!shown) return;
    const { T } = shown.data;
    const k = shown.choice.window;
    /** @type {Record<string, number | undefined>} */
    const moves = { ArrowLeft: k + 1, ArrowUp: k + 1, ArrowRight: k - 1, ArrowDown: k - 1, PageUp: k + 2, PageDown: k - 2, Home: 1, End: T };
    const next = moves[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    setWindow(next);
  });

  /** @param {PointerEvent} event */
  function drag(event) {
    if (!shown) return;
    const { T } = shown.data;
    const area = stairs.getBoundingClientRect();
    setWindow(T - clamp(Math.round(((event.clientX - area.left) / area.width) * T), 0, T - 1));
  }
  /** @type {number | null} */
  let held = null;
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = event.pointerId;
    track.setPointerCapture(held);
    handle.focus({ preventScroll: true, focusVisible: false });
    drag(event);
    event.preventDefault();
  });
  track.addEventListener("pointermove", (event) => event.pointerId === held && drag(event));
  for (const end of ["pointerup", "pointercancel"]) track.addEventListener(end, () => (held = null));

  return { node: element("section", "entry-map", head, box, facts), draw };
}

/** @typedef {{colours: Uint8ClampedArray, write: (value: number) => string}} Look */

/** @param {EntryView} view */
function title(view) {
  const { data, choice } = view;
  const kinds = radios("Numbers in the map", [
    ["m-entry", "this entry", !choice.whole, () => view.choose({ whole: false })],
    ["m-whole", rich(["whole ", { math: choice.name }]), Boolean(choice.whole), () => view.choose({ whole: true })],
  ]);
  return [element("h2", "", "Which loss, through which state"), element("p", "words", rich(mapOf(choice, data.steps.length, data.T))), kinds];
}

/**
 * @param {EntryView} view
 * @param {Look} look
 */
function cells(view, look) {
  const { data } = view;
  const steps = Array.from({ length: data.T }, (_, k) => k + 1);
  const corner = element("td", "");
  corner.rowSpan = 2;
  const over = element("th", "over", "state step");
  over.colSpan = data.T;
  over.scope = "colgroup";
  const numbers = steps.map((k) => {
    const head = element("th", k === view.known.step ? "chosen" : "", String(k));
    head.scope = "col";
    return head;
  });
  const rows = steps.map((s) => element("tr", data.steps.includes(s) ? "" : "silent", named(`loss at ${s}`), ...steps.map((k) => cell(view, look, s, k))));
  const gap = element("td", "");
  gap.colSpan = data.T + 1;
  const table = element(
    "table",
    "",
    element("thead", "", element("tr", "", corner, over), element("tr", "", ...numbers)),
    element("tbody", "", ...rows, element("tr", "gap", gap), element("tr", "sums", named(view.choice.whole ? "sum" : "term"), ...steps.map((k) => sum(view, look, k)))),
  );
  table.setAttribute("aria-label", `Loss steps and state steps of ${view.plainName}`);
  return table;
}

/** @param {string} text */
const named = (text) => {
  const head = element("th", "", text);
  head.scope = "row";
  return head;
};

/**
 * @param {EntryView} view
 * @param {Look} look
 * @param {number} s
 * @param {number} k
 */
function cell(view, { colours, write }, s, k) {
  const { data, choice, known, part } = view;
  const { name, row, col } = choice;
  const read = data.steps.indexOf(s);
  if (k > s || (READ_OUT.has(name) && k < s)) return element("td", "");
  if (read < 0) return element("td", "", element("span", "none", "–"));
  const is = known.term(name, k);
  const [value, largest] = choice.whole ? [at(part.map, read, k - 1), part.map_largest] : [at(part.terms, row, col, read, k - 1), at(part.largest, row, col)];
  const cut = !READ_OUT.has(name) && s - k >= choice.window;
  const chosen = !choice.total && choice.s === s && choice.k === k;
  const content = is ? element("span", "value", write(value)) : unknown();
  const button = choosable(`c-${s}-${k}`, s, k, choice.s === s && choice.k === k, () => view.open(k, s), content);
  button.classList.toggle("chosen", chosen);
  button.classList.toggle("cut", cut);
  button.classList.toggle("empty", !is);
  button.setAttribute("aria-pressed", String(chosen));
  button.setAttribute("aria-label", `Loss at ${s}, state step ${k}: ${is ? number(value) : "not computed yet"}${cut ? ", cut off" : ""}`);
  if (is && !cut) button.style.background = rampCss(colours, 0.5 + (largest > 0 && Number.isFinite(value) ? (STRENGTH * value) / largest : 0));
  if (is) button.title = number(value);
  return element("td", "", button);
}

/**
 * @param {EntryView} view
 * @param {Look} look
 * @param {number} k
 */
function sum(view, { write }, k) {
  const { data, choice, known, part } = view;
  const { name, row, col } = choice;
  if (READ_OUT.has(name) && !data.steps.includes(k)) return element("td", "", element("span", "value", "–"));
  const value = choice.whole ? at(part.map_sums, k - 1) : at(part.term, row, col, k - 1);
  const node = element("td", "", known.term(name, k) ? element("span", "value", write(value)) : element("span", "later", "?"));
  return node;
}

/** @param {number} share */
const percent = (share) => `${significant(share * 100)}\u00a0%`;

/**
 * What the window cuts, and what that costs.
 * @param {EntryView} view
 */
function told(view) {
  const { data, choice, known, part } = view;
  const { name, row, col, window: k } = choice;
  const { T } = data;
  const is = READ_OUT.has(name) ? known.output : known.complete;
  /**
   * @param {string} label
   * @param {string} value
   */
  const fact = (label, value) => element("div", "", element("dt", "", label), element("dd", "", is ? value : "?"));
  const facts = element(
    "dl",
    "facts",
    element("div", "", element("dt", "", "window ", math("k")), element("dd", "", `${k} of ${T}`)),
    fact("lost", percent(at(part.lost, k - 1))),
    fact("cosine", number(at(part.cosine, k - 1))),
    fact("this entry", number(at(part.truncated, row, col, k - 1))),
  );
  return [facts, element("p", "words", rich(cutting(choice, data.steps.length, T)))];
}
