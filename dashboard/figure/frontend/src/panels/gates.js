// The gates of an LSTM over a text, and the ways on which a change of its cell reaches the last word: the drawing that
// the beats of the lesson on gates at work drive.

/** @import { GatesData, GatesPart, Rich } from "../../types/payload.ts" */
/** @import { Context, DrivenPanel } from "../../types/figure.ts" */

import { createAsTable } from "../as_table.js";
import { followPointer, keepFocus, leftAt, lookAt } from "../beats/driven.js";
import { createMotion } from "../beats/motion.js";
import { clamp, element, svg } from "../dom.js";
import { powerOfTen, significant } from "../format.js";
import { createBar } from "./gates/bar.js";
import { readData } from "./gates/data.js";
import { drawExploding, sideOfExploding } from "./gates/explode.js";
import { drawHorizon, sideOfHorizon, tableOfHorizon } from "./gates/horizon.js";
import { layoutOf } from "./gates/layout.js";
import { drawFollowed, drawMap, drawSlot, drawWords, placesOf } from "./gates/maps.js";
import { createSide } from "./gates/side.js";
import { drawBack, drawBuilding, drawLittle } from "./gates/back.js";
import { drawSum } from "./gates/stack.js";
import { drawTwo, sideOfTwo } from "./gates/two.js";
import { begun, viewOf } from "./gates/view.js";

const KEPT = "gates";
const WORD = 170; // ms that a word takes
const BUILD = 2400; // ms of one step back
const LETTERS = /** @type {import("../../types/payload.ts").GatesLetter[]} */ (["f", "c", "h", "i", "o", "g"]);

/** @typedef {{nodes: SVGElement[], bottom: number, stacks: import("./gates/view.js").Drawn[]}} Plot */

/**
 * @param {Context} context
 * @param {GatesData} data
 * @returns {DrivenPanel<GatesData>}
 */
