// What the server sends: the shapes that the builders in `dashboard/figure` return, field by field.

/** An array on the wire: base64 of its little-endian bytes in C order. */
export interface Packed {
  b64: string;
  shape: number[];
  dtype: "f4" | "f8" | "i2" | "i1" | "u1";
}

export interface MathRun {
  math: string;
  role?: string;
  live?: boolean;
}
export interface TokenRun {
  token: string;
}
export interface MatrixRun {
  matrix: string[][];
  role?: string;
}
export interface StrongRun {
  strong: string;
}
/** A place in the figure that words lead to: its parts get an event "go" with it. */
export interface GoRun {
  go: { t?: number; unit?: number; entry?: [number, number] };
  says: string;
}
/** Another page of ours, by its address from this one. */
export interface LinkRun {
  link: string;
  says: string;
}
export type Run = string | MathRun | TokenRun | MatrixRun | StrongRun | GoRun | LinkRun;
export type Rich = Run[];

/** How a series is drawn. */
export interface Key {
  model?: string;
  role?: string;
  shape?: "circle" | "diamond" | "square" | "triangle" | "bar" | "line" | "block";
  dash?: string;
}

export interface HeadingData {
  kind: "heading";
  text: string;
  formula: Rich[];
}

export type RampKind = "gate" | "signed";

export interface MapData {
  kind: "map";
  role: string;
  ramp: RampKind;
  domain: [number, number];
  symbol: Rich;
  label: string;
  model: string;
  values: Packed;
  height: number;
}

export interface VectorRow extends Key {
  parts: Packed;
  scale: Packed;
  norms: Packed;
  label: Rich;
}
export interface VectorsData {
  kind: "vectors";
  rows: VectorRow[];
}

export interface Column {
  label: Rich;
  align: "left" | "right";
  wide: boolean;
}
export type NumberFormat = "fixed3" | "fixed5" | "scientific" | "significant" | "power";
export interface ValueCell {
  values: Packed;
  format: NumberFormat;
}
export interface KeyedCell {
  key: Key;
  text: Rich;
}
export interface BarCell {
  draw: "bar";
  from: number;
  to: number;
  hollow?: boolean;
  role?: string;
}
export interface ChangeCell {
  draw: "change";
  from: number;
  to: number;
}
export type DrawnCell = BarCell | ChangeCell;
export type TableCell = string | Rich | ValueCell | KeyedCell | DrawnCell;
export interface TableData {
  kind: "table";
  columns: Column[];
  rows: TableCell[][];
  caption: Rich | null;
  place: "profile" | "full";
  large?: boolean;
  /** Height kept for it on a phone; the server's alone. */
  narrow?: number;
}

/** Columns of equal length; words are the same in every row. */
export type Columns = Record<string, unknown[] | string>;
/** By data source one table, or several that follow each other. */
export type Sources = Record<string, Columns | Columns[]>;
export interface NumbersTable {
  name: string;
  columns: string[];
  values: Packed;
}
export interface KeyedText {
  key: Key;
  text: Rich;
}
export interface ChartBase {
  name: string;
  spec: object;
  data: Sources;
  /** Sources of which only the chosen unit's rows are drawn. */
  byUnit: string[];
  params: Record<string, unknown>;
  symbols: Rich[];
  label: string;
  title: Rich;
  keys: KeyedText[];
  profile: ProfileData | null;
  table: NumbersTable | null;
  height: number;
  cursor: boolean;
  axis: number;
}
export interface ChartData extends ChartBase {
  kind: "chart";
}
export interface TitledData extends ChartBase {
  kind: "titled";
  subtitle: Rich;
}

export interface Verdict {
  sign: string;
  word: string;
  tone: string;
  text: Rich;
  how: { to: string; text: string; name: string };
}
export interface Aspect extends Verdict {
  aspect: string;
  claims: string[];
  measured: Rich[];
}
export interface ComparisonData {
  kind: "comparison";
  models: string[];
  /** Above what is said, what was measured, and the verdicts. */
  said: string;
  measured: string;
  verdict: string;
  /** The first two where there is little room. */
  short: string[];
  rows: Aspect[];
  height: number;
  middle: number;
  narrow: number;
}

