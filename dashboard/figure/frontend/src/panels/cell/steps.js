// The nine sub-steps as a list of buttons, on a narrow container as nine short bars; back, play and next.

/** @import { Timer } from "../../../types/figure.ts" */
/** @import { CellArrays, CellView } from "../../../types/cell.ts" */

import { element, icon } from "../../dom.js";
import { rich } from "../../rich.js";

const PACE = 900; // ms a sub-step
const ICONS = { play: "M-3.5 -6l10 6l-10 6z", pause: "M-4 -5.5h3v11h-3zM2 -5.5h3v11h-3z" };

/**
 * `move(by)` goes to the next or the last sub-step, over words, and says whether there was one.
 * @param {CellArrays} data
 * @param {(sub: number) => void} choose
 * @param {(by: number) => boolean} move
 */
export function createSteps(data, choose, move) {
  const caption = element("div", "cell-caption");
  const items = data.substeps.map(({ name, symbol, role }, k) => {
    const button = element("button", "cell-item", element("span", "cell-number", String(k + 1)), element("span", "cell-name", name), element("span", "cell-made", rich(symbol)));
    button.type = "button";
    button.style.setProperty("--k", `var(--u-${role})`);
    button.addEventListener("click", () => choose(k + 1));
    return button;
  });
  const list = element("ol", "cell-list", ...items.map((item) => element("li", "", item)));
  const node = element("div", "cell-steps", caption, list);
  const play = element("button", "round primary");
  const back = textButton("Back", () => step(-1));
  const next = textButton("Next", () => step(1));
  const nextName = element("span", "next-name");
  next.append(nextName);
  play.type = "button";
  play.addEventListener("click", () => toggle());
  const buttons = element("div", "step-buttons", play, back, next);
  /** @type {Timer | null} */
  let timer = null;
  draw("play");

  /** @param {number} by */
  function step(by) {
    stop();
    move(by);
  }

  /** @param {"play" | "pause"} shape */
  function draw(shape) {
    play.replaceChildren(icon(ICONS[shape], 18));
    play.setAttribute("aria-label", shape === "play" ? "Play the sub-steps" : "Pause");
  }

  function toggle() {
    if (timer !== null) return stop();
    draw("pause");
    timer = setTimeout(advance, PACE / 3);
  }

  function advance() {
    timer = setTimeout(advance, PACE);
    if (!move(1)) stop();
  }

  function stop() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    draw("play");
  }

  /** @param {CellView} view */
  function set({ t, sub, tokens, last }) {
    caption.replaceChildren("Nine steps at ‘", element("span", "token", tokens[t - 1]), "’");
    items.forEach((item, k) => {
      item.classList.toggle("done", k + 1 < sub);
      item.classList.toggle("now", k + 1 === sub);
      if (k + 1 === sub) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    back.setAttribute("aria-disabled", String(t === 1 && sub === 1));
    next.setAttribute("aria-disabled", String(last));
    nextName.textContent = last ? "" : `: ${sub < items.length ? data.substeps[sub].name : "next word"}`;
  }

  return { node, buttons, set, toggle, stop };
}

/**
 * @param {string} label
 * @param {() => void} act
 */
function textButton(label, act) {
  const button = element("button", "text-button", label);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
