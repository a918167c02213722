// Entry point of the component: one figure per mount, its step and unit remembered by the component's key.

/** @import { FigureData } from "../types/payload.ts" */
/** @import { Shown } from "../types/figure.ts" */

import { Figure } from "./figure.js";

/** @type {WeakMap<HTMLElement | ShadowRoot, Shown>} */
const figures = new WeakMap();
const decoder = new TextDecoder();

/** @param {{key: string, data: Uint8Array | FigureData, parentElement: HTMLElement | ShadowRoot, setTriggerValue?: (name: string, value: unknown) => void}} mounted */
export default function mount({ key, data, parentElement, setTriggerValue }) {
  let shown = figures.get(parentElement);
  if (!shown) {
    shown = { figure: new Figure(parentElement, key), text: "", data: undefined, mounts: 0 };
    figures.set(parentElement, shown);
  }
  const { figure } = shown;
  const mounts = (shown.mounts += 1);
  if (data instanceof Uint8Array) {
    const text = decoder.decode(data);
    if (text !== shown.text || !shown.data) Object.assign(shown, { text, data: JSON.parse(text) });
  } else {
    shown.data = data; // outside Streamlit
  }
  figure.update(/** @type {FigureData} */ (shown.data), setTriggerValue);
  return () => {
    if (shown.mounts !== mounts) return; // Streamlit ends a change that was overtaken by the next one, too
    figure.destroy();
    figures.delete(parentElement);
  };
}