/** One SVG element: tag, attributes, text or children. */
export type DrawingNode = [tag: string, attributes: Record<string, string>, content: string | DrawingNode[]];
export interface DrawingData {
  kind: "drawing";
  nodes: DrawingNode[];
  width: number;
  height: number;
  label: Rich;
}

export interface ReadingRow {
  name: string;
  key: Key;
  said: string;
  shares: Packed;
}
export interface ReadingData {
  kind: "reading";
  rows: ReadingRow[];
  largest: number;
  height: number;
  narrow: number;
}

export interface SaidData {
  kind: "said";
  lines: Rich[][];
  style: "status" | "equation";
}

export interface Quantity {
  name: string;
  label: string;
  values: Packed;
}
export interface SearchData {
  kind: "search";
  quantities: Quantity[];
  start: { name: string; below: boolean; threshold: number };
  height: number;
  narrow: number;
}

export interface UnrolledOutput {
  y_hat: number[];
  loss: number | null;
  target: Rich;
}
export interface UnrolledStage {
  t: number;
  states: number;
  outputs: boolean;
  losses: boolean;
  own: boolean;
  reached: number;
}
export interface UnrolledBackward {
  own: number[][];
  future: number[][];
  dh: number[][];
  delta: number[][];
  limit: number;
}
export interface UnrolledData {
  kind: "unrolled";
  T: number;
  H: number;
  readout: string;
  inputs: string[];
  h: number[][];
  outputs: UnrolledOutput[];
  ownFormula: Rich;
  backward: UnrolledBackward | null;
  stages: UnrolledStage[];
  stepOf: number[];
}

export type GateName = "i" | "f" | "o" | "g";
export interface FormulaVector {
  vector: string;
  role: string;
  lag: number;
}
export type FormulaPart = Run | FormulaVector;
export interface CellSubstep {
  id: string;
  name: string;
  symbol: Rich;
  role: string;
  formula: FormulaPart[];
  byHand: FormulaPart[] | null;
}
export interface CellGate {
  name: string;
  formulas: Rich[];
  matrix: Rich;
  squash: string;
}
export interface CellData {
  kind: "cell";
  H: number;
  D: number;
  numbers: Record<string, Packed>;
  was: Record<string, Packed> | null;
  held: Record<GateName, Packed>;
  rnn: Packed;
  weights: Packed;
  bias: Packed;
  terms: Packed;
  limit: number;
  substeps: CellSubstep[];
  gates: Record<GateName, CellGate>;
  said: Rich[][][];
  substep: number;
  gate: GateName | "";
  unit: number;
}

export type WeightName = "W_x" | "W_h" | "b" | "W_y" | "b_y";
export interface EntryFactors {
  slope: Packed;
  dh: Packed;
  dz: Packed;
  dL_dy_hat: Packed;
  dy_hat_dz: Packed;
  dz_dh: Packed;
  J: Packed;
  rows: Packed;
}
export interface EntryWeight {
  shape: [number, number];
  truncated: Packed;
  own: Packed;
  terms: Packed;
  term: Packed;
  so_far: Packed;
  value: Packed;
  gradient: Packed;
  difference: Packed;
  agrees: boolean[][];
  largest: Packed;
  largest_term: Packed;
  immediate: Packed;
  total: Packed;
  sent: Packed;
  products: Packed;
  total_sum: Packed;
  total_difference: Packed;
  counted_again: Packed;
  map: Packed;
  map_sums: Packed;
  map_largest: number;
  norm: Packed;
  lost: Packed;
  cosine: Packed;
}
export interface EntryData {
  kind: "entry";
  place: "full";
  T: number;
  H: number;
  O: number;
  reached: number[];
  chosen: number[];
  reached_output: number;
  steps: number[];
  activation: string;
  first: [WeightName, number, number];
  window: number;
  /** What of it is shown beside the sum; all where it is missing. */
  shows?: "chain" | "map";
  factors: EntryFactors;
  weights: Record<WeightName, EntryWeight>;
}

