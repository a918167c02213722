// The figure: one step t and one unit over a column of panels on one time axis.

/** @import { FigureData, Palette } from "../types/payload.ts" */
/** @import { Cursor, Geometry, Mode, Page, Side, Timer } from "../types/figure.ts" */

import { stepInAddress, writeAddress } from "./address.js";
import { element } from "./dom.js";
import { registerFonts } from "./fonts.js";
import { geometry, modeOf } from "./geometry.js";
import { onKeys, onPointer } from "./input.js";
import { createLater } from "./later.js";
import measures from "../../measures.json" with { type: "json" };
import { recall, remember } from "./memory.js";
import { createBeatsPage } from "./beats/page.js";
import { createPage } from "./page.js";
import { createPair } from "./pair.js";
import comparisonStyle from "./comparison.css";
import doctorStyle from "./doctor.css";
import gradients from "./gradients.css";
import { createPlainPage } from "./plain_page.js";
import { createStepperPage } from "./stepper_page.js";
import beatsStyle from "./beats/beats.css";
import gatedStyle from "./panels/gated/gated.css";
import gatesStyle from "./panels/gates/gates.css";
import keptStyle from "./panels/kept/kept.css";
import partsStyle from "./panels/parts.css";
import productStyle from "./panels/product/product.css";
import searchStyle from "./panels/search.css";
import readingStyle from "./reading.css";
import lessonStyle from "./lesson.css";
import style from "./style.css";
import { applyPalette, currentPalette } from "./theme.js";
import { Tooltip } from "./tooltip.js";
import { clamp } from "./dom.js";

const QUIET = 400; // ms without a step before the live region speaks and the address takes it

export class Figure {
  // The first four are there from the first update on.
  /** @type {FigureData} */
  data;
  /** @type {FigureData} */
  given;
  /** @type {Cursor} */
  cursor;
  /** @type {Palette} */
  palette;
  /** @type {Geometry} */
  geometry;
  /** @type {Timer | undefined} */
  quiet;

