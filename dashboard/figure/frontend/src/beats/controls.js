// What the bars above the drawings are made of: Play, its speeds, a choice among a few, a slider, a word on how it stands.

/** @typedef {ReturnType<typeof import("./motion.js").createMotion>} Motion */

import { element, focusedBeside, icon } from "../dom.js";

const PLAY = "M-3.5 -6l10 6l-10 6z";
const SPEEDS = /** @type {const} */ ([["0.5", "½×"], ["1", "1×"], ["2", "2×"]]);

/**
 * Whether a control waits for the answer. It keeps its place and its focus: one that is disabled would lose the keyboard.
 * @param {Element} control
 */
export const waits = (control) => control.getAttribute("aria-disabled") === "true";

/** @param {() => void} play */
export function createPlay(play) {
  const button = element("button", "round primary", icon(PLAY, 16));
  button.type = "button";
  button.dataset.name = "play";
  button.setAttribute("aria-label", "Play");
  button.addEventListener("click", play);
  return button;
}

/** @param {Motion} motion */
export function createSpeed(motion) {
  const speed = segmented("speed", "Speed", SPEEDS, (value) => {
    motion.speed = Number(value);
    speed.mark(value);
  });
  speed.mark(String(motion.speed));
  return speed.node;
}

/** What a bar says at its end, to a screen reader too where it changes. */
export function createState() {
  const node = element("span", "");
  node.setAttribute("role", "status");
  return {
    node,
    /** @param {string} words */
    set(words) {
      if (node.textContent !== words) node.textContent = words;
    },
  };
}

/**
 * One of a few values.
 * @param {string} name by which the focus finds a button again when it is made anew
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} choose
 */
export function segmented(name, label, options, choose) {
  const buttons = options.map(([value, text]) => {
    const button = element("button", "net-segment", text);
    button.type = "button";
    button.dataset.name = `${name} ${value}`;
    button.dataset.value = value;
    button.addEventListener("click", () => waits(button) || choose(value));
    return button;
  });
  const node = element("div", "net-segmented", ...buttons);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", label);
  return {
    node,
    /** @param {string} value */
    mark(value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
    /** @param {(value: string, place: number) => boolean} waiting which options wait for the answer */
    lock(waiting) {
      buttons.forEach((button, k) => button.setAttribute("aria-disabled", String(waiting(options[k][0], k))));
    },
  };
}

/**
 * @param {string} className
 * @param {string} label
 * @param {number} least
 * @param {number} most
 * @param {(value: number) => void} chosen
 */
export function slider(className, label, least, most, chosen) {
  const input = element("input", className);
  input.type = "range";
  input.min = String(least);
  input.max = String(most);
  input.dataset.name = label;
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => chosen(Number(input.value)));
  // Its arrows move it, and no step beside it.
  input.addEventListener("keydown", (event) => event.key !== "Tab" && event.key !== "n" && event.key !== "p" && event.stopPropagation());
  return input;
}

/**
 * A bar whose controls another beat replaces; the focus stays on what has the same name.
 * @template View
 * @param {string} className
 * @param {(view: View) => string} nameOf what they depend on
 * @param {(view: View) => [Node[], (view: View) => void]} make them, and what marks them
 */
export function createChangingBar(className, nameOf, make) {
  const node = element("div", `net-bar-row beat-bar ${className}`);
  let made = "";
  /** @type {(view: View) => void} */
  let mark = () => {};

  /** @param {View} view */
  function set(view) {
    const name = nameOf(view);
    if (name !== made) {
      made = name;
      const focused = focusedBeside(node)?.dataset?.name;
      const [nodes, marking] = make(view);
      node.replaceChildren(...nodes);
      mark = marking;
      if (focused) /** @type {HTMLElement | null} */ (node.querySelector(`[data-name="${focused}"]`))?.focus({ preventScroll: true });
    }
    mark(view);
  }

  return { node, set };
}
