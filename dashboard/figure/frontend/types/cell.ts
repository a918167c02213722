// What the parts of the cell's panel are to each other.

import type { Decoded, Floats } from "./figure.ts";
import type { CellData, GateName } from "./payload.ts";

/** The cell's payload with its arrays decoded. */
export interface CellArrays extends Omit<CellData, "numbers" | "was" | "held" | "rnn" | "weights" | "bias" | "terms"> {
  numbers: Record<string, Decoded>;
  was: Record<string, Decoded> | null;
  held: Record<GateName, Decoded>;
  rnn: Decoded;
  weights: Decoded;
  bias: Decoded;
  terms: Decoded;
}

export interface CellChoice {
  sub: number;
  gate: GateName | "";
  unit: number;
}

/** Which units of a gate are held at a step, and at what. */
export interface Held {
  units: Set<number>;
  some: boolean;
  all: boolean;
  value?: number;
}

/** What every part of the panel draws: the choice, the step, and how to read a vector. */
export interface CellView extends CellChoice {
  t: number;
  tokens: string[];
  last: boolean;
  read(name: string, t: number, lag: number): Floats;
  before(name: string, t: number, lag: number): Floats | null;
  readAll(name: string, t: number): Floats;
  heldAt(name: string, t?: number): Held;
  numbers(name: string, t: number): string;
}

export type Towards = "right" | "up" | "down";
export type ArrowHead = [x: number, y: number, towards: Towards];
export type WirePlace = [path: string, role: string, from: number, head: ArrowHead | null, gate?: GateName | null, also?: number];
export type SignPlace = [x: number, y: number, sign: "×" | "+", role: string, from: number];
export type VectorPlace = [name: string, lag: number, role: string, from: number, nameX: number, nameY: number, x: number, y: number, symbol: string];

/** Where everything stands, in px; see panels/cell/layout.js. */
export interface CellLayout {
  width: number;
  height: number;
  frame: [x: number, y: number, width: number, height: number];
  wires: WirePlace[];
  signs: SignPlace[];
  tanh: [x: number, y: number, width: number, height: number];
  box: [width: number, height: number];
  gates: Record<GateName, [x: number, y: number]>;
  words: Partial<Record<GateName, [x: number, y: number]>>;
  vectors: VectorPlace[];
  input: [x: number, y: number, widest: number];
}
