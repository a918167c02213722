// A group of radio buttons, each with its sparkline. The server lays the lines out, in percent of their box.

/** @import { CardData, CardsData } from "../../../figure/frontend/types/payload.ts" */

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {Event} event */
const pressed = (event) => /** @type {Element} */ (event.target).closest("button");

/** @param {{data: CardsData, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: string) => void}} mounted */
export default function mount({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement | null} */
  const held = parentElement.querySelector(".cards");
  const group = held ?? element("div", "cards");
  const root = /** @type {Document | ShadowRoot} */ (group.getRootNode());
  const focused = /** @type {HTMLElement | null} */ (root.activeElement)?.dataset?.name;
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", data.label);
  group.replaceChildren(...data.cards.map((card) => made(card, data.unity)));
  if (!held) parentElement.append(group);
  choose(data.chosen);
  if (focused) find(focused)?.focus();

  // Arrow keys move the choice as in any group of radio buttons.
  group.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const names = data.cards.map((card) => card.name);
    const at = names.indexOf(pressed(event)?.dataset.name ?? "");
    pick(names[(at + step + names.length) % names.length], true);
  };
  group.onclick = (event) => {
    const name = pressed(event)?.dataset.name;
    if (name) pick(name, false);
  };

  /**
   * @param {string} name
   * @param {boolean} focus
   */
  function pick(name, focus) {
    const button = find(name);
    if (focus) button?.focus();
    if (button?.getAttribute("aria-checked") === "true") return;
    choose(name);
    setTriggerValue("picked", name);
  }

  function buttons() {
    return [...group.querySelectorAll("button")];
  }

  /** @param {string} name */
  function choose(name) {
    for (const button of buttons()) {
      const chosen = button.dataset.name === name;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  /** @param {string} name */
  function find(name) {
    return buttons().find((button) => button.dataset.name === name);
  }
}

/**
 * @param {CardData} card
 * @param {number} unity
 */
function made(card, unity) {
  const button = element("button", "card");
  button.type = "button";
  button.dataset.name = card.name;
  button.setAttribute("role", "radio");
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" })) drawing.setAttribute(name, value);
  drawing.append(line("one", [[0, unity], [100, unity]]), line("product", card.points));
  const numbers = element("span", "numbers");
  const radius = element("span", "radius");
  const symbol = element("i", "", "ρ");
  symbol.setAttribute("aria-label", "spectral radius");
  symbol.setAttribute("role", "img");
  radius.append(symbol, ` ${card.radius}`);
  numbers.append(radius, element("span", "", card.product));
  button.append(element("span", "title", card.title), drawing, numbers, element("span", "made", card.made));
  return button;
}

/**
 * @param {string} name
 * @param {[number, number][]} points
 */
function line(name, points) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", name);
  path.setAttribute("vector-effect", "non-scaling-stroke");
  path.setAttribute("d", points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join(""));
  return path;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {string} [text]
 */
function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
