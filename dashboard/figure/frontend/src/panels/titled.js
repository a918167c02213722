// A chart whose title stands above it in every layout; the gutter is left to the names of its lines.

/** @import { Sources, TitledData } from "../../types/payload.ts" */
/** @import { Context, Panel } from "../../types/figure.ts" */

import { element } from "../dom.js";
import { rich } from "../rich.js";
import * as chart from "./chart.js";
import { keyMark } from "./vectors.js";

/**
 * @param {Context} context
 * @param {TitledData} data
 * @returns {Panel<TitledData>}
 */
export function create(context, data) {
  const title = element("div", "title titled-head");
  const inner = chart.create(context, fitted(data));

  /**
   * Beside the plot there is room for its axis; on a narrow container it stands on the left, and names become keys.
   * @param {TitledData} next
   * @returns {TitledData}
   */
  function fitted(next) {
    const narrow = context.narrow;
    /** @type {Sources} */
    const ends = narrow && next.data.ends ? { ends: {} } : {};
    return { ...next, data: { ...next.data, ...ends }, params: { ...next.params, side: narrow ? "left" : "right" } };
  }

  /** @param {TitledData} next */
  function update(next) {
    inner.update(fitted(next));
    head(next);
  }

  /** @param {TitledData} next */
  function head(next) {
    const named = next.keys.map(({ key, text }) => element("span", "keyed", keyMark(key, true), rich(text)));
    title.replaceChildren(
      element("strong", "", rich(next.title)),
      element("span", "label", rich(next.subtitle)),
      ...(context.narrow ? [element("div", "keys", ...named)] : []),
    );
  }

  head(data);
  return { ...inner, gutter: null, title, profile: null, update };
}
