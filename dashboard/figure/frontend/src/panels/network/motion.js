// What moves: columns of numbers travel along the wires, change where a weight stands, and meet in a state.

import { element, placed } from "../../dom.js";
import { narrow } from "../../format.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * One stretch of a token's way.
 * @typedef {object} Way
 * @property {number[]} values
 * @property {string} role the colour
 * @property {boolean} [hollow] it has not passed its weight yet
 * @property {[x: number, y: number]} from
 * @property {[x: number, y: number]} to
 */

/**
 * Plays what a walk does, one thing after another, until it ends or is stopped.
 * @param {HTMLElement} drawing
 * @param {() => void} changed is told when playing begins and ends
 */
export function createMotion(drawing, changed) {
  /** @type {AbortController | null} */
  let running = null;
  let rate = 1;

  /** @param {(play: {travel: typeof travel, wait: typeof wait}) => Promise<void>} walk */
  async function toggle(walk) {
    if (running) return stop();
    const mine = (running = new AbortController());
    changed();
    try {
      await walk({ travel, wait });
    } catch (stopped) {
      if (!mine.signal.aborted) throw stopped;
    }
    if (running === mine) stop();
  }

  function stop() {
    running?.abort();
    for (const token of drawing.querySelectorAll(".net-token")) token.remove();
    if (!running) return;
    running = null;
    changed();
  }

  /**
   * Move tokens together; with reduced motion they stand at the end of their way for as long.
   * @param {number} seconds
   * @param {Way[]} ways
   */
  async function travel(seconds, ways) {
    const signal = running?.signal;
    const tokens = ways.map(createToken);
    drawing.append(...tokens);
    ways.forEach(({ from, to }, k) => {
      const [dx, dy] = STILL.matches ? [0, 0] : [from[0] - to[0], from[1] - to[1]];
      tokens[k].animate([{ transform: `translate(-50%, -50%) translate(${dx}px, ${dy}px)` }, { transform: "translate(-50%, -50%)" }], { duration: (1000 * seconds) / rate, easing: "ease-in-out" });
    });
    await wait(seconds);
    if (!signal?.aborted) tokens.forEach((each) => each.remove());
  }

  /** @param {number} seconds */
  function wait(seconds) {
    const signal = running?.signal;
    return /** @type {Promise<void>} */ (
      new Promise((done, failed) => {
        if (!signal || signal.aborted) return failed(new Error("stopped"));
        const timer = setTimeout(done, (1000 * seconds) / rate);
        signal.addEventListener("abort", () => (clearTimeout(timer), failed(new Error("stopped"))), { once: true });
      })
    );
  }

  return {
    toggle,
    stop,
    get playing() {
      return running !== null;
    },
    get rate() {
      return rate;
    },
    /** @param {number} times */
    setRate(times) {
      rate = times;
      changed();
    },
  };
}

/** @param {Way} way */
function createToken({ values, role, hollow, to }) {
  const node = element("span", `net-token ${role}${hollow ? " hollow" : ""}`, ...values.map((value) => element("span", "", narrow(value))));
  return placed(node, ...to);
}
