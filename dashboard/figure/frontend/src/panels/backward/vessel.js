// The open vessel below the row of states: what a nudge does to L, what each use adds to the gradient, what the chosen
// step sends back, the factors of the chosen entry's shares, or the loss from update to update.

import { element, placed } from "../../dom.js";
import { narrow, number } from "../../format.js";
import { rich } from "../../rich.js";
import { bars } from "./bars.js";
import { trace } from "./trace.js";
import { way } from "./way.js";
import { changed, nudgeText } from "./write.js";

/** @typedef {import("./data.js").Decoded} Decoded */
/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./view.js").View} View */
/** @typedef {(data: Decoded, at: Place, view: View) => Node[]} Filling */

/**
 * @param {Decoded} data
 * @param {Place} at
 */
export function createVessel(data, at) {
  const node = placed(element("div", "net-vessel back-vessel"), 0, at.vessel, at.vesselWidth, at.vesselHeight);

  /** @param {View} view */
  function set(view) {
    const { show: { scene, slopes, opened }, presses } = view;
    const filling = scene === "nudge" ? changes : presses ? trace : slopes ? way : opened ? factors : shares;
    node.replaceChildren(...filling(data, at, view));
  }

  return { node, set };
}

/**
 * What the nudge of each use does to L.
 * @type {Filling}
 */
function changes(data, at, view) {
  const { found, use, n, by, seen } = view.nudge;
  const steps = Array.from({ length: data.T }, (_, k) => k + 1);
  const shown = steps.map((t) => (use === 0 || seen.has(t) ? found.change(t, n) : null));
  const most = Math.max(1e-9, ...steps.flatMap((t) => [0, found.by.length - 1].map((end) => Math.abs(found.change(t, end)))));
  const drawn = bars(data, at, { filled: shown, dashed: [], role: "moved", most, texts: shown.map((value) => (value === null ? "?" : changed(value, 4))) });
  const name = use === 0 ? ["change of ", { math: "L" }, at.phone ? "" : ", one use at a time"] : ["what the nudge does to ", { math: "L" }];
  const head = element("div", "net-vessel-name", rich([...name, ` (${nudgeText(by)})`]));
  if (use !== 0) return [head, ...drawn, ...(at.phone ? [sums([[rich([{ math: "L" }]), narrow(view.nudge.run.loss)]])] : [])];
  const together = found.change(0, n);
  const added = steps.reduce((sum, t) => sum + found.change(t, n), 0);
  return [head, ...drawn, sums([["added up", changed(added, 4)], ["together", changed(together, 4)]], "moved")];
}

/**
 * The shares of the chosen entry, which must fill what nudging measured.
 * @type {Filling}
 */
function shares(data, at, view) {
  const [i, j] = view.entry;
  const measured = data.measured[view.name];
  const all = data.shares.map((share) => share[i][j]);
  const fill = view.show.shares !== undefined;
  const filled = all.map((share, k) => (fill && k + 1 >= view.shares ? share : null));
  const most = Math.max(1e-9, ...all.map(Math.abs), ...measured.map((value) => Math.abs(value ?? 0)));
  const texts = filled.map((share, k) => (fill ? (share === null ? "?" : number(share, 4)) : number(measured[k], 4)));
  const name = fill ? ["shares of ", { math: `∂L/∂W_h`, role: "grad" }, `[${i},${j}]`] : ["measured by nudging ", { math: "W_h" }, `[${i},${j}] by ±${data.nudge.toFixed(2)}, per unit`];
  const head = element("div", "net-vessel-name", rich(name));
  const drawn = bars(data, at, { filled, dashed: measured, role: "grad", most, texts });
  if (!fill) return [head, ...drawn];
  const count = filled.filter((share) => share !== null).length;
  const so = filled.reduce((/** @type {number} */ sum, share) => sum + (share ?? 0), 0);
  const other = measured.reduce((/** @type {number} */ sum, value, k) => sum + (filled[k] === null ? 0 : (value ?? 0)), 0);
  return [head, ...drawn, sums([[count === data.T ? "added up" : "so far", count ? number(so, 4) : "?"], ["measured", count ? number(other, 4) : "?"]], "grad")];
}

/**
 * Each share of the chosen entry as the product it is.
 * @type {Filling}
 */
function factors(data, at, view) {
  const [i, j] = view.entry;
  const head = element("div", "net-vessel-name", rich(["shares of ", { math: "∂L/∂W_h", role: "grad" }, `[${i},${j}]${at.all ? ", one product for each step: state before × slope × gradient that arrived" : `, step ${view.t} opened`}`]));
  const steps = at.all ? at.steps : [view.t];
  const cells = steps.map((t) => {
    const parts = [
      { symbol: [{ math: `h_${t - 1}` }, `[${i}]`], value: data.run.h[t - 1][i], role: "role-h" },
      { symbol: [{ math: "φ^′" }, `[${j}]`], value: data.slope[t - 1][j], role: "" },
      { symbol: [{ math: `∂L/∂h_${t}`, role: "grad" }, `[${j}]`], value: data.run.dh[t - 1][j], role: "grad" },
    ];
    const columns = parts.map(({ symbol, value, role }, k) => element("span", "back-factor", rich(symbol), element("span", role, `${k ? "× " : ""}${number(value, 3)}`)));
    const result = element("div", "", "= ", element("strong", "", view.covered ? "?" : number(data.shares[t - 1][i][j], 4)));
    const left = at.all ? Math.max(8, at.use(t) - 14) : 12;
    const width = (t === at.steps.at(-1) ? at.vesselWidth - 6 : left + at.pitch - 8) - left;
    return placed(element("div", `back-factors${t === view.t ? " now" : ""}`, element("div", "", ...columns), result), left, 27, width);
  });
  if (at.all) return [head, ...cells];
  const line = data.shares.map((share) => (view.covered ? "?" : narrow(share[i][j]))).join(", ");
  return [head, ...cells, placed(element("div", "back-row", `all steps: ${line}`), 12, 88)];
}

/**
 * Sums at the vessel's right edge.
 * @param {[name: string | Node, value: string][]} rows
 * @param {string} [role]
 */
function sums(rows, role = "") {
  return element("div", "back-sums", ...rows.flatMap(([name, value], k) => [element("span", "", name), element("strong", k === 0 || role === "moved" ? role : "", value)]));
}

