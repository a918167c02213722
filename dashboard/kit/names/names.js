// Names for those who hear a page. Streamlit gives a control its label's Markdown as its name, formulas in TeX and all;
// this puts words in its place, now and whenever a name changes. What is seen stays as it is.

const SIGNS = /** @type {Record<string, string>} */ ({
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", Delta: "Δ", epsilon: "ε", varepsilon: "ε", eta: "η", theta: "θ", lambda: "λ", mu: "μ", rho: "ρ",
  sigma: "σ", tau: "τ", phi: "φ", varphi: "φ", partial: "∂", nabla: "∇", sum: "Σ", prod: "Π", infty: "∞", top: "⊤", odot: "⊙", cdot: "·", times: "×",
  pm: "±", le: "≤", leq: "≤", ge: "≥", geq: "≥", ne: "≠", neq: "≠", approx: "≈", ll: "≪", gg: "≫", to: "→", rightarrow: "→", in: "∈", lVert: "‖", rVert: "‖",
  Vert: "‖", lvert: "|", rvert: "|", ldots: "…", dots: "…", cdots: "…", sqrt: "√", prime: "′", langle: "⟨", rangle: "⟩", quad: " ", qquad: " ",
  left: "", right: "", big: "", Big: "", bigl: "", bigr: "", text: "", mathrm: "", mathbf: "", mathit: "", operatorname: "", displaystyle: "",
  hat: "", tilde: "", bar: "",
});
const MARKS = /** @type {Record<string, string>} */ ({ hat: "\u0302", tilde: "\u0303", bar: "\u0304" });
const RAISED = /** @type {Record<string, string>} */ ({ "-": "⁻", "−": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" });
const INNER = "((?:[^{}]|\\{[^{}]*\\})*)"; // between braces, with one more pair inside

const COLOURED = new RegExp(`\\\\textcolor\\{[^{}]*\\}\\{${INNER}\\}`, "g");
const FRACTION = new RegExp(`\\\\[dt]?frac\\{${INNER}\\}\\{${INNER}\\}`, "g");
const RAISED_PART = new RegExp(`\\^(?:\\{${INNER}\\}|(\\\\[a-zA-Z]+|.))`, "g");
const LOWERED_PART = new RegExp(`_(?:\\{${INNER}\\}|(\\\\[a-zA-Z]+|.))`, "g");

/**
 * A formula in words: letters, signs and numbers from left to right.
 * @param {string} tex
 */
export function formula(tex) {
  return tex
    .replace(COLOURED, "$1")
    .replace(FRACTION, "$1 / $2")
    .replace(/\\(hat|tilde|bar)\{?([a-zA-Z])\}?/g, (_, mark, letter) => letter + MARKS[mark])
    .replace(RAISED_PART, (_, inner, one) => raised(inner ?? one))
    .replace(LOWERED_PART, (_, inner, one) => ` ${inner ?? one}`)
    .replace(/\\(?:begin|end)\{[^{}]*\}/g, " ")
    .replace(/\\\\/g, "; ")
    .replace(/&/g, ", ")
    .replace(/\\([a-zA-Z]+)/g, (_, name) => SIGNS[name] ?? name)
    .replace(/\\[,;:! ]/g, " ")
    .replace(/[{}\\]/g, "")
    .replace(/-/g, "−")
    .replace(/\s+/g, " ")
    .trim()
    .normalize();
}

/** @param {string} text */
const raised = (text) => ([...text].every((sign) => sign in RAISED) ? [...text].map((sign) => RAISED[sign]).join("") : text === "\\top" ? "⊤" : `^${text}`);

/**
 * A label in words.
 * @param {string} label
 */
export const spoken = (label) => label.replace(/\$([^$]+)\$/g, (_, tex) => formula(tex)).replace(/\*\*(\S(?:.*?\S)?)\*\*/g, "$1");

/** @param {Element} node */
function rename(node) {
  const label = node.getAttribute("aria-label");
  if (label === null) return;
  const words = spoken(label);
  if (words !== label) node.setAttribute("aria-label", words);
}

/** @param {Node} node */
function nameAll(node) {
  if (!(node instanceof Element)) return;
  rename(node);
  node.querySelectorAll("[aria-label]").forEach(rename);
}

/**
 * Names what is there and what comes, until the component goes.
 * @param {{parentElement: HTMLElement | ShadowRoot}} mounted
 */
export default function mount({ parentElement }) {
  const host = parentElement instanceof ShadowRoot ? parentElement.host : parentElement;
  const place = /** @type {HTMLElement | null} */ (host.closest('[data-testid="stElementContainer"]'));
  if (place) place.style.display = "none"; // it shows nothing and takes no room
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") rename(/** @type {Element} */ (target));
      else addedNodes.forEach(nameAll);
    }
  });
  nameAll(document.body);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
  return () => observer.disconnect();
}
