// The layout of a lesson's figure: a strip of beats, the words and the question of one, the drawing that it drives, and
// one sentence that says what is to be seen. All of it moves without the server, which is only told what was answered.

/** @import { FigureData, Rich } from "../../types/payload.ts" */
/** @import { Context, Cursor, DrivenPanel, Mode, Page } from "../../types/figure.ts" */

import { beatInAddress, stepInAddress, writeAddress } from "../address.js";
import { clamp, element, focusedBeside } from "../dom.js";
import { contextOf, createRow } from "../page.js";
import { rich } from "../rich.js";
import { createWayInto } from "./inspector.js";
import { createQuestion } from "./question.js";

const AGAIN = "ask again"; // in place of an option
const STAY = 1000; // ms on a beat after which it counts as reached; who hurries past several tells of the last one

/**
 * @param {import("../figure.js").Figure} figure
 * @param {Mode} mode
 * @returns {Page}
 */
export function createBeatsPage(figure, mode) {
  const context = contextOf(figure, mode);
  const count = element("span", "beat-count");
  const strip = element("div", "beat-segments");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "Beats");
  const back = step("Back", -1);
  const next = step("Next", 1);
  next.classList.add("primary");
  const nextName = element("span", "next-name");
  next.append(nextName);
  const ways = element("div", "beat-ways", back, next);
  const phone = mode === "phone";
  const inspector = createWayInto(mode === "desktop" ? "Open in the Inspector" : "Inspector");
  const head = element("div", "beat-strip", count, strip, inspector, phone ? null : ways);
  const title = element("h2", "beat-title");
  const words = element("p", "beat-words");
  const text = element("div", "beat-text", title, words);
  const question = createQuestion(answered, askAgain);
  const said = element("p", "beat-said");
  said.setAttribute("role", "status");
  const row = createRow(context, figure.data.panels[0]);
  const drawing = /** @type {DrivenPanel} */ (row.main);
  const dock = phone ? element("div", "dock", back, element("span", "beat-count"), next) : null;
  const beside = mode === "desktop"; // where there is less room the question stands below the drawing
  const top = element("div", "beat", text, beside ? question.node : null);
  /** @type {HTMLButtonElement[]} */
  let segments = [];
  let told = "";
  let lacks = false; // whether the server is to send what this beat's drawing lacks
  let at = clamp(beatInAddress() ?? recalled(context).beat ?? 1, 1, beats().length);
  /** @type {import("../../types/figure.ts").Timer | undefined} */
  let staying;

  function beats() {
    return figure.data.beats ?? [];
  }

  /**
   * @param {string} label
   * @param {number} by
   */
  function step(label, by) {
    const button = element("button", "text-button", label);
    button.type = "button";
    button.addEventListener("click", () => (at + by > beats().length ? leave() : go(at + by)));
    return button;
  }

  /** To the next lesson, as the sidebar goes there, and by its address where that is folded away. */
  function leave() {
    const path = figure.data.onward?.path;
    if (!path) return;
    const link = /** @type {HTMLElement | null} */ (document.querySelector(`[data-testid="stSidebarNav"] a[href$="/${path}"]`));
    if (link) link.click();
    else location.assign(path);
  }

  /** @param {number} wanted */
  function go(wanted) {
    const to = clamp(wanted, 1, beats().length);
    if (to === at) return;
    at = to;
    const inside = focusedBeside(head) !== null;
    context.remember("beats", { beat: at });
    writeAddress({ beat: at });
    show(true);
    stay();
    if (head.getBoundingClientRect().top < 0) head.scrollIntoView({ block: "start" });
    if (inside && focusedBeside(head) === null) page.focus(); // what had it is gone with its beat
    figure.live.textContent = `Beat ${at} of ${beats().length}: ${beats()[at - 1].title}`;
  }

  /** Tell the server that a beat was reached, once, where that counts; an answer in it says so, too. */
  function stay() {
    clearTimeout(staying);
    if (figure.data.counted && at > furthest()) staying = setTimeout(() => figure.tell("reached", { beat: reach() }), STAY);
  }

  /** The furthest beat that the server knows of: it has opened the page with the first or that of the address. */
  function furthest() {
    return recalled(context).furthest ?? 1;
  }

  /** Note that the server hears of this beat; its name. */
  function reach() {
    clearTimeout(staying);
    context.remember("beats", { furthest: Math.max(at, furthest()) });
    return beats()[at - 1].name;
  }

  /** @param {string} option */
  function answered(option) {
    const beat = beats()[at - 1];
    reach();
    context.remember("beats", { ...recalled(context), [`answer ${beat.question?.key}`]: option });
    figure.tell("answered", { beat: beat.name, option });
    show(false);
  }

  function askAgain() {
    const beat = beats()[at - 1];
    context.remember("beats", { ...recalled(context), [`answer ${beat.question?.key}`]: AGAIN });
    show(true);
    /** @type {HTMLElement | null} */ (question.node.querySelector("button"))?.focus({ preventScroll: true });
  }

  /** What was answered: here, or by what the server kept. */
  function given() {
    const beat = beats()[at - 1];
    const kept = /** @type {Record<string, string | undefined>} */ (recalled(context))[`answer ${beat.question?.key}`];
    return kept === AGAIN ? null : (kept ?? beat.question?.given ?? null);
  }

  /** @param {Rich} now */
  function tell(now) {
    const name = JSON.stringify(now);
    if (name !== told) said.replaceChildren(rich(now));
    told = name;
  }

  drawing.onSaid?.((replaced) => {
    const beat = beats()[at - 1];
    tell(replaced ?? (beat.question === null || given() !== null ? beat.said : beat.before));
  });

  /** @param {boolean} entered whether another beat was gone to, which then sets the drawing anew */
  function show(entered) {
    const all = beats();
    const beat = all[at - 1];
    for (const place of [count, ...(dock?.querySelectorAll(".beat-count") ?? [])]) place.textContent = `${at} of ${all.length}`;
    segments.forEach((segment, k) => {
      segment.classList.toggle("done", k + 1 < at);
      if (k + 1 === at) segment.setAttribute("aria-current", "step");
      else segment.removeAttribute("aria-current");
    });
    back.setAttribute("aria-disabled", String(at === 1));
    const onward = figure.data.onward?.title;
    next.setAttribute("aria-disabled", String(at === all.length && !onward));
    nextName.textContent = at < all.length ? `: ${all[at].name.replaceAll("-", " ")}` : onward ? ` lesson: ${onward}` : "";
    title.textContent = beat.title;
    words.replaceChildren(rich(beat.words));
    const answer = given();
    const known = beat.question === null || answer !== null;
    question.show(beat.question, answer);
    if (!drawing.onSaid) tell(known ? beat.said : beat.before);
    drawing.setBeat(beat.show, { known, entered });
    if (!beat.ready && !lacks) figure.tell("wanted", { beat: beat.name });
    lacks = !beat.ready;
  }

  /** @param {FigureData} data */
  function update(data) {
    segments = (data.beats ?? []).map((beat, k) => {
      const segment = element("button", "beat-segment");
      segment.type = "button";
      segment.setAttribute("aria-label", `Beat ${k + 1}, ${beat.title}`);
      segment.addEventListener("click", () => go(k + 1));
      return segment;
    });
    strip.replaceChildren(...segments);
    at = clamp(at, 1, segments.length);
    inspector.href = data.inspector;
    row.update(data.panels[0]);
    show(false);
  }

  /**
   * n and p also where nothing has the focus.
   * @param {KeyboardEvent} event
   */
  function pressed(event) {
    const by = { n: 1, p: -1 }[event.key];
    if (by === undefined || event.defaultPrevented || document.activeElement !== document.body || event.altKey || event.ctrlKey || event.metaKey) return;
    go(at + by);
    event.preventDefault();
  }
  document.addEventListener("keydown", pressed);

  /** @type {Page} */
  const page = {
    nodes: [head, top, ...row.wide, said, ...(beside ? [] : [question.node]), ...(drawing.below ? [drawing.below] : []), ...(dock ? [dock] : []), element("h2", "beat-deeper", "Go deeper")],
    update,
    /** @param {Cursor} cursor */
    setCursor: (cursor) => drawing.setCursor(cursor),
    toggle: () => drawing.toggle(),
    stop: () => drawing.stop(),
    focus: () => next.focus({ preventScroll: true }),
    turn: (by) => go(at + by),
    steps: drawing.steps,
    stepUnder: () => context.cursor.t,
    unitUnder: () => null,
    resize: () => row.resize(),
    destroy() {
      document.removeEventListener("keydown", pressed);
      clearTimeout(staying);
      row.destroy();
    },
  };
  if (recalled(context).furthest === undefined) context.remember("beats", { furthest: at });
  update(figure.data);
  if (stepInAddress() === undefined) show(true);
  return page;
}

/**
 * @param {Context} context
 * @returns {{beat?: number, furthest?: number}}
 */
const recalled = (context) => context.recall("beats");
