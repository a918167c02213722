// A group of radio buttons, each with its sparkline. The server lays the lines out, in percent of their box.

const SVG = "http://www.w3.org/2000/svg";

export default function mount({ data, parentElement, setTriggerValue }) {
  const held = parentElement.querySelector(".cards");
  const group = held ?? element("div", "cards");
  const focused = group.getRootNode().activeElement?.dataset?.name;
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", data.label);
  group.replaceChildren(...data.cards.map((card) => made(card, data.unity)));
  if (!held) parentElement.append(group);
  choose(data.chosen);
  if (focused) find(focused)?.focus();

  // Arrow keys move the choice as in any group of radio buttons.
  group.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const names = data.cards.map((card) => card.name);
    const at = names.indexOf(event.target.closest("button")?.dataset.name);
    pick(names[(at + step + names.length) % names.length], true);
  };
  group.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) pick(button.dataset.name, false);
  };

  function pick(name, focus) {
    if (focus) find(name).focus();
    if (find(name).getAttribute("aria-checked") === "true") return;
    choose(name);
    setTriggerValue("picked", name);
  }

  function choose(name) {
    for (const button of group.children) {
      const chosen = button.dataset.name === name;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  function find(name) {
    return [...group.children].find((button) => button.dataset.name === name);
  }
}

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
  button.append(element("span", "title", card.title), drawing, numbers);
  return button;
}

function line(name, points) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", name);
  path.setAttribute("vector-effect", "non-scaling-stroke");
  path.setAttribute("d", points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join(""));
  return path;
}

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
