// Panel kinds. A module exports create(context, data) and returns a panel:
//   gutter, time, profile, full   nodes for the row's places (each may be missing)
//   title                         node above the row where there is no gutter (narrow containers)
//   update(data)                  new data of the same shape; the same structure, see `structure` in figure.js
//   setCursor({t, unit})          the chosen step and unit
//   resize()                      the width of a column changed
//   destroy()
// and, where it has values: column(t) for the table of the chosen step, table() for "Show as table".
// A panel that shows the uses of the weights sets context.open({weight, k}) for the others.
// A new kind is one file here and one line in this map.

/** @import { AnyPanelData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import * as backward from "./backward.js";
import * as cell from "./cell.js";
import * as chart from "./chart.js";
import * as comparison from "./comparison.js";
import * as drawing from "./drawing.js";
import * as entry from "./entry.js";
import * as gated from "./gated.js";
import * as gates from "./gates.js";
import * as heading from "./heading.js";
import * as kept from "./kept.js";
import * as map from "./map.js";
import * as network from "./network.js";
import * as parts from "./parts.js";
import * as product from "./product.js";
import * as reading from "./reading.js";
import * as said from "./said.js";
import * as search from "./search.js";
import * as table from "./table.js";
import * as titled from "./titled.js";
import * as unrolled from "./unrolled.js";
import * as vectors from "./vectors.js";

export const KINDS = { backward, cell, chart, comparison, drawing, entry, gated, gates, heading, kept, map, network, parts, product, reading, said, search, table, titled, unrolled, vectors };

/**
 * @param {Context} context
 * @param {AnyPanelData} data
 * @returns {Panel}
 */
export function create(context, data) {
  const kind = /** @type {{create(context: Context, data: AnyPanelData): Panel} | undefined} */ (KINDS[data.kind]);
  if (!kind) throw new Error(`Unknown panel kind "${data.kind}"; known are ${Object.keys(KINDS).join(", ")}`);
  return kind.create(context, data);
}