/** The runs with one entry of W_h nudged, (T+1, n, …): at each use alone, and last at all of them. */
export interface NudgesData {
  by: number[];
  h: Packed;
  y: Packed;
  losses: Packed;
  loss: Packed;
}
/** Between updates, on two sequences alike but for x_1; arrays are (P, 2, …). */
export interface PressesData {
  x: number[][][];
  targets: string[][];
  loss: (number | null)[];
  W_h: number[][][];
  lengths: Record<"W_x" | "W_h" | "W_y", number | null>[];
  h: Packed;
  y: Packed;
  losses: Packed;
  own: Packed;
  future: Packed;
  dh: Packed;
  delta: Packed;
}
/** The small network on the way back, with all that its beats may show; states have h_0 as row 0. */
export interface BackwardData {
  kind: "backward";
  T: number;
  activation: string;
  alpha: number;
  nudge: number;
  x: number[][];
  weights: { W_h: number[][] };
  outputs: { t: number; target: string; index: string }[];
  run: { h: number[][]; y: number[]; losses: number[]; loss: number; own: number[][]; future: number[][]; dh: number[][]; delta: number[][] };
  slope: number[][];
  a: number[][];
  curve: [number, number][];
  /** What each step adds to each entry of ∂L/∂W_h. */
  shares: number[][][];
  /** Length of what the steps from t on have added up to. */
  lengths: Record<"W_x" | "W_h" | "W_y", (number | null)[]>;
  /** By entry, "i,j". */
  nudges: Record<string, NudgesData>;
  measured: Record<string, (number | null)[]>;
  /** Null where they were not sent. */
  presses: PressesData | null;
  said: { walk: Rich[]; way: Rich[]; shares: Record<string, Rich>; entries: Record<string, Rich> };
}

/** One direction of one layer; `log10` is the gradient that reaches it at each step, null where none does. */
export interface PartData {
  place: number;
  name: string;
  backward: boolean;
  chosen: boolean;
  log10: (number | null)[];
  says: string;
}
/** A stack of layers to choose from. */
export interface PartsData {
  kind: "parts";
  reads: string[];
  layers: { title: string; reads: string; parts: PartData[] }[];
  gives: string;
  head: string;
  output: string[];
  legend: Rich;
  domain: [number, number];
  height: number;
  narrow: number;
}

export interface PanelData {
  backward: BackwardData;
  cell: CellData;
  chart: ChartData;
  comparison: ComparisonData;
  drawing: DrawingData;
  entry: EntryData;
  gates: GatesData;
  heading: HeadingData;
  gated: GatedData;
  kept: KeptData;
  map: MapData;
  network: NetworkData;
  parts: PartsData;
  product: ProductData;
  reading: ReadingData;
  said: SaidData;
  search: SearchData;
  table: TableData;
  titled: TitledData;
  unrolled: UnrolledData;
  vectors: VectorsData;
}
export type AnyPanelData = PanelData[keyof PanelData];
/** What stands beside a chart. */
export type ProfileData = VectorsData | TableData;

export interface StageGroup {
  name: Rich;
  pills: Rich[];
  role: string;
}

/** Colour by role. */
export type Palette = Record<string, string>;

