// A vector as rows of number and bar; before it is known a "?" and empty bars. A thin mark shows what a value was.

import { element } from "../../dom.js";
import { fixed } from "../../format.js";

/**
 * [lowest, highest] value of the bars by the vector's name.
 * @param {string} name
 * @param {number} limit
 * @returns {[low: number, high: number]}
 */
export function rangeOf(name, limit) {
  if ("ifo".includes(name)) return [0, 1];
  return ["c", "kept", "written"].includes(name) ? [-limit, limit] : [-1, 1];
}

/**
 * @param {number} H
 * @param {string} role
 * @param {[low: number, high: number]} range
 * @param {boolean} bare
 */
export function createVector(H, role, range, bare) {
  const [low, high] = range;
  /** @param {number} value */
  const place = (value) => (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
  const rows = Array.from({ length: H }, () => {
    const value = element("span", "cell-value");
    const bar = element("i", "cell-fill");
    const was = element("i", "cell-was");
    const track = element("span", low < 0 ? "cell-bar signed" : "cell-bar", bar, was);
    return { value, bar, was, node: element("span", "cell-row", bare ? null : value, track) };
  });
  const node = element("span", `cell-vector${bare ? " bare" : ""}`, ...rows.map((row) => row.node));
  node.style.setProperty("--k", `var(--u-${role})`);

  // values and before: arrays of H numbers; null means not known, and nothing it was.
  return {
    node,
    /**
     * @param {ArrayLike<number> | null} values
     * @param {ArrayLike<number> | null} before
     * @param {number} unit
     */
    set(values, before, unit) {
      rows.forEach(({ value, bar, was, node: line }, k) => {
        const text = values ? fixed(values[k], 2) : "?";
        value.textContent = text;
        line.classList.toggle("chosen", k === unit);
        bar.style.display = values ? "" : "none";
        const old = values && before && fixed(before[k], 3) !== fixed(values[k], 3);
        was.style.display = old ? "" : "none";
        line.classList.toggle("moved", Boolean(old));
        if (old) was.style.left = `${place(before[k])}%`;
        if (!values) return;
        const [from, to] = [place(Math.min(0, values[k])), place(Math.max(0, values[k]))];
        bar.style.left = `${from}%`;
        bar.style.width = `max(1px, ${to - from}%)`;
      });
    },
  };
}
