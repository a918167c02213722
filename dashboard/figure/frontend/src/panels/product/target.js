// The target below the line: a cell for each state on the way, in or out of the band, and the verdict in words.

/** @import { ProductData, Rich } from "../../../types/payload.ts" */

import { element, svg } from "../../dom.js";
import { powerOfTen } from "../../format.js";
import { rich } from "../../rich.js";
import { box, path, px } from "./draw.js";

const NONE = 1e-9; // powers of ten that are rounding alone
const SLOW = 500; // ms without a change until it is spoken

/** @param {ProductData} data */
export function createTarget(data) {
  const cells = element("div", "pr-cells");
  const verdict = element("p", "pr-verdict");
  const live = element("div", "live");
  live.setAttribute("role", "status");
  const node = element("div", "pr-target", cells, verdict, live);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let speaking;

  /**
   * @param {import("./layout.js").Layout} at
   * @param {import("./view.js").View} view
   */
  function set(at, view) {
    node.classList.toggle("waits", !view.band);
    if (!view.band) return;
    cells.replaceChildren(drawn(at, view.built));
    const { left } = view.built;
    const kept = left < 0;
    const T = data.T;
    const never = data.activations.find(({ name }) => name === view.built.at.activation)?.never ?? [];
    const first = element("strong", kept ? "good" : "bad", kept ? `✓ Kept for all ${T} steps` : rich(["✗ Leaves the band at ", { math: "t" }, ` = ${left}`]));
    const rest = kept ? [`: ${powerOfTen(view.built.line[0], 2)} is left. `, ...(view.told ? why(view.built) : [])] : [`, ${T - left} steps back. `, ...(at.phone || !view.told ? [] : why(view.built))];
    verdict.replaceChildren(first, ...(never.length && (view.known || view.stage !== "build") ? [". ", rich(never)] : [rich(rest)]));
    if (live.textContent === verdict.textContent) return;
    clearTimeout(speaking);
    speaking = setTimeout(() => (live.textContent = verdict.textContent), SLOW);
  }

  return { node, set, destroy: () => clearTimeout(speaking) };
}

/**
 * Which part of a typical step leads the line where it goes.
 * @param {import("./grid.js").Built} built
 * @returns {Rich}
 */
function why({ weight, left, line }) {
  const W_h = { math: "W_h" };
  if (Math.abs(weight) < NONE) return left < 0 ? ["The slopes take little, ", W_h, " nothing."] : ["The slopes take; ", W_h, " neither gives nor takes."];
  if (left < 0) return weight > 0 ? [W_h, " gives about what the slopes take."] : ["Neither takes much."];
  if (line[left] < 0) return weight > 0 ? ["The slopes take more than ", W_h, " gives."] : ["Slopes and ", W_h, " both take."];
  return [W_h, " gives more than the slopes take."];
}

/**
 * @param {import("./layout.js").Layout} at
 * @param {import("./grid.js").Built} built
 */
function drawn(at, { left, slopes }) {
  const T = slopes.length;
  const node = svg("svg", { width: at.whole, height: 14, class: "pr-svg", role: "img", "aria-label": `${left < 0 ? T : T - left - 1} of ${T} steps inside the band` });
  for (let t = T - 1; t >= 0; t--) {
    const [x, width] = [at.x(t) + 0.7, at.x(t + 1) - at.x(t) - 1.4];
    const kind = t > left ? "in" : t === left ? "cross" : "out";
    if (kind !== "cross") node.append(box(x, 1, width, 12, `pr-cell ${kind}`));
  }
  if (left >= 0) {
    const middle = (at.x(left) + at.x(left + 1)) / 2;
    node.append(box(middle - 7, 0, 14, 14, "pr-cell cross"), path(`M${px(middle - 4)} 3l8 8m0 -8l-8 8`, "pr-cell-mark"));
  }
  return node;
}
