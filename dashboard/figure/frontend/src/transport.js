// Step back, play or pause, step forward; and the slider whose stops are the column centres.

/** @import { Context, Cursor, Timer } from "../types/figure.ts" */

import { clamp, element, icon } from "./dom.js";

/** @type {Record<string, string>} */
const ICONS = {
  back: "M-5 -5v10M-4 0l8 -5.5v11z",
  play: "M-3.5 -6l10 6l-10 6z",
  "play backward": "M3.5 -6l-10 6l10 6z",
  pause: "M-4 -5.5h3v11h-3zM2 -5.5h3v11h-3z",
  forward: "M5 -5v10M4 0l-8 -5.5v11z",
};
const SLOWEST = 700; // ms a step
const WHOLE_RUN = 15_000; // ms a run of many steps takes

/** @param {Context} context */
export function createTransport(context) {
  const back = button("Step back", "back", () => context.setStep(context.cursor.t - 1));
  const forward = button("Step forward", "forward", () => context.setStep(context.cursor.t + 1));
  // Where a page follows the gradient, playing runs from the last step to the first.
  const direction = context.backward ? -1 : 1;
  const rest = context.backward ? "play backward" : "play";
  /** @param {number} t */
  const ended = (t) => (context.backward ? t <= 1 : t >= context.geometry.T);
  const play = button(context.backward ? "Play backward" : "Play", rest, toggle);
  play.classList.add("primary");
  const buttons = element("div", "buttons", back, play, forward);
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-label", "Playback");
  /** @type {Timer | null} */
  let timer = null;

  /**
   * `disabled` would drop the focus of whoever reaches an end with the keyboard.
   * @param {Cursor} cursor
   */
  function setCursor({ t }) {
    back.setAttribute("aria-disabled", String(t <= 1));
    forward.setAttribute("aria-disabled", String(t >= context.geometry.T));
  }

  function toggle() {
    if (timer !== null) return stop();
    if (ended(context.cursor.t)) context.setStep(context.backward ? context.geometry.T : 1);
    setIcon("pause");
    timer = setTimeout(advance, pace());
  }

  const pace = () => clamp(WHOLE_RUN / context.geometry.T, 40, SLOWEST);

  function advance() {
    if (ended(context.cursor.t)) return stop();
    context.setStep(context.cursor.t + direction);
    timer = setTimeout(advance, pace());
  }

  function stop() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    setIcon(rest);
  }

  /** @param {string} name */
  function setIcon(name) {
    play.replaceChildren(icon(ICONS[name], 18));
    play.setAttribute("aria-label", { play: "Play", pause: "Pause" }[name] ?? "Play backward");
  }

  return { buttons, play, setCursor, toggle, stop };
}

/**
 * @param {string} label
 * @param {string} shape
 * @param {() => void} act
 */
function button(label, shape, act) {
  const node = element("button", "round", icon(ICONS[shape], 18));
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.addEventListener("click", act);
  return node;
}

/** @param {Context} context */
export function createSlider(context) {
  const thumb = element("div", "thumb");
  const track = element("div", "track");
  const node = element("div", "slider", track, thumb);
  node.tabIndex = 0;
  node.setAttribute("role", "slider");
  node.setAttribute("aria-label", "Step");
  node.setAttribute("aria-valuemin", "1");

  function measure() {
    const { T, column } = context.geometry;
    node.setAttribute("aria-valuemax", String(T));
    track.style.left = `${column / 2}px`;
    track.style.right = `${column / 2}px`;
    track.style.setProperty("--stop", `${column}px`);
    track.classList.toggle("stops", column >= 8);
  }

  /** @param {Cursor} cursor */
  function setCursor({ t }) {
    const { T, column } = context.geometry;
    thumb.style.transform = `translateX(${(t - 0.5) * column}px)`;
    node.setAttribute("aria-valuenow", String(t));
    node.setAttribute("aria-valuetext", `Step ${t} of ${T}, ${context.tokens[t - 1]}`);
  }

  return { node, measure, setCursor };
}
