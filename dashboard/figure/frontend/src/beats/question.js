// A beat's question: one press commits, the reply names the slip, and "Show me" gives the answer without a guess.

/** @import { BeatOption, BeatQuestion } from "../../types/payload.ts" */

import { element } from "../dom.js";
import { rich } from "../rich.js";

/**
 * @param {(option: string) => void} answer what was pressed; "" for "Show me"
 * @param {() => void} again asks once more
 */
export function createQuestion(answer, again) {
  const node = element("div", "beat-question");
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "Before you go on");
  let drawn = "";

  /**
   * @param {BeatQuestion | null} question
   * @param {string | null} given
   */
  function show(question, given) {
    const wanted = JSON.stringify([question, given]);
    if (wanted === drawn) return; // new nodes would take the focus away
    drawn = wanted;
    node.hidden = question === null;
    node.classList.toggle("over", given !== null);
    if (question === null) return node.replaceChildren();
    const kind = element("p", "beat-kind", ...(given === null ? ["Before you go on"] : verdict(question, given)));
    const prompt = element("p", "beat-prompt", rich(question.prompt));
    if (given === null) return node.replaceChildren(kind, prompt, element("div", "beat-options", ...question.options.map(choice), aside("Show me", () => press(""))));
    const reply = element("p", "beat-reply", rich(replyTo(question, given)));
    reply.setAttribute("role", "status");
    kind.append(" ", aside("Ask again", again));
    node.replaceChildren(kind, prompt, reply);
  }

  /**
   * @param {string} says
   * @param {() => void} act
   */
  function aside(says, act) {
    const button = element("button", "beat-skip", says);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  /** @param {BeatOption} option */
  function choice(option) {
    const button = element("button", "beat-option", rich(option.text));
    button.type = "button";
    button.addEventListener("click", () => press(option.id));
    return button;
  }

  /** @param {string} option */
  function press(option) {
    answer(option);
    const first = /** @type {HTMLElement | null} */ (node.querySelector(".beat-kind"));
    first?.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
  }

  return { node, show };
}

/**
 * What came of an answer, by sign and word, with the right one.
 * @param {BeatQuestion} question
 * @param {string} given
 * @returns {(Node | string)[]}
 */
function verdict(question, given) {
  const mine = question.options.find((option) => option.id === given);
  const right = question.options.find((option) => option.right);
  const answer = element("strong", "", rich(right?.text ?? []));
  if (mine?.right) return ["✓ Yes: ", answer];
  return mine ? ["✕ You said ", rich(mine.text), ". Right is ", answer, "."] : ["The answer: ", answer];
}

/**
 * @param {BeatQuestion} question
 * @param {string} given
 */
const replyTo = (question, given) => question.options.find((option) => option.id === given)?.reply ?? question.explanation;
