// The cell at the word that is looked at: the line on top, the gates below, every vector as four rows. What the beat has
// not come to is grey with a "?"; a gate that is held has lost its inputs and shows its number.

/** @import { GatedData } from "../../../types/payload.ts" */
/** @import { Drawing, Layout, Place, Sign, Wire } from "./layout.js" */
/** @import { View } from "./view.js" */

import { svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { box, line, path, px, text } from "../product/draw.js";
import { tokensOf } from "./tokens.js";

const HEADS = { r: "l-8 -4v8z", u: "l-4 8h8z", d: "l-4 -8h8z" };
const BOUNDED = ["f", "i", "o"]; // from 0 to 1
const UNBOUNDED = ["c0", "c", "kept", "written"];
const LINE_ALONE = 124; // of the small drawing, where it shows the line and no more
const SMALLEST = 12; // px of type
const SUMMED = ["kept", "written", "c"];
const MOST_PLACES = 4;
const SAID_WAS = ["kept", "c", "h", "f"]; // vectors with room for what they were

/**
 * @param {GatedData} data
 * @param {Layout} at
 */
export function createCell(data, at) {
  const { cell, scale } = at;
  const node = svg("svg", { class: "gc-svg gc-cell", width: px(cell.width * scale), height: px(cell.height * scale), viewBox: `0 0 ${cell.width} ${cell.height}`, role: "img" });
  const size = scale < 1 ? SMALLEST / scale : SMALLEST;
  node.style.setProperty("--gc-type", `${px(size)}px`);

  /** @param {View} view */
  function set(view) {
    node.setAttribute("aria-label", spoken(data, view));
    const [x, y, width, height] = cell.frame;
    const tall = at.phone && onLine(view) ? LINE_ALONE : cell.height;
    node.setAttribute("height", px(tall * scale));
    node.setAttribute("viewBox", `0 0 ${cell.width} ${tall}`);
    node.classList.toggle("gc-flying", view.share < 1);
    if (view.scene === "closed") return node.replaceChildren(box(x, y, width, height, "gc-frame", 14), ...shut(data, view, at));
    if (tall < cell.height) return node.replaceChildren(box(x, y, width, tall - 2 * y, "gc-frame", 14), ...lineAlone(view));
    node.replaceChildren(
      box(x, y, width, height, "gc-frame", 14),
      ...cell.wires.flatMap((wire) => drawWire(view, wire)),
      ...cell.signs.flatMap((sign) => drawSign(view, cell, sign)),
      ...drawTanh(view, cell),
      ...Object.keys(cell.gates).flatMap((gate) => drawGate(view, cell, gate)),
      ...cell.vectors.flatMap((place) => drawVector(data, view, at, place)),
      ...legend(data, view, at),
      ...(view.share < 1 ? tokensOf(view, cell, at.phone) : []),
    );
  }

  /**
   * Where there is little room: the line, and nothing of what the beat has not come to.
   * @param {View} view
   */
  function lineAlone(view) {
    const [left, low] = [cell.frame[0] + 12, LINE_ALONE - 18];
    return [
      ...cell.wires.filter(isTop).flatMap((wire) => drawWire(view, wire)),
      ...cell.signs.filter(([, y]) => y === cell.signs[0][1]).flatMap((sign) => drawSign(view, cell, sign)),
      ...cell.vectors.filter(({ name }) => name === "c0" || name === "c").flatMap((place) => drawVector(data, view, at, place)),
      text(left, low, `bars: units 0 to ${data.H - 1}; numbers: unit ${view.unit}`, "gc-note"),
    ];
  }

  return { node, set };
}

/**
 * @param {View} view
 * @param {import("./view.js").Name} name
 * @param {number} value
 * @param {number} k
 */
function asWritten(view, name, value, k) {
  if (view.veiled(name)) return "?";
  return fixed(value, view.scene === "add" && SUMMED.includes(name) ? places(view, k) : 2);
}

/**
 * Whether a vector has no bars either: its beat asks for it.
 * @param {View} view
 * @param {import("./view.js").Name} name
 */
const concealed = (view, name) => view.veiled(name) && (view.scene === "add" || view.scene === "show");

/**
 * With how many decimals what was kept and what is written make the new value as they stand there.
 * @param {View} view
 * @param {number} k
 */
export function places(view, k) {
  const [kept, written, made] = [view.now("kept")[k], view.now("written")[k], view.now("c")[k]];
  for (let digits = 2; digits < MOST_PLACES; digits++) {
    if (Math.abs(Number(kept.toFixed(digits)) + Number(written.toFixed(digits)) - Number(made.toFixed(digits))) < 1e-9) return digits;
  }
  return MOST_PLACES;
}

/**
 * Before the cell is opened: what goes in and what comes out, and nothing between.
 * @param {GatedData} data
 * @param {View} view
 * @param {Layout} at
 */
function shut(data, view, { cell }) {
  const [left, top, width, height] = cell.frame;
  const right = left + width;
  const line_ = cell.signs[0][1];
  const low = cell.wires[0][0].split("H")[0].split(" ")[1];
  const ends = /** @type {[number, number, string][]} */ ([[4, left - 4, "c0"], [right + 4, cell.width - 4, "c"], [4, left - 4, "h0"], [right + 4, cell.width - 4, "h"]]);
  return [
    ...ends.flatMap(([from, to, name], k) => {
      const y = k < 2 ? line_ : Number(low);
      const place = cell.vectors.find((each) => each.name === name);
      return [path(`M${from} ${y}H${to}`, "gc-wire todo"), path(`M${to} ${y}${HEADS.r}`, "gc-head todo"), ...(place ? [named(place.symbol, [from, y - 12], "todo")] : [])];
    }),
    text(left + width / 2, top + height / 2, "the cell", "gc-strong", "middle"),
    text(left + width / 2, top + height / 2 + 22, "the next beats open it, part by part", "gc-note", "middle"),
    text(cell.input[0], cell.input[1], [{ math: "x_t" }, ` “${data.words[view.t - 1]}”, word ${view.t} of ${data.T}`], "gc-input"),
  ];
}

/** @param {Wire} wire */
const isTop = ([d, role]) => role === "c" && d.includes("H") && !d.includes("V");

/** @param {View} view */
const onLine = (view) => view.scene === "line";

/**
 * @param {View} view
 * @param {Wire} wire
 */
function drawWire(view, wire) {
  const [d, role, from, head, of, also] = wire;
  if (of && view.by(of) !== null) return [];
  const top = isTop(wire); // the line
  const known = (onLine(view) && top) || view.has(from);
  const strong = known && (top ? onLine(view) || view.holding || view.scene === "closed" : false);
  const now = known && !view.holding && (from === view.sub || also === view.sub) && !onLine(view);
  const kind = `gc-wire ${known ? `gc-of-${role}` : "todo"}${strong || now ? " strong" : ""}`;
  return [path(d, kind), ...(head ? [path(`M${head[0]} ${head[1]}${HEADS[head[2]]}`, `gc-head ${known ? `gc-of-${role}` : "todo"}`)] : [])];
}

/**
 * @param {View} view
 * @param {Drawing} cell
 * @param {Sign} sign
 */
function drawSign(view, cell, [x, y, mark, role, from]) {
  const lit = onLine(view) && y === cell.signs[0][1];
  const known = lit || view.has(from);
  const now = lit || (known && !view.holding && from === view.sub) || (view.holding && from === 5 && view.by("f") !== null);
  const d = 4.4;
  const cross = mark === "+" ? `M${x - 5.5} ${y}h11M${x} ${y - 5.5}v11` : `M${x - d} ${y - d}l${2 * d} ${2 * d}M${x - d} ${y + d}l${2 * d} ${-2 * d}`;
  const kind = known ? `gc-of-${role}` : "todo";
  return [
    ...(now ? [svg("circle", { cx: x, cy: y, r: cell.radius + 6, class: `gc-halo ${kind}` })] : []),
    svg("circle", { cx: x, cy: y, r: cell.radius, class: `gc-disc ${kind}${now ? " now" : ""}` }),
    path(cross, `gc-mark ${kind}${now ? " now" : ""}`),
  ];
}

/**
 * @param {View} view
 * @param {Drawing} cell
 */
function drawTanh(view, { tanh: [x, y, width, height] }) {
  const kind = view.has(9) ? "gc-of-c" : "todo";
  return [box(x, y, width, height, `gc-box ${kind}`, height / 2), !view.has(9) ? unsaid(x + width / 2, y + height / 2 + 5) : text(x + width / 2, y + height / 2 + 5, [{ math: "tanh" }], `gc-inside upright ${kind}`, "middle")];
}

/**
 * @param {View} view
 * @param {Drawing} cell
 * @param {string} gate
 */
function drawGate(view, { gates, box: [width, height], words }, gate) {
  const [x, y] = gates[gate];
  const held = view.by(gate);
  const known = view.has({ f: 2, i: 3, g: 4, o: 8 }[gate] ?? 0);
  const kind = known ? `gc-of-${gate}` : "todo";
  const inside = held ?? (gate === "g" ? "tanh" : "σ");
  const below = words[gate];
  return [
    ...(held ? [box(x - 5, y - 5, width + 10, height + 10, `gc-glow ${kind}`, 9)] : []),
    box(x, y, width, height, `gc-box tinted ${kind}${held ? " held" : ""}`, 5),
    !known && !held ? unsaid(x + width / 2, y + height / 2 + 5) : text(x + width / 2, y + height / 2 + 5.5, held ? held : [{ math: inside }], `gc-inside ${held ? "strong" : gate === "g" ? "upright" : ""} ${kind}`, "middle"),
    ...(below ? [text(held && gate === "f" ? below[0] - 24 : held && gate === "o" ? below[0] - 12 : below[0], below[1], held ? `held at ${held}` : below[2], held ? `gc-name gc-${gate} strong` : "gc-note")] : []),
  ];
}

/**
 * In place of σ and tanh where they have not been named yet.
 * @param {number} x
 * @param {number} y
 */
const unsaid = (x, y) => text(x, y, "?", "gc-number second", "middle");

/**
 * @param {GatedData} data
 * @param {View} view
 * @param {Layout} at
 * @param {Place} place
 */
function drawVector(data, view, { cell, phone }, { name, from, role, symbol, at: [x, y], label }) {
  const known = onLine(view) ? name === "c0" || name === "c" : view.has(from);
  /** @type {SVGElement[]} */
  const nodes = [named(symbol, label, known ? "" : "todo")];
  if (!known || concealed(view, name)) return [...nodes, ...unknown(data, cell, phone, x, y, name === "c" || name === "h")];
  const said = (/** @type {number} */ value, k = view.unit) => asWritten(view, name, value, k);
  const [values, was] = [view.now(name), view.before(name)];
  const low = BOUNDED.includes(name) ? 0 : -1;
  const limit = UNBOUNDED.includes(name) ? view.limit : 1;
  const { width, height, left } = cell.bar;
  const place = (/** @type {number} */ value) => x + left + (width * (Math.max(low * limit, Math.min(limit, value)) - low * limit)) / ((1 - low) * limit);
  for (let k = 0; k < data.H; k++) {
    const top = y + k * cell.row;
    const own = k === view.unit;
    nodes.push(box(x + left, top + 2, width, height, "gc-track"));
    const moved = view.held && fixed(values[k], 2) !== fixed(was[k], 2);
    const [from_, to] = [place(Math.min(0, values[k])), place(Math.max(0, values[k]))];
    nodes.push(box(from_, top + 2, Math.max(1, to - from_), height, `gc-fill gc-of-${role}`));
    if (own) nodes.push(box(x + left - 2, top + 0.2, width + 4, height + 3.6, "gc-own", 2));
    if (moved) nodes.push(line(place(was[k]), top - 0.5, place(was[k]), top + height + 4.5, "gc-was"));
    if (phone) continue;
    nodes.push(text(x + left - 7, top + 10.5, said(values[k], k), `gc-number${own || moved ? " strong" : ""}`, "end"));
    if (moved && SAID_WAS.includes(name)) nodes.push(text(x + left + width + 6, top + 10.5, fixed(was[k], 2), "gc-number second"));
  }
  if (low < 0) nodes.push(line(x + left + width / 2, y, x + left + width / 2, y + data.H * cell.row - 1, "gc-zero thin"));
  if (phone) nodes.push(...phoneNumber(view, name, said(values[view.unit]), was[view.unit], x, y, label, data.H * cell.row));
  return nodes;
}

/**
 * Empty bars, each with a "?".
 * @param {GatedData} data
 * @param {Drawing} cell
 * @param {boolean} phone
 * @param {number} x
 * @param {number} y
 * @param {boolean} last whether it stands at the margin
 */
const unknown = (data, { bar, row }, phone, x, y, last) =>
  Array.from({ length: data.H }, (_, k) => y + k * row).flatMap((top, k) => [
    box(x + bar.left, top + 2, bar.width, bar.height, "gc-track"),
    ...(!phone ? [text(x + bar.left - 7, top + 10.5, "?", "gc-number second", "end")] : []),
    ...(phone && k === 0 ? [last ? text(x + bar.width / 2, y + data.H * row + 13, "?", "gc-number second", "middle") : text(x + bar.width + 4, top + 10.5, "?", "gc-number second")] : []),
  ]);

/**
 * On a phone the followed unit's number alone stands at each vector.
 * @param {View} view
 * @param {string} name
 * @param {string} said
 * @param {number} was
 * @param {number} x
 * @param {number} y
 * @param {[x: number, y: number]} label
 * @param {number} tall
 */
function phoneNumber(view, name, said, was, x, y, label, tall) {
  const kind = "gc-number strong";
  if (name === "c0" || name === "h0") return [text(x - 2, y + tall + 13, said, kind)];
  if (name === "c" || name === "h") {
    const moved = view.held && fixed(was, 2) !== said;
    return [text(x + 29, y + tall + 13, said, kind, "end"), ...(moved ? [text(x + 29, y + tall + (name === "h" ? 38 : 27), `was ${fixed(was, 2)}`, "gc-number second", "end")] : [])];
  }
  if (name === "kept" || name === "written") return [text(x + 29, y + 10, said, kind)];
  return [text(label[0] + 14, label[1], said, kind)];
}

/**
 * A product of symbols, each in the colour of its role.
 * @param {string[]} symbol
 * @param {[x: number, y: number]} place
 * @param {string} kind
 */
function named(symbol, [x, y], kind) {
  const node = svg("text", { x, y, class: `gc-label ${kind}` });
  symbol.forEach((part, k) => {
    const sign = part === "×" || part === "tanh";
    const [base, index] = part.replace(/[{}]/g, "").replace("-", "−").split("_");
    const span = svg("tspan", { class: sign ? "upright" : `italic gc-of-${base}`, ...(sign && part === "×" ? { dx: 5 } : k > 0 ? { dx: 4 } : {}) });
    span.textContent = base;
    node.append(span);
    if (index === undefined) return;
    const low = svg("tspan", { class: `italic index gc-of-${base}`, dy: 3 });
    low.textContent = index;
    const back = svg("tspan", { dy: -3 });
    back.textContent = "\u200b";
    node.append(low, back);
  });
  return node;
}

/**
 * The word that comes in, and how to read the rows.
 * @param {GatedData} data
 * @param {View} view
 * @param {Layout} at
 */
function legend(data, view, { cell, phone }) {
  const [x, y] = cell.input;
  const word = `“${data.words[view.t - 1]}”`;
  const rows = `rows: units 0 to ${data.H - 1}, rounded${view.scene === "add" ? "" : " to two decimals"}; framed: unit ${view.unit}`;
  return [text(x, y, [{ math: "x_t" }, phone ? ` ${word}` : ` ${word}, word ${view.t} of ${data.T}`], "gc-input"), ...(phone ? [text(cell.width - 4, y, `bars: units 0 to ${data.H - 1}; numbers: unit ${view.unit}`, "gc-note", "end")] : [text(cell.frame[0] + cell.frame[2] - 12, y, rows, "gc-note", "end")])];
}

/**
 * The cell in words, for those who cannot see it.
 * @param {GatedData} data
 * @param {View} view
 */
function spoken(data, view) {
  const word = data.words[view.t - 1];
  if (view.scene === "closed") return `The LSTM cell at word ${view.t}, ${word}: closed, nothing of it is shown yet.`;
  const unit = view.unit;
  const value = (/** @type {import("./view.js").Name} */ name, /** @type {number} */ from) => (!view.veiled(name) && (onLine(view) || view.has(from)) ? fixed(view.now(name)[unit], 2) : "not known yet");
  const line_ = `The LSTM cell at word ${view.t}, ${word}. Unit ${unit}: cell state before ${value("c0", 0)}`;
  if (onLine(view)) return `${line_}, after ${value("c", 7)}.`;
  const held = ["f", "i", "o"].filter((gate) => view.by(gate) !== null).map((gate) => `, ${gate} held at ${view.by(gate)}`);
  return `${line_}, f ${value("f", 2)}, kept ${value("kept", 5)}, i ${value("i", 3)}, g ${value("g", 4)}, written ${value("written", 6)}, cell state ${value("c", 7)}, o ${value("o", 8)}, hidden state ${value("h", 9)}${held.join("")}.`;
}
