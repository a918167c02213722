// A heatmap of shape (T, H) on a canvas, and the chosen step's values as bars.

/** @import { MapData } from "../../types/payload.ts" */
/** @import { Context, Cursor, Decoded, LiveRun, Panel, TimeNode } from "../../types/figure.ts" */

import { createBars } from "../bars.js";
import { decode, rowAt } from "../decode.js";
import { element } from "../dom.js";
import { fixed, significant } from "../format.js";
import { followed, plain, rich } from "../rich.js";
import { ramp, rampCss, rampIndex } from "../theme.js";

const GAP_FROM = 5; // px a row; thinner rows have no gap between them

/** @param {HTMLCanvasElement} canvas */
const surface = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * @param {Context} context
 * @param {MapData} data
 * @returns {Panel<MapData>}
 */
export function create(context, data) {
  const canvas = element("canvas", "map-cells");
  const mark = element("div", "map-unit");
  /** @type {TimeNode} */
  const time = element("div", `map edge-${data.role}`, canvas, mark);
  time.dataset.panel = "map";
  const gutter = element("div", "gutter-map");
  /** @type {LiveRun[]} */
  const live = [];
  /** @type {ReturnType<typeof createBars>} */
  let bars;
  /** @type {Decoded} */
  let array;
  const colours = ramp(data.ramp, data.role, context.palette);
  /** @type {MapData} */
  let payload;

  /** @param {MapData} next */
  function update(next) {
    payload = next;
    live.length = 0;
    array = decode(next.values);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${plain(next.symbol)}, ${next.label}: ${array.shape[1]} units over ${array.shape[0]} steps`);
    time.style.height = `${next.height}px`;
    gutter.replaceChildren(...label(next, colours, context.narrow));
    const signed = next.ramp !== "gate";
    const fresh = createBars(context, { role: next.role, signed, domain: next.domain, height: Math.max(64, next.height) });
    bars = fresh;
    profile.replaceChildren(...(context.geometry.beside ? [] : [caption(next, live)]), element("div", "bars-box", bars.node));
    paint();
  }

  // One image pixel a cell, then one scaled copy: the same path for 13 × 8 and for 300 × 64.
  function paint() {
    const [T, H] = array.shape;
    const cells = new ImageData(T, H);
    const [low, high] = payload.domain;
    for (let t = 0; t < T; t++) {
      for (let k = 0; k < H; k++) {
        const from = rampIndex(array.values[t * H + k], low, high) * 3;
        cells.data.set([colours[from], colours[from + 1], colours[from + 2], 255], (k * T + t) * 4);
      }
    }
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(context.geometry.timeWidth * ratio);
    canvas.height = Math.round(payload.height * ratio);
    const source = element("canvas", "");
    source.width = T;
    source.height = H;
    surface(source).putImageData(cells, 0, 0);
    const target = surface(canvas);
    target.imageSmoothingEnabled = false;
    target.drawImage(source, 0, 0, canvas.width, canvas.height);
    if (payload.height / H < GAP_FROM) return;
    for (let k = 1; k < H; k++) target.clearRect(0, Math.round((k * canvas.height) / H) - ratio, canvas.width, Math.max(1, Math.round(ratio)));
  }

  /** @param {Cursor} cursor */
  function setCursor({ t, unit }) {
    live.forEach((step) => step(t));
    if (context.profiles) bars.set(rowAt(array, t), unit);
    const row = payload.height / array.shape[1];
    mark.style.top = `${(unit - 1) * row - 1}px`;
    mark.style.height = `${Math.max(2, row - (row >= GAP_FROM ? 1 : 0)) + 2}px`;
  }

  /** @param {MouseEvent} event */
  function cellAt(event) {
    const box = canvas.getBoundingClientRect();
    const [T, H] = array.shape;
    const t = Math.floor(((event.clientX - box.left) / box.width) * T) + 1;
    const unit = Math.floor(((event.clientY - box.top) / box.height) * H) + 1;
    return t >= 1 && t <= T && unit >= 1 && unit <= H ? { t, unit } : null;
  }

  canvas.addEventListener("pointermove", (event) => {
    const cell = event.buttons || event.pointerType !== "mouse" ? null : cellAt(event);
    if (!cell) return context.tooltip.hide();
    context.tooltip.show(event, [
      ["step", `${cell.t}, ${context.tokens[cell.t - 1]}`],
      ["unit", String(context.nameOf(cell.unit))],
      [plain(payload.symbol), fixed(rowAt(array, cell.t)[cell.unit - 1], 4)],
    ]);
  });
  canvas.addEventListener("pointerleave", () => context.tooltip.hide());

  const profile = element("div", "profile-map");
  time.unitAt = (event) => cellAt(event)?.unit ?? null;
  update(data);
  return {
    gutter,
    time,
    profile: context.profiles ? profile : null,
    update,
    setCursor,
    resize: paint,
    destroy() {},
    column: () => ({ symbol: payload.symbol, role: payload.role, at: (t) => rowAt(array, t) }),
    table: () => [
      {
        name: `${payload.model} ${plain(payload.symbol)} ${payload.label}`,
        columns: Array.from({ length: array.shape[1] }, (_, k) => `unit ${context.nameOf(k + 1)}`),
        row: (t) => Array.from(rowAt(array, t), (value) => significant(value, 4)),
      },
    ],
  };
}

/**
 * @param {MapData} data
 * @param {Uint8ClampedArray} colours
 * @param {boolean} narrow
 */
function label(data, colours, narrow) {
  const symbol = element("div", `symbol role-${data.role}`, rich(data.symbol));
  if (narrow) return [symbol];
  const strip = element("div", "ramp");
  const stops = Array.from({ length: 9 }, (_, k) => rampCss(colours, k / 8));
  strip.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const ends = element("div", "ramp-ends", element("span", "", end(data.domain[0])), element("span", "", end(data.domain[1])));
  return [symbol, element("div", "label", data.label), strip, ends];
}

/**
 * @param {MapData} data
 * @param {LiveRun[]} live
 */
const caption = (data, live) => element("div", "caption", rich(followed(data.symbol), live), element("span", "", data.label));

/** @param {number} value */
const end = (value) => fixed(value, Number.isInteger(value) ? 0 : 1);
