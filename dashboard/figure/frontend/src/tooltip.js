// One small box by the pointer; every line is text.

import { clamp, element } from "./dom.js";

export class Tooltip {
  /** @param {Node & ParentNode} root */
  constructor(root) {
    this.box = element("div", "tooltip");
    this.box.setAttribute("aria-hidden", "true");
    this.box.hidden = true;
    root.append(this.box);
  }

  /**
   * @param {MouseEvent} event
   * @param {[name: string, value: string][]} lines the name may be empty
   */
  show(event, lines) {
    this.box.replaceChildren(...lines.map(([name, value]) => element("div", "", ...(name ? [element("span", "", name), " "] : []), value)));
    this.box.hidden = false;
    const { width, height } = this.box.getBoundingClientRect();
    this.box.style.left = `${clamp(event.clientX + 14, 4, innerWidth - width - 4)}px`;
    this.box.style.top = `${clamp(event.clientY + 14, 4, innerHeight - height - 4)}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}
