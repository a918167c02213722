// Step and unit by the component's key. They outlive reruns, new data, remounts and theme switches.

/** @import { Cursor, Kept } from "../types/figure.ts" */

import { clamp } from "./dom.js";

/** @type {Map<string, {t?: number, unit?: number, panels?: Record<string, Kept>}>} */
const remembered = new Map();

/**
 * @param {string} key
 * @param {{t: number, unit: number, T: number, H: number}} data
 * @returns {Cursor}
 */
export function recall(key, data) {
  const kept = remembered.get(key);
  return {
    t: clamp(kept?.t ?? data.t, 1, data.T),
    unit: clamp(kept?.unit ?? data.unit, 1, Math.max(1, data.H)),
  };
}

/**
 * A step that the learner never chose is not remembered: new data may then bring its own first step.
 * @param {string} key
 * @param {{t?: number, unit?: number, panels?: Record<string, Kept>}} chosen
 */
export function remember(key, chosen) {
  remembered.set(key, { ...remembered.get(key), ...chosen });
}

/**
 * What a panel of the figure keeps of its own, by a name within the figure.
 * @param {string} key
 * @param {string} name
 */
export const recallPanel = (key, name) => remembered.get(key)?.panels?.[name] ?? {};

/**
 * @param {string} key
 * @param {string} name
 * @param {object} chosen
 */
export function rememberPanel(key, name, chosen) {
  const panels = remembered.get(key)?.panels;
  remember(key, { panels: { ...panels, [name]: { ...panels?.[name], ...chosen } } });
}