/** One activation in place of this run's: its curve, the run's pre-activations on it, and the states with it. */
export interface Squashed {
  name: string;
  /** As a button says it, and as an equation does. */
  title: string;
  called: string;
  run: NetworkRun;
  curve: [number, number][];
  points: [number, number][];
}
export interface NetworkOutput {
  t: number;
  y: string;
  /** What the read-out adds up and squeezes for it. */
  from: string;
  target: string;
  loss: string;
  /** The loss with its numbers, such as −ln 0.802. */
  working: string;
}
/** An entry of W_h smaller, as it is, and larger: its value, and what it sends at each step. */
export interface Turned {
  weight: [number, number, number];
  sent: [number[], number[], number[]];
  /** The runs with it smaller and larger. */
  runs: [NetworkRun, NetworkRun];
}
/** One run of the network: states with h_0 as row 0, sums, and what came into them from the state before. */
export interface NetworkRun {
  h: number[][];
  a: number[][];
  fromState: number[][];
}
/** The small network with all that its beats may show; states have h_0 as row 0. */
export interface NetworkData {
  kind: "network";
  T: number;
  activation: string;
  readout: "last" | "every";
  x: number[][];
  W_x: number[][];
  W_h: number[][];
  W_y: number[][];
  b: number[];
  b_y: number[];
  run: NetworkRun;
  /** x W_x, without and with the bias. */
  fromX: number[][];
  fromInput: number[][];
  /** The largest part or sum, for the bars. */
  limit: number;
  outputs: { last: NetworkOutput[]; every: NetworkOutput[]; total: string; words: string };
  /** By entry of W_h, "i,j". */
  turned: Record<string, Turned>;
  /** Runs with other values of x_1[0]: the places of its own value, and of one a little larger. */
  drag: { values: number[]; start: number; nudged: number; h: number[][][] };
  squashed: Squashed[];
}

/** A position of the sliders: one network. */
export interface ProductAt {
  radius: number;
  inputs: number;
  activation: string;
  shape: string;
}
export interface ProductActivation {
  name: string;
  label: string;
  /** Slope over pre-activation. */
  curve: [number, number][];
  /** Said where no position keeps the gradient with it; else empty. */
  never: Rich;
}
/** A run that trains until a number is not finite. */
export interface ProductFailing {
  T: number;
  /** log₁₀ of the largest number, and how it is written. */
  ceiling: number;
  ceilingText: string;
  rate: string;
  /** log₁₀ of the largest state at each step; null where that is 0 or not finite. */
  updates: { loss: string; gradient: string; states: (number | null)[] }[];
  infinite: number | null;
  nan: number | null;
  /** The update that broke it. */
  broken: number;
}
export interface ProductStep {
  limit: string;
  length: number;
  degrees: number;
  step: number;
  loss: number;
}
/** One step at a cliff, under each limit, and the loss along it. */
export interface ProductClipping {
  rate: string;
  before: number;
  lengths: Packed;
  along: Packed;
  none: ProductStep;
  norms: ProductStep[];
  values: (ProductStep & { along: Packed })[];
  first: [number, number];
}
/** A vector of one step of the LSTM. */
export type GatedVector = "f" | "i" | "g" | "o" | "kept" | "written" | "c" | "tanh" | "h" | "dropped";
/** One way through the text: its vectors from a step on (steps, vectors, H), and the answer. */
export interface GatedRun {
  from: number;
  values: Packed;
  y: Packed;
}
/** A trained LSTM on a text about two people, as computed and with gates held where the second is named. */
export interface GatedData {
  kind: "gated";
  T: number;
  H: number;
  words: string[];
  /** The step at which the second is named. */
  at: number;
  /** The unit that is followed. */
  follow: number;
  /** Who was named while it was below zero, and above. */
  sides: [string, string] | null;
  names: string[];
  limit: number;
  wide: number;
  /** Units that let go of more than half there. */
  shares: number[];
  runs: Record<string, GatedRun>;
  /** Which network it is. */
  network: Rich;
}
/** What slopes and W_h do to a gradient, step by step, in every network that the sliders reach. */
export interface ProductData {
  kind: "product";
  T: number;
  H: number;
  /** Powers of ten that one whole number stands for; the coarse one of the most that can be left. */
  unit: number;
  coarse: number;
  band: number;
  radii: number[];
  inputs: number[];
  shapes: string[];
  activations: ProductActivation[];
  /** log₁₀ of the radii: what an orthogonal W_h multiplies by. */
  even: number[];
  /** What a chain's units hand to the next. */
  link: number;
  /** `short`: the name where there is little room. */
  bookmarks: { title: string; short: string; at: ProductAt }[];
  slopes: Packed;
  weights: Packed;
  most: Packed;
  counts: Packed;
  mean: Packed;
  failing: ProductFailing;
  clipping: ProductClipping;
}

