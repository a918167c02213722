// One layout of the figure: what is wrong, finding, transport, token strip, rows of panels, what stands below.

/** @import { AnyPanelData, FigureData } from "../types/payload.ts" */
/** @import { Context, Cursor, Mode, Page, Row, TimeNode } from "../types/figure.ts" */

import { element } from "./dom.js";
import { createAsTable } from "./as_table.js";
import { createDoctor } from "./doctor.js";
import { createAway } from "./later.js";
import { createNumbers, createStrip } from "./strip.js";
import { createPhoneTable } from "./phone_table.js";
import { recallPanel, rememberPanel } from "./memory.js";
import { create } from "./panels/index.js";
import { rich } from "./rich.js";
import { createSlider, createTransport } from "./transport.js";
import { createUnits, unitAt } from "./units.js";

const LINE_FROM = 100; // steps from which the slot is a line

/** @type {<Part>(part: Part | null) => part is Part} */
const isThere = (part) => part !== null;

/**
 * @param {import("./figure.js").Figure} figure
 * @param {Mode} mode
 * @returns {Page}
 */
export function createPage(figure, mode) {
  const context = contextOf(figure, mode);
  const phone = mode === "phone";
  const turned = phone || figure.data.turned;
  const doctor = createDoctor(figure);
  const finding = element("p", "finding");
  const foot = element("div", "foot");
  const paragraphs = element("div", "paragraphs");
  const transport = createTransport(context);
  const slider = createSlider(context);
  const strip = createStrip(context, turned);
  const numbers = [createNumbers(context), createNumbers(context)];
  const units = mode !== "phone" && figure.data.H > 0 ? createUnits(context) : null;
  const stepName = element("h2", "step-name");
  const note = element("span", "note");
  const dockName = element("span", "dock-name");
  const slot = element("div", "slot");
  const edges = element("div", "slot-edges");
  const panels = figure.data.panels.map((data) => createRow(context, data));
  const asTable = createAsTable(context, () => panels.flatMap((panel) => panel.tables()));
  const phoneTable = phone ? createPhoneTable(context, () => panels) : null;

  const stepHead = element("div", "step-head", stepName, note);
  const head = [
    row("transport", phone ? null : transport.buttons, timeCell(slider.node), mode === "desktop" ? stepHead : null),
    figure.data.named ? row("token-row", phone ? null : element("span", "label", "token"), timeCell(strip.node), null) : null,
    row("number-row", element("span", "axis-name", rich([{ math: "t" }])), timeCell(numbers[0].node), mode === "desktop" ? unitHead() : null),
  ].filter(isThere);
  const tail = row("number-row last", element("span", "axis-name", rich([{ math: "t" }])), timeCell(numbers[1].node), null);
  const rows = panels.flatMap((panel) => panel.nodes);
  const body = figure.data.cursor ? element("div", "body", slot, edges, ...head, ...rows, tail) : element("div", "body", ...rows);
  const wide = panels.flatMap((panel) => panel.wide);
  const below = element("div", "below", ...belowNodes());
  const dock = phone && figure.data.cursor ? element("div", "dock", transport.buttons, dockName) : null;

  let chosen = 0;

  function unitHead() {
    if (!units) return null;
    return element("div", "unit-head", element("span", "unit-name", "unit"), units.node);
  }

  function belowNodes() {
    const profiles = mode === "desktop" ? [] : panels.flatMap((panel) => panel.below);
    if (!figure.data.cursor) return profiles;
    if (phoneTable) return [stepHead, phoneTable.node, ...profiles];
    if (mode === "middle") return [stepHead, unitHead(), element("div", "profiles", ...profiles)].filter(isThere);
    return [];
  }

  /** @param {FigureData} data */
  function update(data) {
    doctor.update(data.doctor);
    finding.replaceChildren(...(data.finding.length ? [rich(data.finding)] : []));
    finding.hidden = data.finding.length === 0;
    foot.replaceChildren(...data.foot.map((runs) => rich(runs)));
    foot.hidden = data.foot.length === 0;
    paragraphs.replaceChildren(...data.paragraphs.map((runs) => element("p", "", rich(runs))));
    paragraphs.hidden = data.paragraphs.length === 0;
    note.textContent = data.note;
    data.panels.forEach((part, k) => panels[k].update(part));
    measure();
    context.later(rebuild);
  }

  function rebuild() {
    asTable.rebuild(figure.data.label);
    phoneTable?.rebuild();
    phoneTable?.setCursor(context.cursor);
  }

  function measure() {
    const { gutter, gap, profileWidth, column, beside, T } = context.geometry;
    figure.root.style.setProperty("--gutter", `${gutter}px`);
    figure.root.style.setProperty("--gap", `${gap}px`);
    figure.root.style.setProperty("--profile", beside ? `${profileWidth}px` : "0px");
    figure.root.style.setProperty("--units", context.geometry.H);
    figure.root.classList.toggle("turned", turned);
    figure.root.classList.toggle("unnamed", figure.data.cursor && !figure.data.named);
    figure.root.style.setProperty("--unit", `${profileWidth / context.geometry.H}px`);
    slot.style.width = edges.style.width = `${T > LINE_FROM ? 2 : Math.round(column)}px`; // by a property all below would be styled anew
    figure.root.classList.toggle("line-slot", T > LINE_FROM);
    [slider, strip, ...numbers].forEach((part) => part.measure());
    units?.measure();
  }

  /** @param {Cursor} cursor */
  function setCursor(cursor) {
    const { column, T } = context.geometry;
    const offset = Math.round(T > LINE_FROM ? (cursor.t - 0.5) * column - 1 : (cursor.t - 1) * column);
    slot.style.transform = edges.style.transform = `translateX(${offset}px)`;
    if (cursor.unit !== chosen) figure.root.style.setProperty("--chosen", (chosen = cursor.unit) - 1);
    [transport, slider, strip, ...numbers].forEach((part) => part.setCursor(cursor));
    units?.setCursor(cursor);
    const token = context.tokens[cursor.t - 1];
    const [open, close] = figure.data.named ? ["‘", "’"] : ["", ""];
    stepName.replaceChildren(`Step ${cursor.t}, ${open}`, element("span", "token", token), close);
    dockName.replaceChildren(element("strong", "", `Step ${cursor.t}`), ` of ${T}, ${open}`, element("span", "token", token), close);
    panels.forEach((panel) => panel.setCursor(cursor));
    phoneTable?.setCursor(cursor);
  }

  /** @type {Page} */
  const page = {
    nodes: [doctor.node, finding, body, below, ...wide, foot, asTable.node, paragraphs, dock].filter(isThere),
    update,
    setCursor,
    toggle: transport.toggle,
    stop: transport.stop,
    focus: () => slider.node.focus({ preventScroll: true, focusVisible: false }),
    stepUnder(event) {
      const box = slider.node.getBoundingClientRect();
      return Math.floor((event.clientX - box.left) / context.geometry.column) + 1;
    },
    unitUnder(event, target) {
      const profile = target.closest(".units, .vector-entries, svg.bars");
      if (profile) return unitAt(event, profile, context.geometry.H);
      const owner = /** @type {TimeNode | null} */ (target.closest(".map"));
      return owner?.unitAt?.(event) ?? null;
    },
    resize() {
      measure();
      panels.forEach((panel) => panel.resize());
    },
    destroy() {
      transport.stop();
      panels.forEach((panel) => panel.destroy());
    },
  };
  update(figure.data);
  rebuild();
  return page;
}