  /**
   * @param {HTMLElement | ShadowRoot} parent
   * @param {string} key
   */
  constructor(parent, key) {
    registerFonts();
    this.key = key;
    this.parent = parent;
    this.root = element("section", "figure");
    for (const [name, px] of measuresOf(measures)) this.root.style.setProperty(name, `${px}px`);
    this.live = element("div", "live");
    this.live.setAttribute("role", "status");
    const sheet = element("style", "");
    sheet.textContent = style + lessonStyle + gradients + readingStyle + comparisonStyle + doctorStyle + beatsStyle + gatedStyle + gatesStyle + keptStyle + partsStyle + productStyle + searchStyle;
    parent.append(sheet, this.root);
    this.tooltip = new Tooltip(parent);
    this.sheet = sheet;
    /** @type {Page | null} */
    this.page = null;
    this.structure = "";
    this.view = "";
    /** @type {Side} */
    this.side = "after";
    this.width = 0;
    this.frame = 0;
    this.later = createLater();
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.root);
    onKeys(this);
    onPointer(this);
  }

  /**
   * Tell the server something, which then runs the part of the page that this figure stands in.
   * @param {string} name
   * @param {unknown} value
   */
  tell(name, value) {
    this.send?.(name, value);
  }

  /**
   * @param {FigureData} data
   * @param {(name: string, value: unknown) => void} [send]
   */
  update(data, send) {
    this.send = send;
    const palette = currentPalette(data.palette, "host" in this.parent ? this.parent.host : this.parent);
    if (data === this.given && palette.page === this.palette?.page) return; // sent again as it was
    this.given = data;
    if (!data.before) this.side = "after";
    this.data = this.dataOf(this.side);
    this.root.setAttribute("aria-label", data.label);
    this.place();
    if (palette.page !== this.palette?.page) {
      applyPalette(palette, this.root);
      applyPalette(palette, this.tooltip.box);
    }
    this.palette = palette;
    this.width ||= this.root.clientWidth; // reading it lays the page out; the observer tells of changes
    if (this.width > 0) this.layOut();
  }

  // Step and unit as they are remembered, or as the address or the data have them.
  place() {
    const { data } = this;
    this.cursor = recall(this.key, data.address ? { ...data, t: stepInAddress(stepName(data)) ?? data.t } : data);
  }

  /**
   * What is shown of before and after a mend.
   * @param {Side} side
   * @returns {FigureData}
   */
  dataOf(side) {
    return side === "before" && this.given.before ? { ...this.given, ...this.given.before } : this.given;
  }

  /**
   * Show before, after or both; the drawing fades from one to the other.
   * @param {Side} side
   */
  choose(side) {
    if (side === this.side) return;
    this.side = side;
    this.data = this.dataOf(side);
    this.place();
    this.layOut();
    this.cross(400);
  }

  // The page is kept while its structure is: same panels, templates, theme and layout.
  layOut() {
    const mode = modeOf(this.width);
    const both = this.side === "both" && mode === "desktop";
    const own = structureOf(this.data, mode, this.palette);
    const structure = both ? own + structureOf(this.dataOf("before"), mode, this.palette) : own;
    this.geometry = geometry(this.width, mode, this.data);
    this.later.forget();
    if (this.page && this.structure === structure) {
      this.page.update(this.data);
      if (this.view !== this.data.view) this.cross();
    } else {
      this.page?.destroy();
      const make = both ? createPair : this.data.beats ? createBeatsPage : this.data.stages ? createStepperPage : this.data.plain ? createPlainPage : createPage;
      this.page = make(this, mode);
      this.structure = structure;
      this.root.replaceChildren(...this.page.nodes, this.live);
      this.root.dataset.mode = mode;
      this.page.resize();
    }
    this.view = this.data.view;
    this.paint();
  }

  // Another part of the same network: the panels cross-fade; with reduced motion they change at once.
  cross(duration = 200) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.root.animate([{ opacity: 0.3 }, { opacity: 1 }], { duration, easing: "ease-out" });
  }

  resized() {
    const width = this.root.clientWidth;
    if (!this.data || width === 0 || width === this.width) return;
    const mode = modeOf(width);
    this.width = width;
    if (this.page && this.root.dataset.mode === mode) {
      this.geometry = geometry(width, mode, this.data);
      this.page.resize();
      this.paint();
    } else {
      this.layOut();
    }
  }

  /**
   * @param {number} t
   * @param {{dragging?: boolean}} options
   */
  setStep(t, { dragging = false } = {}) {
    const step = clamp(t, 1, this.data.T);
    this.root.classList.toggle("dragging", dragging);
    if (step === this.cursor.t) return;
    this.cursor = { ...this.cursor, t: step };
    remember(this.key, { t: step });
    this.schedule();
  }

  /** @param {number} unit */
  setUnit(unit) {
    const chosen = clamp(unit, 1, Math.max(1, this.data.H));
    if (chosen === this.cursor.unit) return;
    this.cursor = { ...this.cursor, unit: chosen };
    remember(this.key, { unit: chosen });
    this.schedule();
  }

  // Pointer moves come faster than frames: one painting a frame.
  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
      this.announce();
    });
  }

  paint() {
    this.page?.setCursor(this.cursor);
  }

  /**
   * What a unit is called: its index from 0, of all that there are where only some are drawn.
   * @param {number} unit
   */
  nameOf(unit) {
    return this.data.units?.[unit - 1] ?? unit - 1;
  }

  announce() {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      const { t, unit } = this.cursor;
      const steps = this.page?.steps?.() ?? this.data.tokens;
      if (this.data.address) writeAddress({ [stepName(this.data)]: t });
      if (steps[t - 1] !== undefined) this.live.textContent = `Step ${t} of ${steps.length}, ${steps[t - 1]}${this.data.H ? `, unit ${this.nameOf(unit)}` : ""}`;
    }, QUIET);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.quiet);
    this.observer.disconnect();
    this.later.forget();
    this.page?.destroy();
    this.root.remove();
    this.sheet.remove();
    this.tooltip.box.remove();
  }
}

/**
 * The measures as the style sheets have them, such as --block-row; `heights.py` reads the same file.
 * @param {Record<string, Record<string, number>>} groups
 */
const measuresOf = (groups) => Object.entries(groups).flatMap(([group, named]) => Object.entries(named).map(([name, px]) => /** @type {const} */ ([`--${group}-${name}`, px])));

/** @typedef {{kind: string, name?: string, ramp?: string, role?: string, place?: string, profile?: Part | null}} Part */

/**
 * @param {FigureData} data
 * @param {Mode} mode
 * @param {Palette} palette
 */
function structureOf(data, mode, palette) {
  /** @type {(part: Part | null | undefined) => unknown} */
  const panel = (part) => part && [part.kind, part.name, part.ramp, part.role, part.place, panel(part.profile)];
  return JSON.stringify([mode, palette.page, palette.ink, data.turned, data.cursor, data.named, data.H, data.stages, data.plain, data.beats?.map((beat) => beat.name), data.panels.map((part) => panel(part))]);
}

/**
 * What the step is called in the address.
 * @param {FigureData} data
 */
const stepName = ({ address }) => (typeof address === "string" ? address : "t");