export type GatesLetter = "f" | "c" | "h" | "i" | "o" | "g";
export type GatesPart = "forget" | "through_h" | "later";
/** How long one forget bias keeps a cell, in words. */
export interface GatesBias {
  values: number[];
  gates: number[];
  rule: number[];
  alone: number[];
  /** null where it outlasts the text. */
  every: (number | null)[];
  T: number;
  H: number;
  seed: number;
  /** Places of the bias begun with, and of the last open one while the question is. */
  start: number;
  open: number;
  trained: { bias: number; H: number; alone: number | null; every: number | null }[];
}
/** The gates of trained and fresh networks over one text, and the parts of what reaches its last word. */
export interface GatesData {
  kind: "gates";
  words: string[];
  /** Words before the second name, and its place. */
  first: number;
  second: number;
  names: Record<GatesLetter, string>;
  network: {
    H: number;
    bias: number;
    /** The unit followed first. */
    unit: number;
    /** Up to which size signed values are drawn. */
    limit: Record<"c" | "h" | "g", number>;
    maps: Record<GatesLetter, Packed>;
    same: Packed;
    together: Packed;
    measured: Packed;
    whole: Packed;
    /** By unit, all together last. */
    alone: Told[];
    ways: Told[];
  };
  other: { H: number; bias: number; f: Packed; together: Packed };
  /** By forget bias, of many networks trained so, the share through the forget gates alone. */
  shares: { bias: number; small: number; large: number; low: string; high: string; networks: { share: number; H: number; shown: boolean }[] }[];
  bias: GatesBias;
  /** log₁₀ of every way and of f alone, by the factor on W_h. */
  explode: { gains: number[]; H: number; bias: number; seed: number; f: Packed; whole: Packed; alone: Packed };
}

/** A sentence below the drawing: while the question is open, and after it. */
export interface Told {
  before: Rich;
  said: Rich;
}
/** Runs of one setting that solve a gap, of so many; the share's 95 % interval. */
export interface KeptTally {
  hits: number;
  runs: number;
  low: number;
  high: number;
  rate: string;
  start: string;
}
export interface KeptNetwork {
  name: string;
  /** (names, T, H): with the first name, and with each of the others. */
  states: Packed;
  /** What is left of the difference at each word; the least and the most over seeds. */
  left: number[];
  low: number[];
  high: number[];
}
export interface KeptNudges {
  gap: number;
  words: string[];
  /** log₁₀ of how far the answer moves (networks, T). */
  sizes: Packed;
  told: Told;
}
/** A start of one cell: at its best rate, and at each of the rates; a tally for each gap. */
export interface KeptStart {
  cell: string;
  title: string;
  /** What the title means, in plain words. */
  plain: Rich;
  best: KeptTally[];
  at: KeptTally[][];
}
/** What is left of a word on its way, which word moves the answer, and which gaps are learned. */
export interface KeptData {
  kind: "kept";
  words: string[];
  others: string[];
  H: number;
  seed: number;
  seeds: number;
  limit: number;
  printed: number[];
  networks: KeptNetwork[];
  /** What mixing, squashing and overwriting multiply by, at each word from the second on; all words together. */
  split: { factors: number[][]; whole: number[]; together: number; parts: string[] };
  /** Of the rows of the nudges. */
  names: string[];
  asked: number;
  floor: number;
  nudges: KeptNudges[];
  gaps: number[];
  /** By cell, RNN first, a tally for each gap. */
  pairs: { title: string; cells: KeptTally[][] }[];
  rates: string[];
  starts: KeptStart[];
  /** At the best rate of each start, then at each rate. */
  spread: Told[];
}

