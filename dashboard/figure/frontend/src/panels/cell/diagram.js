// The drawing of the cell: wires and signs in SVG, gates as buttons, vectors as HTML over it. What a sub-step has not
// reached yet is grey; what it makes is drawn strong. A gate held by hand has lost its inputs and shows its number.

/** @import { GateName } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */
/** @import { CellArrays, CellView, SignPlace, VectorPlace, WirePlace } from "../../../types/cell.ts" */

import { element, placed, svg } from "../../dom.js";
import { short } from "../../format.js";
import { rich } from "../../rich.js";
import { layoutOf } from "./layout.js";
import { createVector, rangeOf } from "./vector.js";

/** @type {Record<string, string>} */
const HEADS = { right: "l-8 -4v8z", up: "l-4 8h8z", down: "l-4 -8h8z" };
const ORDER = ["join", "f", "i", "g", "kept", "written", "c", "o", "h"];
const RADIUS = 11;

/** @type {GateName[]} */
const GATES = ["f", "i", "g", "o"];

/**
 * @param {Context} context
 * @param {CellArrays} data
 * @param {(gate: GateName) => void} open
 */
export function createDiagram(context, data, open) {
  const place = layoutOf(context.mode);
  const phone = context.mode === "phone";
  const drawing = svg("svg", { width: place.width, height: place.height, "aria-hidden": "true" });
  const inner = element("div", "cell-drawing", drawing);
  const node = element("div", "cell-diagram", inner);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "The LSTM cell");
  inner.style.width = `${place.width}px`;
  inner.style.height = `${place.height}px`;
  const [x, y, width, height] = place.frame;
  drawing.append(svg("rect", { x, y, width, height, rx: 14, class: "cell-frame" }));
  const wires = place.wires.map(wire);
  const signs = place.signs.map(sign);
  const tanh = pill();
  const gates = { f: gate("f", place.gates.f), i: gate("i", place.gates.i), g: gate("g", place.gates.g), o: gate("o", place.gates.o) };
  const vectors = place.vectors.map(vector);
  const token = element("span", "token");
  const entries = element("span", "cell-entries");
  const input = placed(element("div", "cell-input", rich([{ math: "x_t" }]), " ‘", token, "’", phone ? null : entries), place.input[0], place.input[1]);
  input.style.maxWidth = `${place.input[2]}px`;
  inner.append(input);

  /** @param {WirePlace} place */
  function wire([d, role, from, head, owner, also]) {
    const group = svg("g", { class: "cell-wire" });
    group.style.setProperty("--k", `var(--u-${role})`);
    group.append(svg("path", { d, class: "line" }));
    if (head) group.append(svg("path", { d: `M${head[0]} ${head[1]}${HEADS[head[2]]}`, class: "head" }));
    drawing.append(group);
    return { group, from, owner, also };
  }

  /** @param {SignPlace} place */
  function sign([cx, cy, mark, role, from]) {
    const group = svg("g", { class: "cell-sign" });
    group.style.setProperty("--k", `var(--u-${role})`);
    const d = 4.4;
    const path = mark === "+" ? `M${cx - 5.5} ${cy}h11M${cx} ${cy - 5.5}v11` : `M${cx - d} ${cy - d}l${2 * d} ${2 * d}M${cx - d} ${cy + d}l${2 * d} ${-2 * d}`;
    group.append(svg("circle", { cx, cy, r: 19, class: "halo" }), svg("circle", { cx, cy, r: RADIUS, class: "disc" }), svg("path", { d: path }));
    drawing.append(group);
    return { group, from };
  }

  function pill() {
    const [left, top, w, h] = place.tanh;
    const box = placed(element("span", "cell-tanh", rich([{ math: "tanh" }])), left, top, w, h);
    inner.append(box);
    return box;
  }

  /**
   * @param {GateName} name
   * @param {[x: number, y: number]} corner
   */
  function gate(name, [left, top]) {
    const box = placed(element("button", "cell-gate"), left, top, ...place.box);
    box.type = "button";
    box.dataset.gate = name;
    box.style.setProperty("--k", `var(--u-${name})`);
    box.addEventListener("click", () => open(name));
    inner.append(box);
    const below = place.words[name];
    const word = below ? placed(element("span", "cell-word"), ...below) : null;
    if (word) inner.append(word);
    return { box, word };
  }

  /** @param {VectorPlace} place */
  function vector([name, lag, role, from, lx, ly, vx, vy, symbol]) {
    const label = placed(element("span", "cell-symbol", symbol ? rich([{ math: symbol, role }]) : null), lx, ly);
    const shown = createVector(data.H, role, rangeOf(name, data.limit), phone);
    inner.append(label, placed(shown.node, vx, vy));
    return { name, lag, from, label, shown };
  }

  /** @param {CellView} view */
  function set({ t, sub, unit, gate: opened, read, before, heldAt, tokens, numbers }) {
    for (const { group, from, owner, also } of wires) {
      const cut = owner && heldAt(owner).all;
      group.classList.toggle("known", sub >= from && !cut);
      group.classList.toggle("cut", Boolean(cut));
      group.classList.toggle("now", sub === from || sub === also);
    }
    for (const { group, from } of signs) {
      group.classList.toggle("known", sub >= from);
      group.classList.toggle("now", sub === from);
    }
    tanh.classList.toggle("known", sub >= 9);
    for (const name of GATES) {
      const { box, word } = gates[name];
      const { all, some, value } = heldAt(name);
      const from = ORDER.indexOf(name) + 1;
      box.classList.toggle("known", sub >= from);
      box.classList.toggle("now", sub === from);
      box.classList.toggle("held", some);
      box.classList.toggle("open", opened === name);
      box.setAttribute("aria-expanded", String(opened === name));
      const squash = data.gates[name].squash;
      const hand = short(value ?? 0);
      box.replaceChildren(all ? hand : rich([{ math: squash }]), some && !all ? ` ${hand}` : "");
      const set_ = some ? `, set to ${hand} by hand` : "";
      box.setAttribute("aria-label", `${data.gates[name].name}${set_}: equation, weights and values`);
      if (word) word.textContent = some ? `set to ${hand}` : data.gates[name].name.replace(" gate", "").toLowerCase();
    }
    for (const { name, lag, from, label, shown } of vectors) {
      label.classList.toggle("known", sub >= from);
      shown.node.classList.toggle("now", sub === from);
      shown.set(sub >= from ? read(name, t, lag) : null, before(name, t, lag), opened ? unit : -1);
    }
    token.textContent = tokens[t - 1];
    entries.textContent = ` = [${numbers("x", t)}]`;
  }

  function resize() {
    const room = context.mode === "desktop" ? context.geometry.width - 268 : context.geometry.width;
    const scale = Math.min(1, room / place.width);
    inner.style.transform = scale < 1 ? `scale(${scale})` : "";
    node.style.width = `${Math.floor(place.width * scale)}px`;
    node.style.height = `${Math.ceil(place.height * scale)}px`;
  }

  return { node, set, resize, gates };
}
