// Rich text: a list of runs, each a string, {math, role?, live?}, {matrix, role?}, {strong}, {token}, {go, says} or {link, says}.
// Math is typeset from a small notation: letters italic, digits and signs upright, _ and ^ for indices, \hat{y}.

/** @import { GoRun, LinkRun, MatrixRun, Rich, Run } from "../types/payload.ts" */
/** @import { LiveRun } from "../types/figure.ts" */

import { element } from "./dom.js";

const NAMES = ["tanh", "log", "exp", "max", "min", "diag", "Corr"];
const ROLES = new Set(["i", "f", "o", "g", "c", "h"]);
const BINARY = new Set(["=", "+", "−", "⊙", "×", "≈", "≤", "≥", "<", ">"]);

/**
 * Typeset runs into one span. Live runs register themselves in `live`, a list of functions of the step.
 * @param {Rich | string} runs
 * @param {LiveRun[]} [live]
 */
export function rich(runs, live) {
  const span = element("span", "rich");
  for (const run of typeof runs === "string" ? [runs] : runs) span.append(typeset(run, live));
  return span;
}

/** @param {Rich | string} runs */
export function plain(runs) {
  if (typeof runs === "string") return runs;
  return runs.map(plainRun).join("");
}

/**
 * The same runs with every formula following the chosen step.
 * @param {Rich} runs
 * @returns {Rich}
 */
export const followed = (runs) => runs.map((run) => (typeof run === "object" && "math" in run ? { ...run, live: true } : run));

/** @param {Run} run */
function plainRun(run) {
  if (typeof run === "string") return run;
  if ("token" in run) return run.token;
  if ("strong" in run) return run.strong;
  if ("says" in run) return run.says;
  if ("matrix" in run) return run.matrix.map((row) => row.join(" ")).join("; ");
  return run.math.replace(/[\\{}_]|hat/g, "");
}

/**
 * @param {Run} run
 * @param {LiveRun[]} [live]
 */
function typeset(run, live) {
  if (typeof run === "string") return document.createTextNode(run);
  if ("token" in run) return element("span", "token", run.token);
  if ("strong" in run) return element("strong", "", run.strong);
  if ("go" in run) return way(run);
  if ("link" in run) return anchor(run);
  if ("matrix" in run) return matrix(run);
  const node = element("span", run.role ? `math role-${run.role}` : "math");
  const coloured = !run.role;
  if (run.live && live) {
    live.push((t) => node.replaceChildren(...formula(atStep(run.math, t), coloured)));
  } else {
    node.append(...formula(run.math, coloured));
  }
  return node;
}

/**
 * Words that lead to a place in the figure: whoever draws it hears the event on the way up.
 * @param {GoRun} run
 */
function way({ go, says }) {
  const node = element("button", "rich-go", says);
  node.type = "button";
  node.addEventListener("click", () => node.dispatchEvent(new CustomEvent("go", { detail: go, bubbles: true })));
  return node;
}

/**
 * Words that open another page in a window of its own, as all links in text do.
 * @param {LinkRun} run
 */
function anchor({ link, says }) {
  const node = element("a", "", says);
  node.href = link;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

/**
 * Rows of numbers, written out, between brackets.
 * @param {MatrixRun} run
 */
function matrix({ matrix: rows, role }) {
  const cells = rows.flatMap((row) => row.map((text) => element("span", "", text)));
  const node = element("span", role ? `matrix role-${role}` : "matrix", ...cells);
  node.style.setProperty("--columns", rows[0].length);
  return node;
}

/**
 * The index t of a live formula replaced by the step: h_{t-1} at step 7 is h_6.
 * @param {string} source
 * @param {number} t
 */
function atStep(source, t) {
  if (source === "t") return String(t);
  return source
    .replace(/\bt\s*-\s*1\b/g, String(t - 1))
    .replace(/\bt\s*\+\s*1\b/g, String(t + 1))
    .replace(/([_^]\{?)t\b/g, `$1{${t}}`)
    .replace(/\{\{(\d+)\}\}/g, "{$1}");
}

/**
 * @param {string} source
 * @param {boolean} coloured
 * @returns {HTMLElement[]}
 */
function formula(source, coloured) {
  const text = source.replaceAll("-", "−");
  /** @type {HTMLElement[]} */
  const out = [];
  let at = 0;
  while (at < text.length) {
    const name = NAMES.find((word) => text.startsWith(word, at));
    if (name) {
      out.push(piece("upright", name));
      at += name.length;
    } else if (text.startsWith("\\hat{", at)) {
      const end = text.indexOf("}", at);
      out.push(element("span", "hat", ...formula(text.slice(at + 5, end), false)));
      at = end + 1;
    } else if (text[at] === "_" || text[at] === "^") {
      const [inner, next] = group(text, at + 1);
      out.push(element(text[at] === "_" ? "sub" : "sup", "", ...formula(inner, false)));
      at = next;
    } else {
      if (text[at] !== " ") out.push(glyph(text, at));
      else if (!BINARY.has(text[at - 1]) && !BINARY.has(text[at + 1])) out.push(piece("thin", "\u2009"));
      at += 1;
    }
  }
  return coloured ? colour(out) : out;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {[inner: string, next: number]}
 */
function group(text, at) {
  if (text[at] !== "{") return [text[at] ?? "", at + 1];
  const end = text.indexOf("}", at);
  return [text.slice(at + 1, end), end + 1];
}

/**
 * @param {string} text
 * @param {number} at
 */
function glyph(text, at) {
  const sign = text[at];
  if (/[a-zA-Zα-ωφ]/u.test(sign)) return piece("italic", sign);
  const before = text.slice(0, at).trimEnd().at(-1) ?? "(";
  const sided = !BINARY.has(before) && !"([{,·".includes(before); // −2 is a number, 1 − 2 is a difference
  return piece(BINARY.has(sign) && sided && text.length > 3 ? "upright binary" : "upright", sign);
}

/**
 * @param {string} kind
 * @param {string} text
 */
const piece = (kind, text) => element("span", kind, text);

/**
 * A symbol i f o g c h with an index takes its role's colour, index included.
 * @param {HTMLElement[]} nodes
 */
function colour(nodes) {
  nodes.forEach((node, k) => {
    const index = nodes[k + 1];
    if (!ROLES.has(node.textContent ?? "") || index?.tagName !== "SUB") return;
    node.classList.add(`role-${node.textContent}`);
    index.classList.add(`role-${node.textContent}`);
  });
  return nodes;
}