export function create(context, data) {
  let shown = data;
  let read = readData(data);
  /** @type {import("./gates/view.js").Show | null} */
  let show = null;
  let known = true;
  /** @type {import("./gates/view.js").Chosen | null} */
  let chosen = null;
  /** @type {(words: Rich | null) => void} */
  let say = () => {};
  const motion = createMotion();
  const bar = createBar(data, { choose, go, play, motion });
  const side = createSide(data, turn);
  const base = svg("g");
  const plot = svg("g");
  const over = svg("g");
  const drawing = svg("svg", { class: "gt-svg gt-drawing" });
  drawing.append(base, plot, over);
  const chart = element("div", "gt-chart");
  const aside = element("div", "gt-aside");
  const asTable = createAsTable(context, tables);
  const below = context.mode === "phone" ? element("div", "gt gt-below", aside, asTable.node) : undefined;
  const wrap = element("div", "gt", bar.node, element("div", "beat-drawing gt-figure", chart, below ? null : aside), below ? null : asTable.node);
  let based = "";
  let plotted = "";
  /** @type {Plot} */
  let last = { nodes: [], bottom: 0, stacks: [] };

  const view = () => (show && chosen ? viewOf(shown, show, chosen, known, context.cursor.t) : null);

  /** @param {Partial<import("./gates/view.js").Chosen>} change */
  function choose(change) {
    if (!chosen) return;
    motion.stop();
    chosen = { ...chosen, ...change, phase: 3 };
    context.remember(KEPT, chosen);
    paint();
  }

  /** @param {GatesPart} part */
  function turn(part) {
    if (chosen) choose({ on: { ...chosen.on, [part]: !chosen.on[part] } });
  }

  /** @param {number} t */
  function go(t) {
    motion.stop();
    const at = view();
    if (chosen && at) chosen = { ...chosen, phase: 3 };
    context.setStep(at ? clamp(t, at.stage === "alone" ? at.reached : 1, at.opened) : t);
    paint();
  }

  followPointer(
    drawing,
    (event) => go(layoutOf(context, shown).wordAt(event.clientX - drawing.getBoundingClientRect().left)),
    (event) => {
      const unit = unitUnder(event);
      if (unit !== null) choose({ unit });
    },
  );

  /** @param {PointerEvent} event */
  function unitUnder(event) {
    const at = view();
    if (!at?.mapped) return null;
    const y = event.clientY - drawing.getBoundingClientRect().top;
    const { places } = placesOf(lettersOf(at), layoutOf(context, shown), shown.network.H);
    const place = places.find(({ top, row }) => y >= top && y < top + row * shown.network.H);
    return place ? Math.floor((y - place.top) / place.row) : null;
  }

  /** @param {import("./gates/view.js").View} at */
  const lettersOf = (at) => (at.chosen.more ? LETTERS : LETTERS.slice(0, 3));

  function play() {
    const at = view();
    if (!at || !chosen) return;
    if (motion.running) return motion.stop();
    const T = read.T;
    if (at.stage === "ways" && known) {
      motion.run(BUILD, (share) => {
        if (!chosen) return;
        chosen = { ...chosen, phase: 3 * share };
        paint();
      });
    } else if (at.stage === "let" && known) {
      walk(shown.first, T, (t) => chosen && (chosen = { ...chosen, opened: t }), (t) => Math.min(t, shown.second));
    } else if (at.stage === "alone") {
      back(T, 1);
    } else if (at.mapped && at.stage !== "ways") {
      walk(1, at.opened, () => {});
    } else if (at.stage === "ways" || at.stage === "two" || at.stage === "explode") {
      walk(T, 1, () => {});
    }
  }

  /**
   * Back from a word to the earliest that may be shown; the cursor stays where it is told to.
   * @param {number} from
   * @param {number} stays
   */
  function back(from, stays) {
    walk(from, known ? 1 : shown.second, (t) => chosen && (chosen = { ...chosen, reached: t }), (t) => Math.max(t, stays));
  }

  /**
   * From a word to another, one after the other.
   * @param {number} from
   * @param {number} to
   * @param {(t: number) => void} at
   * @param {(t: number) => number} [cursor] where it stands then
   */
  function walk(from, to, at, cursor = (t) => t) {
    motion.run(WORD * Math.abs(to - from), (share) => {
      const t = Math.round(from + (to - from) * share);
      at(t);
      if (share === 1 && chosen) context.remember(KEPT, chosen);
      context.setStep(cursor(t));
      paint();
    });
  }

  function tables() {
    const at = view();
    if (!at) return [];
    const units = Array.from({ length: shown.network.H }, (_, k) => `unit ${k}`);
    const maps = LETTERS.map((letter) => ({ name: `${letter}: ${shown.names[letter]}`, columns: units, row: (/** @type {number} */ t) => (t > at.opened ? units.map(() => "?") : read.maps[letter][t - 1].map((value) => significant(value, 3))) }));
    const columns = ["stays in c, f alone", "by h at once", "by h later", "sum"];
    const row = (/** @type {number[][]} */ parts, /** @type {boolean[]} */ told, /** @type {number} */ t) => {
      const values = parts.map((part) => part[t - 1]);
      return [...values.map((value, k) => (told[k] ? significant(value, 3) : "?")), known && told.every(Boolean) ? significant(values.reduce((sum, value) => sum + value, 0), 3) : "?"];
    };
    if (at.parted) {
      const parts = { name: `∂c_T/∂c_t, ${at.all ? "length of all units" : `unit ${at.unit}`}`, columns: at.told ? columns : columns.slice(0, 1), row: (/** @type {number} */ t) => row(read.parts(at.unit), [t >= at.reached, at.told, at.told], t).slice(0, at.told ? undefined : 1) };
      return [parts, ...maps];
    }
    if (at.stage === "two") return [[shown.network.bias, read.together], [shown.other.bias, read.otherTogether]].map(([bias, parts]) => ({ name: `length of ∂c_T/∂c_t, forget bias ${bias}`, columns, row: (/** @type {number} */ t) => row(/** @type {number[][]} */ (parts), [true, true, true], t) }));
    if (at.stage === "explode") {
      const { gains } = shown.explode;
      return [["all three ways", read.explodeWhole], ["f alone", read.explodeAlone]].map(([name, logs]) => ({ name: String(name), columns: gains.map((gain) => `W_h × ${gain}`), row: (/** @type {number} */ t) => gains.map((_, k) => (known || k === 0 ? powerOfTen(/** @type {number[][]} */ (logs)[k][t - 1], 3) : "?")) }));
    }
    return at.stage === "bias" ? [tableOfHorizon(shown, known)] : maps;
  }

  function paint() {
    const at = view();
    if (!at) return;
    bar.set(at);
    const told = { alone: shown.network.alone, ways: shown.network.ways }[/** @type {string} */ (at.stage)]?.[at.unit];
    say(told ? told[known ? "said" : "before"] : null);
    const layout = layoutOf(context, shown);
    if (at.stage === "bias") {
      chart.replaceChildren(drawHorizon(layout, shown, at));
      aside.replaceChildren(sideOfHorizon(shown, at));
      based = "";
      return;
    }
    if (drawing.parentNode !== chart) chart.replaceChildren(drawing);
    if (at.mapped) paintMaps(layout, at);
    else paintOther(layout, at);
  }

  /**
   * @param {import("./gates/layout.js").Layout} layout
   * @param {import("./gates/view.js").View} at
   */
  function paintMaps(layout, at) {
    const { network } = shown;
    const letters = lettersOf(at);
    const { places, bottom } = placesOf(letters, layout, network.H);
    const name = JSON.stringify(["maps", layout.width, context.mode, at.opened, at.chosen.more, at.unit]);
    if (name !== based) {
      const labels = { f: ["forget gate", `${network.H} units`], c: ["cell"], h: ["shown"], i: ["input gate"], o: ["output gate"], g: ["candidate"] };
      const maps = places.map((place) => drawMap(layout, place, { values: read.maps[place.letter], opened: at.opened, limit: place.letter in network.limit ? network.limit[/** @type {"c"} */ (place.letter)] : 1, palette: context.palette, label: labels[place.letter], numbers: place.letter === "f", named: true }));
      base.replaceChildren(drawWords(layout, shown.words, at.opened), ...maps, ...(at.all ? [] : drawFollowed(layout, places, at.unit, at.opened)));
      based = name;
      plotted = "";
    }
    const built = at.phase < 3;
    const wanted = JSON.stringify([at.stage, at.known, at.on, at.reached, at.phase]);
    if (wanted !== plotted) {
      last = drawBack(layout, shown, read, at, bottom + 30);
      plot.replaceChildren(...last.nodes);
      plotted = wanted;
    }
    const end = at.parted ? last.bottom : bottom;
    over.replaceChildren(...drawSlot(layout, shown.words, at.t, end), ...(at.parted ? last.stacks.flatMap((stack) => [drawSum(layout, stack, at.t), ...drawLittle(layout, at, stack)]) : []), ...(built ? drawBuilding(layout, shown, read, at, last) : []));
    sized(layout, last.bottom);
    side.set(at, read, context.palette);
    if (side.node.parentNode !== aside) aside.replaceChildren(side.node);
  }

  /**
   * @param {import("./gates/layout.js").Layout} layout
   * @param {import("./gates/view.js").View} at
   */
  function paintOther(layout, at) {
    const name = JSON.stringify([at.stage, layout.width, context.mode, known, at.chosen.gain]);
    if (name !== based) {
      last = at.stage === "two" ? drawTwo(layout, shown, read, at, context.palette) : drawExploding(layout, shown, read, at, context.palette);
      base.replaceChildren(drawWords(layout, shown.words, read.T), ...last.nodes);
      plot.replaceChildren();
      based = name;
      plotted = "";
    }
    over.replaceChildren(...drawSlot(layout, shown.words, at.t, last.bottom), ...last.stacks.map((stack) => drawSum(layout, stack, at.t)));
    sized(layout, last.bottom);
    aside.replaceChildren(at.stage === "two" ? sideOfTwo(shown, read, at) : sideOfExploding(shown, read, at));
  }

  /**
   * @param {import("./gates/layout.js").Layout} layout
   * @param {number} bottom
   */
  function sized(layout, bottom) {
    drawing.setAttribute("width", String(layout.right));
    drawing.setAttribute("height", String(Math.ceil(bottom + 6)));
  }

  /** @type {DrivenPanel<GatesData>} */
  const panel = {
    full: wrap,
    below,
    update(next) {
      if (next !== shown) read = readData(next);
      shown = next;
      based = "";
      asTable.rebuild("The gates");
      paint();
    },
    setBeat(next, { known: is, entered }) {
      const before = show;
      show = /** @type {import("./gates/view.js").Show} */ (next);
      const answered = is && !known && !entered && before?.stage === show.stage;
      known = is;
      if (chosen?.stage !== show.stage || entered) enter(show, before !== null);
      if (answered && chosen) chosen = { ...chosen, opened: shown.first, reached: shown.second, gain: show.stage === "explode" ? shown.explode.gains.length - 1 : chosen.gain, bias: show.stage === "bias" ? shown.bias.values.length - 1 : chosen.bias };
      keepFocus([wrap, ...(below ? [below] : [])], bar.node, paint);
      asTable.rebuild("The gates");
      if (answered) reveal();
    },
    setCursor: paint,
    steps: () => (show?.stage === "bias" ? [] : shown.words),
    onSaid(replace) {
      say = replace;
    },
    toggle: play,
    stop: motion.stop,
    resize() {
      based = "";
      paint();
    },
    destroy: motion.stop,
  };

  // What was covered comes in steps, once it may.
  function reveal() {
    if (!show || !chosen) return;
    if (show.stage === "alone") back(shown.second, shown.second - 1);
    else if (show.stage === "let" || show.stage === "ways") play();
    else context.remember(KEPT, chosen);
  }

  /**
   * Begin a beat, and look at its word: when it is gone to, and when the page opens with it and names none.
   * @param {import("./gates/view.js").Show} wanted
   * @param {boolean} entered
   */
  function enter(wanted, entered) {
    motion.stop();
    /** @type {Partial<import("./gates/view.js").Chosen> | null} */
    const left = leftAt(context, KEPT, wanted.stage, entered);
    chosen = { ...begun(shown, wanted, known), ...left, phase: 3 };
    lookAt(context, wanted.t, { entered, left: left !== null });
    if (entered) context.remember(KEPT, chosen);
  }

  return panel;
}
