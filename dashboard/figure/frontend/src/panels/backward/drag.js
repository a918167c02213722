// A nudge by dragging up and down, or by the arrow keys: of a dot, or of the knob.

const STEP = 4; // px of a drag for one place of the grid
/** @type {Record<string, number>} */
const KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 };

/**
 * @param {HTMLButtonElement} node
 * @param {() => import("./view.js").View | null} nudging the view while this may be nudged
 * @param {{begin: () => void, nudge: (n: number) => void}} told
 */
export function draggable(node, nudging, { begin, nudge }) {
  /** @type {{y: number, n: number} | null} */
  let grip = null;

  /** @param {number} n */
  function move(n) {
    const view = nudging();
    if (view) nudge(Math.max(view.nudge.least, Math.min(view.nudge.found.by.length - 1, n)));
  }

  node.addEventListener("pointerdown", (event) => {
    const view = nudging();
    if (!view || node.disabled || event.button !== 0) return;
    begin();
    grip = { y: event.clientY, n: view.nudge.n };
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (grip) move(grip.n + Math.round((grip.y - event.clientY) / STEP));
  });
  for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, () => (grip = null));
  node.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    const view = nudging();
    if (by === undefined || !view || node.disabled) return;
    begin();
    move(view.nudge.n + by);
    event.preventDefault();
    event.stopPropagation();
  });
}