/**
 * @param {import("./figure.js").Figure} figure
 * @param {Mode} mode
 * @returns {Context}
 */
export function contextOf(figure, mode) {
  return {
    mode,
    narrow: mode === "phone",
    profiles: mode !== "phone",
    palette: figure.palette,
    tooltip: figure.tooltip,
    get geometry() {
      return figure.geometry;
    },
    get cursor() {
      return figure.cursor;
    },
    get tokens() {
      return figure.data.tokens;
    },
    nameOf: (unit) => figure.nameOf(unit),
    get named() {
      return figure.data.named;
    },
    get backward() {
      return figure.data.backward;
    },
    later: (work) => figure.later.add(work),
    setStep: (t, options) => figure.setStep(t, options),
    setUnit: (unit) => figure.setUnit(unit),
    tell: (name, value) => figure.tell(name, value),
    get address() {
      return Boolean(figure.data.address);
    },
    recall: (name) => /** @type {never} */ (recallPanel(figure.key, name)),
    remember: (name, chosen) => rememberPanel(figure.key, name, chosen),
  };
}

/**
 * A panel with its place in the grid, and the panel that stands beside it in the profile column.
 * @param {Context} context
 * @param {AnyPanelData} data
 * @returns {Row}
 */
export function createRow(context, data) {
  const main = create(context, data);
  const beneath = "profile" in data ? data.profile : null;
  const side = beneath ? create(context, beneath) : null;
  const both = side ? [main, side] : [main];
  const beside = context.geometry.beside;
  const profile = side?.profile ?? main.profile ?? null;
  const nodes = [];
  if (main.title) nodes.push(main.title);
  if (main.time || main.gutter || (beside && profile)) {
    const time = main.time ? timeCell(main.time) : null;
    nodes.push(row(data.kind, main.gutter ?? null, time, beside ? profile : null));
  }
  const wide = main.full ? [element("div", "wide", main.full)] : [];
  const below = !beside && profile ? [element("div", `block ${data.kind}`, profile)] : [];
  const away = createAway(nodes.at(-1) ?? wide[0] ?? below[0]);
  let behind = false; // has the data of the picture before

  /** @param {AnyPanelData} next */
  function show(next) {
    main.update(next);
    if ("profile" in next && next.profile) side?.update(next.profile);
    behind = false;
  }

  /** @param {Cursor} cursor */
  const setCursor = (cursor) => both.forEach((panel) => panel.setCursor(cursor));

  return {
    main,
    nodes,
    wide,
    below,
    update(next) {
      if (!away.is()) return show(next);
      behind = true;
      context.later(() => {
        show(next);
        setCursor(context.cursor);
      });
    },
    tables: () => both.flatMap((panel) => panel.table?.() ?? []),
    setCursor: (cursor) => behind || setCursor(cursor),
    resize: () => both.forEach((panel) => panel.resize()),
    destroy() {
      away.end();
      both.forEach((panel) => panel.destroy());
    },
  };
}

/**
 * @param {string} kind
 * @param {Node | string | null} gutter
 * @param {Node | null} time
 * @param {Node | null} profile
 */
function row(kind, gutter, time, profile) {
  return element(
    "div",
    `row ${kind}`,
    element("div", "gutter", gutter),
    time ?? element("div", "time"),
    element("div", "profile", profile),
  );
}

/** @param {Node} content */
function timeCell(content) {
  const cell = element("div", "time", content);
  cell.dataset.time = "";
  return cell;
}
