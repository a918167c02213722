// What the server sends: the shapes that the builders in `dashboard/figure` return, field by field.

/** An array on the wire: base64 of its little-endian bytes in C order. */
export interface Packed {
  b64: string;
  shape: number[];
  dtype: "f4" | "f8";
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
export type Run = string | MathRun | TokenRun | MatrixRun | StrongRun;
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

/** Columns of equal length by data source. */
export type Sources = Record<string, Record<string, unknown[]>>;
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
  heads: string[];
  models: string[];
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
  factors: EntryFactors;
  weights: Record<WeightName, EntryWeight>;
}

export interface PanelData {
  cell: CellData;
  chart: ChartData;
  comparison: ComparisonData;
  drawing: DrawingData;
  entry: EntryData;
  heading: HeadingData;
  map: MapData;
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

export interface FigureData {
  T: number;
  H: number;
  t: number;
  unit: number;
  address: boolean;
  tokens: string[];
  turned: boolean;
  label: string;
  named: boolean;
  backward: boolean;
  cursor: boolean;
  stages: StageGroup[] | null;
  plain: boolean;
  finding: Rich;
  foot: Rich[];
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
