// The way into the Inspector with the network on the screen.

import { element } from "../dom.js";

/**
 * A link whose address is yet to be set.
 * @param {string} says where there is little room fewer words than it is called by
 */
export function createWayInto(says) {
  const link = element("a", "beat-inspector", says);
  link.setAttribute("aria-label", "Open in the Inspector");
  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // As one goes back and forth in the browser: the page stays, and with it the session.
    history.pushState(null, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  });
  return link;
}
