// Entry point of the component: one figure per mount, its step and unit remembered by the component's key.

/** @import { FigureData } from "../types/payload.ts" */

import { Figure } from "./figure.js";

/** @type {WeakMap<HTMLElement | ShadowRoot, Figure>} */
const figures = new WeakMap();

/** @param {{key: string, data: FigureData, parentElement: HTMLElement | ShadowRoot, setTriggerValue?: (name: string, value: unknown) => void}} mounted */
export default function mount({ key, data, parentElement, setTriggerValue }) {
  let figure = figures.get(parentElement);
  if (!figure) {
    figure = new Figure(parentElement, key);
    figures.set(parentElement, figure);
  }
  figure.update(data, setTriggerValue);
  return () => {
    figure.destroy();
    figures.delete(parentElement);
  };
}