/** One answer to choose from. */
export interface BeatOption {
  id: string;
  text: Rich;
  right: boolean;
  reply: Rich;
}
/** What a beat asks about what is on the screen. */
export interface BeatQuestion {
  /** Of the question with its numbers: another network's is another one. */
  key: string;
  prompt: Rich;
  options: BeatOption[];
  /** What was chosen before, "" for "Show me", null for nothing. */
  given: string | null;
  explanation: Rich;
}
/** One idea of a lesson: its words, what it sets of the drawing, and its question. */
export interface Beat {
  name: string;
  title: string;
  words: Rich;
  /** What the drawing is set to; its keys are the drawing's own. */
  show: Record<string, unknown>;
  question: BeatQuestion | null;
  /** Below the drawing until the question is answered, and afterwards. */
  before: Rich;
  said: Rich;
  /** Whether the drawing has what the beat sets; the figure tells "wanted" where it is gone to without. */
  ready: boolean;
}

/** What `dashboard/inspector/doctor.py` sends; a press tells "mend" with an act. */
export interface DoctorData {
  /** The mend that was made last. */
  done: { label: string; says: string } | null;
  finding: {
    says: Rich;
    evidence: Rich;
    mends: { act: string; label: string; then: string }[];
    /** What to say where there is no mend. */
    tried: string;
    /** What shows the part of a stack that it is about, where another one is shown. */
    show: { act: string; label: string } | null;
  } | null;
  others: { says: Rich; evidence: Rich }[];
}

export type Before = Pick<FigureData, "T" | "H" | "t" | "units" | "tokens" | "turned" | "backward" | "view" | "finding" | "foot" | "panels">;

export interface FigureData {
  T: number;
  H: number;
  t: number;
  unit: number;
  /** Which of the network's units are drawn, from 0, where these are not all. */
  units: number[] | null;
  /** Whether the address follows the step, or under which name it does in place of t. */
  address: boolean | string;
  tokens: string[];
  turned: boolean;
  label: string;
  named: boolean;
  backward: boolean;
  cursor: boolean;
  stages: StageGroup[] | null;
  plain: boolean;
  /** Of a lesson, the one after it. */
  onward: { path: string; title: string } | null;
  /** Likewise, the address of the Inspector with what is shown, from this page's. */
  inspector: string;
  beats: Beat[] | null;
  /** Of beats, whether the server wants to hear which were reached. */
  counted: boolean;
  /** Which of several alike things is shown; panels that change to another one cross-fade. */
  view: string;
  doctor: DoctorData | null;
  /** What was shown before the mend that was made last, as far as it differs. */
  before: Before | null;
  finding: Rich;
  foot: Rich[];
  paragraphs: Rich[];
  note: string;
  panels: AnyPanelData[];
  palette: { light: Palette; dark: Palette };
}

/** What `dashboard/cards` sends. */
export interface CardData {
  name: string;
  title: string;
  radius: string;
  product: string;
  made: string;
  points: [number, number][];
}
export interface CardsData {
  label: string;
  chosen: string;
  unity: number;
  cards: CardData[];
}

/** What `dashboard/home` sends: one text read by trained networks, for every pair of names. */
export interface PairNetwork {
  units: string;
  /** By pair, word and name, in hundredths. */
  p: number[][][];
}
export interface PairData {
  names: string[];
  words: string[];
  /** Where the second name stands. */
  switch: number;
  pairs: number[][];
  lstm: PairNetwork;
  rnns: Record<string, PairNetwork>;
  /** By start of the RNN and by pair. */
  said: Record<string, string[]>;
  note: string;
}
