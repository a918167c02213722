// Two trained networks read one text: a square is the probability of a name, were the network asked after that word.
// What every pair of names gives comes with the page; here nothing is computed, only shown.

/** @import { PairData, PairNetwork } from "../figure/frontend/types/payload.ts" */

const WORD = 140; // ms
const AGAIN = "↻";

/**
 * What stands on the screen, by the figure's key: kept when the page runs again.
 * @type {Record<string, { pair: number, start: string, t: number }>}
 */
const shown = {};

/** @type {Record<string, number | undefined>} */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {{key: string, parentElement: HTMLElement | ShadowRoot}} mounted */
export default function mount({ key, parentElement }) {
  const before = parentElement.querySelector(".pair");
  before?.remove();
  /** @type {PairData} */
  const data = JSON.parse(/** @type {HTMLElement} */ (parentElement.querySelector("[data-pair]")).dataset.pair ?? "");
  const T = data.words.length;
  if (!before && key.endsWith("tour")) delete shown[key]; // the tour asks about the figure as it opens
  const kept = (shown[key] ??= { pair: 0, start: Object.keys(data.rnns)[0], t: T - 1 });
  let timer = 0;

  const play = button("play", "Read word by word");
  const starts = element("div", "starts");
  starts.setAttribute("role", "group");
  starts.setAttribute("aria-label", "How the RNN’s weights were drawn before training");
  starts.append(
    ...Object.keys(data.rnns).map((name) => {
      const each = button("start", name);
      each.addEventListener("click", () => show({ start: name }));
      return each;
    }),
  );
  const legend = element("div", "key", element("span", "square rnn"), "RNN", element("span", "square lstm"), "LSTM");
  const bar = element("div", "bar", play, element("div", "choice", element("span", "", "RNN’s first weights"), starts), legend);
  const said = element("p", "said");
  said.setAttribute("role", "status");
  const grid = element("div", "grid");
  grid.tabIndex = 0;
  grid.setAttribute("role", "slider");
  grid.setAttribute("aria-label", "Word");
  grid.setAttribute("aria-valuemin", "1");
  grid.setAttribute("aria-valuemax", String(T));
  const names = element("div", "names");
  const now = element("p", "now");
  const root = element("div", "pair", bar, said, names, grid, now, element("p", "note", data.note));
  parentElement.append(root);

  play.addEventListener("click", () => (timer ? stop() : begin()));
  grid.addEventListener("keydown", (event) => {
    const to = event.key === "Home" ? 0 : event.key === "End" ? T - 1 : kept.t + (MOVES[event.key] ?? NaN);
    if (Number.isNaN(to) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    stop();
    show({ t: Math.min(T - 1, Math.max(0, to)) });
  });
  grid.addEventListener("click", (event) => {
    const t = /** @type {HTMLElement} */ (event.target).closest("[data-t]")?.getAttribute("data-t");
    if (t === null || t === undefined) return;
    stop();
    show({ t: Number(t) });
  });
  show({});

  /** From the first word, or where nothing is to move to the next one. */
  function begin() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      show({ t: (kept.t + 1) % T });
      return;
    }
    root.classList.add("reading");
    show({ t: 0 });
    timer = window.setInterval(() => {
      if (!root.isConnected || kept.t === T - 1) stop();
      else show({ t: kept.t + 1 });
    }, WORD);
    label();
  }

  function stop() {
    window.clearInterval(timer);
    timer = 0;
    root.classList.remove("reading");
    label();
  }

  function label() {
    play.replaceChildren(element("span", "sign", timer ? "❚❚" : kept.t === T - 1 ? AGAIN : "▶"), timer ? "Pause" : "Read word by word");
  }

  /** @param {Partial<typeof kept>} change */
  function show(change) {
    Object.assign(kept, change);
    const [first, second] = data.pairs[kept.pair];
    const rnn = data.rnns[kept.start];
    const words = data.words.map((word, t) => (t === 0 ? data.names[first] : t === data.switch ? data.names[second] : word));
    const said_ = data.said[kept.start][kept.pair];
    if (said.textContent !== said_) said.textContent = said_;
    for (const each of starts.children) each.setAttribute("aria-pressed", String(each.textContent === kept.start));
    chips(words);
    grid.replaceChildren(...head(words), ...rows("rnn", "RNN", rnn, 0), ...rows("lstm", "LSTM", data.lstm, 1));
    grid.setAttribute("aria-valuenow", String(kept.t + 1));
    const told = [rnn, data.lstm].map((network, k) => `${k ? "LSTM" : "RNN"} ${best(network)}`).join(", ");
    now.textContent = `After “${words[kept.t]}”: ${told}.`;
    grid.setAttribute("aria-valuetext", now.textContent);
    label();
  }

  /** @param {string[]} words */
  function chips(words) {
    const focused = /** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement?.getAttribute("data-name");
    names.replaceChildren(
      element("span", "", "Press a name to put the next one there:"),
      ...[0, data.switch].map((place, which) => {
        const chip = button("chip", words[place]);
        chip.dataset.name = String(which);
        chip.setAttribute("aria-label", `${which ? "Second" : "First"} name: ${words[place]}. Press for another`);
        chip.addEventListener("click", () => show({ pair: next(which), t: T - 1 }));
        return chip;
      }),
    );
    if (focused) /** @type {HTMLElement | null} */ (names.querySelector(`[data-name="${focused}"]`))?.focus();
  }

  /**
   * The pair with the next name in one of its places.
   * @param {number} which
   */
  function next(which) {
    const pair = [...data.pairs[kept.pair]];
    do pair[which] = (pair[which] + 1) % data.names.length;
    while (pair[0] === pair[1]);
    return data.pairs.findIndex((each) => each[0] === pair[0] && each[1] === pair[1]);
  }

  /** @param {string[]} words */
  function head(words) {
    return words.map((word, t) => {
      const cell = placed("word", t, -1, 0);
      cell.textContent = word;
      if (t === 0 || t === data.switch) cell.classList.add("name");
      return cell;
    });
  }

  /**
   * @param {string} model
   * @param {string} title
   * @param {PairNetwork} network
   * @param {number} block
   */
  function rows(model, title, network, block) {
    const [first, second] = data.pairs[kept.pair];
    const name = element("div", "model", element("strong", "", title), element("span", "", network.units));
    name.style.setProperty("--block", String(block));
    const p = network.p[kept.pair];
    const cells = data.names.flatMap((each, k) => {
      const label_ = element("div", first === k || second === k ? "of subject" : "of", each);
      position(label_, -1, k, block);
      const value = element("div", "value", (p[kept.t][k] / 100).toFixed(2));
      position(value, T, k, block);
      if (p[kept.t][k] === Math.max(...p[kept.t])) value.classList.add("most");
      const squares = p.map((at, t) => {
        const cell = placed("cell", t, k, block);
        if ((t < data.switch ? first : second) === k) cell.classList.add("subject");
        if (at[k] > 0) {
          const square = element("span", `square ${model}`);
          square.style.setProperty("--size", Math.sqrt(at[k] / 100).toFixed(3));
          cell.append(square);
        }
        return cell;
      });
      return [label_, ...squares, value];
    });
    return [name, ...cells];
  }

  /** @param {PairNetwork} network */
  function best(network) {
    const at = network.p[kept.pair][kept.t];
    const k = at.indexOf(Math.max(...at));
    return `${data.names[k]} ${(at[k] / 100).toFixed(2)}`;
  }

  /**
   * @param {string} name
   * @param {number} t
   * @param {number} k
   * @param {number} block
   */
  function placed(name, t, k, block) {
    const cell = element("div", name);
    cell.dataset.t = String(t);
    if (t === kept.t) cell.classList.add("at");
    if (t > kept.t) cell.classList.add("later");
    position(cell, t, k, block);
    return cell;
  }
}

/**
 * Word, name and network: the style sheet says which of them go across and which down.
 * @param {HTMLElement} node
 * @param {number} t
 * @param {number} k
 * @param {number} block
 */
function position(node, t, k, block) {
  for (const [name, value] of Object.entries({ t, k, block })) node.style.setProperty(`--${name}`, String(value));
}

/**
 * @param {string} name
 * @param {string} text
 */
function button(name, text) {
  const made = element("button", name, text);
  made.type = "button";
  return made;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}
