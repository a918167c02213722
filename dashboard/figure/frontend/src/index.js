// Entry point of the component: one figure per mount, its step and unit remembered by the component's key.

import { Figure } from "./figure.js";

const figures = new WeakMap();

export default function mount({ key, data, parentElement }) {
  let figure = figures.get(parentElement);
  if (!figure) {
    figure = new Figure(parentElement, key);
    figures.set(parentElement, figure);
  }
  figure.update(data);
  return () => {
    figure.destroy();
    figures.delete(parentElement);
  };
}
