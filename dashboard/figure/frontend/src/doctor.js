// What is wrong with a run, above its figure: one sentence, its evidence, and mends as buttons; nothing where all is well.

/** @import { DoctorData } from "../types/payload.ts" */
/** @import { Side } from "../types/figure.ts" */

import { element, svg } from "./dom.js";
import { rich } from "./rich.js";

/** @type {[Side, string][]} */
const SIDES = [["before", "Before"], ["after", "After"], ["both", "Side by side"]];

/**
 * @param {{given: {before: unknown}, side: Side, root: HTMLElement, choose(side: Side): void, tell(name: string, value: unknown): void, setStep(t: number): void, setUnit(unit: number): void}} figure
 */
export function createDoctor(figure) {
  const node = element("section", "doctor");
  node.setAttribute("aria-label", "What is wrong with this run");
  node.hidden = true;
  node.addEventListener("go", (event) => {
    const { t, unit } = /** @type {CustomEvent<{t?: number, unit?: number}>} */ (event).detail;
    if (t !== undefined) figure.setStep(t);
    if (unit !== undefined) figure.setUnit(unit);
    event.stopPropagation();
  });
  let shown = "null";
  let open = false;

  /**
   * @param {string} act
   * @param {string} label
   * @param {string} className
   */
  function press(act, label, className) {
    const button = element("button", className, label);
    button.type = "button";
    button.addEventListener("click", () => figure.tell("mend", act));
    return button;
  }

  /** @param {DoctorData | null} data */
  function update(data) {
    const next = JSON.stringify([data, Boolean(figure.given.before)]);
    if (next !== shown) node.replaceChildren(...(data ? parts(data) : []));
    shown = next;
    node.hidden = data === null;
    node.dataset.shows = figure.side;
    for (const button of node.querySelectorAll("[data-side]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.side === figure.side));
    }
  }

  /** @param {DoctorData} data */
  function parts(data) {
    const { done, finding, others } = data;
    return [
      ...(done ? [element("p", "doctor-done", tick(), element("span", "", element("strong", "", done.label), done.says), press("undo", "Undo", "doctor-plain"), ...(figure.given.before ? [sides()] : []))] : []),
      ...(finding ? spoken(finding) : []),
      ...(others.length ? [all(others)] : []),
    ];
  }

  // Which of before and after is shown; all of it is here, so the server is not asked.
  function sides() {
    const buttons = SIDES.map(([side, name]) => {
      const button = element("button", `doctor-side ${side}`, name);
      button.type = "button";
      button.dataset.side = side;
      button.addEventListener("click", () => {
        figure.choose(side); // another layout has buttons of its own: the focus goes to the one that was pressed
        /** @type {HTMLElement | null} */ (figure.root.querySelector(`[data-side="${side}"]`))?.focus({ preventScroll: true });
      });
      return button;
    });
    const group = element("span", "doctor-sides", ...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Show before or after the mend");
    return group;
  }

  /** @param {NonNullable<DoctorData["finding"]>} finding */
  function spoken(finding) {
    const mends = finding.mends.map(({ act, label, then }) => {
      const button = press(act, label, "doctor-mend");
      if (then) button.append(element("span", "doctor-then", then));
      return button;
    });
    return [
      element("p", "doctor-says", warning(), rich(finding.says)),
      ...(finding.evidence.length ? [element("p", "doctor-evidence", rich(finding.evidence))] : []),
      element(
        "div",
        "doctor-mends",
        element("span", "doctor-word", mends.length ? "Mend" : finding.tried),
        ...mends,
        ...(finding.show ? [press(finding.show.act, finding.show.label, "doctor-mend")] : []),
        press("leave", "Leave it", "doctor-plain"),
      ),
    ];
  }

  /** @param {DoctorData["others"]} others */
  function all(others) {
    const list = element("ul", "", ...others.map(({ says, evidence }) => element("li", "", rich(says), " ", rich(evidence))));
    const fold = element("details", "", element("summary", "", others.length === 1 ? "One more finding" : `${others.length} more findings`), list);
    fold.open = open;
    fold.addEventListener("toggle", () => (open = fold.open));
    return fold;
  }

  return { node, update };
}

function warning() {
  const drawing = svg("svg", { viewBox: "0 0 20 18", width: 20, height: 18, class: "doctor-sign", role: "img", "aria-label": "Warning:" });
  drawing.append(svg("path", { d: "M10 1.5L19 16.5H1Z" }), svg("path", { d: "M10 6.5V11.2M10 13.2V14.4" }));
  return drawing;
}

function tick() {
  const drawing = svg("svg", { viewBox: "0 0 14 12", width: 14, height: 12, class: "doctor-tick", role: "img", "aria-label": "Mended:" });
  drawing.append(svg("path", { d: "M1.5 6.5L5 10L12.5 1.5" }));
  return drawing;
}
