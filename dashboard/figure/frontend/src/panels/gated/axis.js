// The sentence as time: each word with its forget gates and what one unit holds; the answer ends it.

/** @import { GatedData } from "../../../types/payload.ts" */
/** @import { Context } from "../../../types/figure.ts" */
/** @import { Layout } from "./layout.js" */
/** @import { View } from "./view.js" */

import { element, placed, svg } from "../../dom.js";
import { fixed } from "../../format.js";
import { box, dot, line, path, px, text } from "../product/draw.js";
import { columnsOf } from "./layout.js";

const MOVED = 0.02; // of what a unit holds, from which on its bar says what it was

/**
 * @param {Context} context
 * @param {GatedData} data
 * @param {Layout} at
 * @param {(t: number) => void} choose
 */
export function createAxis(context, data, at, choose) {
  const columns = columnsOf(at, data.words);
  const drawing = svg("svg", { class: "gc-svg", width: at.desktop ? at.width : at.right + 2, height: at.axis, "aria-hidden": "true" });
  const words = data.words.map((word, k) => {
    const button = placed(element("button", "gc-word", element("span", "", word)), columns[k].x, 0, columns[k].width, at.words);
    button.type = "button";
    button.style.fontSize = `${at.size}px`;
    button.setAttribute("aria-label", `Word ${k + 1}: ${word}`);
    button.addEventListener("click", () => choose(k + 1));
    return button;
  });
  const answer = element("div", "gc-answer");
  const node = element("div", "gc-axis", drawing, ...words);
  node.style.height = `${at.axis}px`;
  const middle = (/** @type {number} */ t) => columns[t - 1].x + columns[t - 1].width / 2;

  node.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    const x = event.clientX - node.getBoundingClientRect().left;
    const k = columns.findIndex((column) => x >= column.x && x < column.x + column.width);
    if (k >= 0) choose(k + 1);
  });

  /** @param {View} view */
  function set(view) {
    words.forEach((word, k) => {
      const now = k + 1 === view.t;
      word.classList.toggle("now", now);
      word.tabIndex = now ? 0 : -1;
      if (now) word.setAttribute("aria-current", "step");
      else word.removeAttribute("aria-current");
    });
    drawing.replaceChildren(...slot(view), ...shares(view), ...memory(view), ...(at.desktop ? answers(view) : []));
    if (!at.desktop) answer.replaceChildren(...narrowAnswers(view));
  }

  /** @param {View} view */
  function slot(view) {
    const { x, width } = columns[view.t - 1];
    const changed = view.held && view.name !== "all" ? [box(columns[data.at - 1].x, at.shares[0] - 6, at.right - columns[data.at - 1].x, at.axis - at.shares[0] + 6, "gc-changed")] : [];
    return [...changed, box(x, at.words, width, at.axis - at.words, "gc-slot"), path(`M${px(x)} ${at.words}V${at.axis}M${px(x + width)} ${at.words}V${at.axis}`, "gc-edge")];
  }

  /** @param {View} view */
  function shares(view) {
    const [top, bottom] = at.shares;
    const y = (/** @type {number} */ f) => bottom - (bottom - top) * f;
    const nodes = [line(at.left, top, at.right, top, "gc-hair"), line(at.left, bottom, at.right, bottom, "gc-hair"), text(0, top + 15, [{ math: "f_t" }], "gc-symbol gc-f")];
    if (!at.phone) nodes.push(text(22, top + 15, "each unit", "gc-note"), text(at.left - 5, top + 4, "1", "gc-note", "end"), text(at.left - 5, bottom + 4, "0", "gc-note", "end"));
    if (view.scene === "closed" || view.scene === "line") return [...nodes, ...unknown((top + bottom) / 2)];
    const units = [...Array(data.H).keys()].sort((one, other) => Number(one === data.follow) - Number(other === data.follow));
    const drawn = (/** @type {(vector: "f", t: number) => number[]} */ read, /** @type {string} */ kind) =>
      units.map((k) => path(`M${data.words.map((_, j) => `${px(middle(j + 1))} ${px(y(read("f", j + 1)[k]))}`).join("L")}`, `gc-gate ${kind}${k === data.follow ? " own" : ""}`));
    if (view.held) nodes.push(...drawn(view.before, "was"));
    nodes.push(...drawn(view.now, ""));
    if (view.name === "all") for (let t = 1; t <= view.upto; t++) nodes.push(dot(middle(t), y(1), 3.2, "gc-held"));
    else if (view.by("f") !== null && view.t === data.at) nodes.push(dot(middle(data.at), y(view.now("f", data.at)[0]), 4.6, "gc-held"));
    if (data.shares.length > 0 && view.name !== "all") nodes.push(text(columns[data.at - 1].x - 4, bottom - 4, `${view.held && !at.phone ? "as computed: " : ""}unit${data.shares.length > 1 ? "s" : ""} ${listed(data.shares)} let${data.shares.length > 1 ? "" : "s"} go`, `gc-name gc-f${view.held ? "" : " strong"}`, "end"));
    return nodes;
  }

  /** @param {number} y */
  function unknown(y) {
    const x = (at.left + at.right) / 2;
    return [line(at.left, y, at.right, y, "gc-todo"), box(x - 9, y - 10, 18, 20, "gc-page"), text(x, y + 5, "?", "gc-ask", "middle")];
  }

  /** @param {View} view */
  function memory(view) {
    const [top, bottom] = at.memory;
    const k = view.unit;
    const values = data.words.flatMap((_, j) => [view.now("c", j + 1)[k], view.before("c", j + 1)[k]]);
    const high = Math.max(0.5, ...values) * 1.04;
    const low = Math.min(-0.5, ...values) * 1.04;
    const y = (/** @type {number} */ c) => top + ((bottom - top) * (high - c)) / (high - low);
    const zero = y(0);
    const nodes = [text(0, zero + 5, [{ math: "c_t" }], "gc-symbol gc-c"), line(at.left, zero, at.right, zero, "gc-zero")];
    if (!at.phone) {
      nodes.push(text(21, zero + 5, `unit ${k}`, "gc-note"), text(at.left - 5, zero + 4, "0", "gc-note", "end"));
      if (data.sides && k === data.follow && view.scene !== "closed") nodes.push(text(0, Math.max(top + 2, zero - 14), `up: ${data.sides[1]}`, "gc-note"), text(0, Math.min(bottom + 2, zero + 23), `down: ${data.sides[0]}`, "gc-note"));
    }
    if (view.held && !at.desktop) nodes.push(text(at.left + 2, at.shares[1] + 13, "dashed: as computed", "gc-note"));
    if (view.scene === "closed" && !view.known) return [...nodes, ...unknown(zero)];
    const width = Math.min(15, columns[0].width - 6, at.phone ? 9 : 15);
    data.words.forEach((_, j) => {
      const x = middle(j + 1);
      if (view.scene === "add" && !view.known && j + 1 >= data.at) return;
      const [now, was] = [view.now("c", j + 1)[k], view.before("c", j + 1)[k]];
      nodes.push(box(x - width / 2, Math.min(zero, y(now)), width, Math.abs(y(now) - zero), "gc-bar-c"));
      if (view.held && Math.abs(now - was) > MOVED) nodes.push(box(x - width / 2 + 0.6, Math.min(zero, y(was)), width - 1.2, Math.abs(y(was) - zero), "gc-was-c"));
    });
    if (view.scene === "add" && !view.known) nodes.push(text(middle(data.at), zero - 6, "?", "gc-ask", "middle"));
    return nodes;
  }

  /** @param {View} view */
  function answers(view) {
    const x = at.right + 24;
    const best = view.y ? view.y.indexOf(Math.max(...view.y)) : -1;
    const nodes = [path(`M${at.right + 6} 15h11`, "gc-arrow"), path(`M${x} 15l-8 -4v8z`, "gc-tip"), text(x + 8, 20, "answer", "gc-strong")];
    if (view.held) nodes.push(text(x + 125, 20, "held", "gc-note", "end"), text(x + 168, 20, "was", "gc-note", "end"));
    data.names.forEach((name, k) => {
      const y = 46 + k * 28;
      nodes.push(text(x, y + 5, name, k === best ? "gc-person strong" : "gc-person"), box(x + 46, y - 6, 48, 13, "gc-track"));
      if (!view.y) nodes.push(text(x + 125, y + 5, "?", "gc-ask", "end"));
      else nodes.push(box(x + 46, y - 6, Math.max(1, 48 * view.y[k]), 13, k === best ? "gc-best" : "gc-other"), text(x + 125, y + 5, fixed(view.y[k], 2), k === best ? "gc-person strong" : "gc-person", "end"));
      if (!view.held) return;
      nodes.push(text(x + 168, y + 5, fixed(view.was[k], 2), "gc-person second", "end"));
      if (view.was[k] > 0.02) nodes.push(box(x + 46.6, y - 7.4, 48 * view.was[k] - 1.2, 15.8, "gc-before"));
    });
    return nodes;
  }

  /** @param {View} view */
  function narrowAnswers(view) {
    const best = view.y ? view.y.indexOf(Math.max(...view.y)) : -1;
    return data.names.map((name, k) => {
      const bar = element("i", "gc-answer-bar", element("b", ""), view.held && view.was[k] > 0.02 ? element("em", "") : null);
      /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${100 * (view.y?.[k] ?? 0)}%`;
      if (bar.lastElementChild?.tagName === "EM") /** @type {HTMLElement} */ (bar.lastElementChild).style.width = `${100 * view.was[k]}%`;
      return element("div", k === best ? "gc-answer-of best" : "gc-answer-of", element("span", "", name), element("span", "", view.y ? fixed(view.y[k], 2) : "?"), bar, element("small", "", view.held ? `was ${fixed(view.was[k], 2)}` : "\u00a0"));
    });
  }

  return { node, answer: at.desktop ? null : answer, set };
}

/** @param {number[]} numbers */
const listed = (numbers) => (numbers.length > 1 ? `${numbers.slice(0, -1).join(", ")} and ${numbers[numbers.length - 1]}` : String(numbers[0]));
