// What the parts of the figure are to each other.

import type { AnyPanelData, EntryData, EntryFactors, EntryWeight, FigureData, Packed, Palette, Rich, WeightName } from "./payload.ts";

import type { Figure } from "../src/figure.js";

/** A figure with what it shows, as it came and as it was read, and how often it was given something to show. */
export interface Shown {
  figure: Figure;
  text: string;
  data: FigureData | undefined;
  mounts: number;
}

export type Mode = "desktop" | "middle" | "phone";

export interface Cursor {
  t: number;
  unit: number;
}

export type Floats = Float32Array | Float64Array | Int16Array | Int8Array | Uint8Array;
export interface Decoded {
  values: Floats;
  shape: number[];
}
/** A payload whose arrays are decoded. */
export type Unpacked<Part> = { [Field in keyof Part]: Part[Field] extends Packed ? Decoded : Part[Field] };

export interface Geometry {
  T: number;
  width: number;
  H: number;
  gutter: number;
  gap: number;
  beside: boolean;
  profileWidth: number;
  timeWidth: number;
  column: number;
}

/** What a timeout is cleared by. */
export type Timer = ReturnType<typeof setTimeout>;

/** Follows the chosen step. */
export type LiveRun = (t: number) => void;

/** One column of the table of the chosen step. */
export interface StepColumn {
  symbol: Rich;
  role: string;
  at(t: number): Floats;
}

/** The numbers of one panel, for "Show as table". */
export interface StepTable {
  name: string;
  columns: string[];
  /** Where its rows are no steps: what they are, and each one's name. */
  rows?: { head: string; names: string[] };
  row(t: number): string[];
}

/** A panel of the figure; see panels/index.js. */
export interface Panel<Data = AnyPanelData> {
  gutter?: HTMLElement | null;
  time?: TimeNode | SVGElement | null;
  profile?: HTMLElement | null;
  full?: HTMLElement;
  title?: HTMLElement | null;
  update(data: Data): void;
  setCursor(cursor: Cursor): void;
  resize(): void;
  destroy(): void;
  group?(): string;
  column?(): StepColumn;
  table?(): StepTable[];
}

/** A panel that draws the time axis itself. */
export interface TimePanel<Data = AnyPanelData> extends Panel<Data> {
  toggle(): void;
  stop(): void;
  focus(): void;
  stepUnder(event: MouseEvent): number;
}

/** The drawing of a lesson, which its beats drive. */
export interface DrivenPanel<Data = AnyPanelData> extends Panel<Data> {
  /** What follows the question where there is no room beside the drawing: how to read it, and its numbers. */
  below?: HTMLElement;
  setBeat(show: Record<string, unknown>, state: { known: boolean; entered: boolean }): void;
  /** The words or steps of the beat, as far as a key can go to them; without it those of the figure. */
  steps?(): string[];
  /** Takes what puts words in place of the beat's sentence below the drawing; null puts the beat's back. */
  onSaid?(replace: (words: Rich | null) => void): void;
  toggle(): void;
  stop(): void;
}

/** The time area of a map knows the unit under the pointer. */
export type TimeNode = HTMLElement & { unitAt?: (event: MouseEvent) => number | null };

/** A row of a page: a panel, and the one beside it. */
export interface Row {
  main: Panel;
  nodes: Element[];
  wide: Element[];
  below: Element[];
  update(data: AnyPanelData): void;
  tables(): StepTable[];
  setCursor(cursor: Cursor): void;
  resize(): void;
  destroy(): void;
}

/** One layout of the whole figure. */
export interface Page {
  nodes: Element[];
  update(data: FigureData): void;
  setCursor(cursor: Cursor): void;
  toggle(): void;
  stop(): void;
  focus(): void;
  turn?(by: number): void;
  /** Of what is drawn now, where that is not all of the figure's; none where nothing stands at a step. */
  steps?(): string[];
  stepUnder(event: MouseEvent): number;
  unitUnder(event: MouseEvent, target: Element): number | null;
  resize(): void;
  destroy(): void;
}

/** What is shown of a mend that was made. */
export type Side = "before" | "after" | "both";

/** What a panel keeps of its own between reruns. */
export type Kept = Record<string, unknown>;

export interface TooltipLike {
  show(event: MouseEvent, lines: [name: string, value: string][]): void;
  hide(): void;
}

/** A use of a weight, to be opened. */
export interface Use {
  weight: WeightName;
  k: number;
  row?: number;
  col?: number;
}

/** What a panel has of its figure. */
export interface Context {
  mode: Mode;
  narrow: boolean;
  profiles: boolean;
  palette: Palette;
  tooltip: TooltipLike;
  readonly geometry: Geometry;
  readonly cursor: Cursor;
  readonly tokens: string[];
  readonly named: boolean;
  readonly backward: boolean;
  readonly address: boolean;
  /** What a unit, counted from 1, is called. */
  nameOf(unit: number): number;
  later(work: () => void): void;
  setStep(t: number, options?: { dragging?: boolean }): void;
  setUnit(unit: number): void;
  /** Tells the server something. */
  tell(name: string, value: unknown): void;
  recall<Choice extends object>(name: string): Choice;
  remember(name: string, chosen: object): void;
  open?: (use: Use) => void;
}

/** Entry panel: its arrays, and the one entry that is chosen among them. */
export type EntryPart = Unpacked<EntryWeight>;
export interface EntryArrays extends Omit<EntryData, "factors" | "weights"> {
  factors: Unpacked<EntryFactors>;
  weights: Record<WeightName, EntryPart>;
}
/** What was chosen; whatever is missing follows the figure. */
export interface EntryWish {
  name?: WeightName;
  row?: number;
  col?: number;
  k?: number;
  s?: number;
  window?: number;
  stage?: number;
  total?: boolean;
  whole?: boolean;
  example?: boolean;
}
export type EntryChoice = EntryWish & { name: WeightName; row: number; col: number; k: number; s: number; window: number };
export interface Knowledge {
  reached: number;
  output: boolean;
  complete: boolean;
  step: number;
  term(name: WeightName, k: number): boolean;
  count(name: WeightName): number;
}
export interface EntryView {
  data: EntryArrays;
  choice: EntryChoice;
  part: EntryPart;
  known: Knowledge;
  name: string;
  plainName: string;
  choose(change: EntryWish): void;
  open(k: number, s?: number): void;
}
