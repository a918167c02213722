/** @import { Timer } from "../types/figure.ts" */

/** Work that can wait until the next picture is on the screen: what the reader sees now comes first. */
export function createLater() {
  /** @type {(() => void)[]} */
  let works = [];
  let frame = 0;
  /** @type {Timer | undefined} */
  let timer;

  // The frame in which the picture is made ready is the first; while it is painted the page must not be busy.
  function wait() {
    frame = requestAnimationFrame(() => (frame = requestAnimationFrame(() => (timer = setTimeout(run)))));
  }

  function run() {
    const due = works;
    works = [];
    due.forEach((work) => work());
  }

  return {
    /** @param {() => void} work */
    add(work) {
      works.push(work);
      if (works.length > 1) return;
      wait();
    },
    forget() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      works = [];
    },
  };
}

/**
 * Whether a node is off the screen, as far as the browser has told.
 * @param {Element | undefined} node
 */
export function createAway(node) {
  let away = false;
  const observer = new IntersectionObserver((seen) => (away = !seen.at(-1)?.isIntersecting));
  if (node) observer.observe(node);
  return { is: () => away, end: () => observer.disconnect() };
}
