// A term's link shows its meaning beside it. Without this script, or with a modifier key, it leads to the sheet.
(() => {
  const TERM = 'a[href*="revision?term="]';
  const MARGIN = 12, GAP = 6; // pixels to the window's edge and to the link
  const box = document.createElement("div");
  box.className = "explained";
  box.popover = "auto"; // Escape and a press elsewhere close it
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-labelledby", "explained-name");
  /** @type {HTMLAnchorElement} */
  let link = document.createElement("a"); // whose meaning is shown
  let title = ""; // its own, put aside meanwhile: it says the same
  /** @type {HTMLAnchorElement | null} */
  let pressed = null; // whose meaning was shown when the pointer went down, which closes it
  let within = false; // whether the focus was in the box when it closed

  const open = () => box.matches(":popover-open");

  /** @param {Event} event */
  const termAt = (event) => event.composedPath().find(isTerm);

  /**
   * @param {EventTarget} node
   * @returns {node is HTMLAnchorElement}
   */
  function isTerm(node) {
    return node instanceof HTMLAnchorElement && node.matches(TERM) && !box.contains(node);
  }

  /** @param {HTMLAnchorElement} term */
  function meaningOf(term) {
    const id = new URL(term.href).searchParams.get("term") ?? "";
    const meanings = document.querySelector("template#meanings");
    const all = meanings instanceof HTMLTemplateElement ? meanings.content : document;
    return all.querySelector(`[data-term="${CSS.escape(id)}"]`);
  }

  /**
   * @param {HTMLAnchorElement} term
   * @param {Element} meaning
   */
  function show(term, meaning) {
    if (open()) box.hidePopover();
    link = term;
    title = link.title;
    link.removeAttribute("title");
    box.replaceChildren(...document.importNode(meaning, true).children, foot());
    document.querySelector(".stApp")?.append(box); // whose theme it takes
    box.showPopover();
    link.setAttribute("aria-expanded", "true");
    place();
    box.focus({ preventScroll: true });
  }

  function foot() {
    const line = document.createElement("p");
    const sheet = document.createElement("a");
    Object.assign(sheet, { href: link.href, target: "_blank", rel: "noopener", textContent: "Open in the revision sheet" });
    const close = document.createElement("button");
    Object.assign(close, { type: "button", textContent: "Close", onclick: () => box.hidePopover() });
    line.append(sheet, close);
    return line;
  }

  // Below the link, or above it where there is more room; never over the window's edge.
  function place() {
    if (!open()) return;
    const at = link.isConnected ? link.getClientRects()[0] : undefined;
    const { clientWidth, clientHeight } = document.documentElement;
    if (!at || at.bottom < 0 || at.top > clientHeight) return box.hidePopover();
    const { width, height } = box.getBoundingClientRect();
    const below = at.bottom + GAP, above = at.top - GAP - height;
    const fits = below + height <= clientHeight - MARGIN || above < MARGIN;
    const top = Math.min(fits ? below : above, clientHeight - MARGIN - height);
    box.style.left = `${Math.max(MARGIN, Math.min(at.left, clientWidth - MARGIN - width))}px`;
    box.style.top = `${Math.max(MARGIN, top)}px`;
  }

  box.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed") within = box.contains(document.activeElement);
  });
  box.addEventListener("toggle", (event) => {
    if (event.newState === "open" || open()) return;
    link.setAttribute("aria-expanded", "false");
    if (title) link.title = title;
    if (within) link.focus({ preventScroll: true });
  });
  document.addEventListener("pointerdown", () => { pressed = open() ? link : null; }, true);
  document.addEventListener("click", (event) => {
    const term = termAt(event);
    if (!term || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const meaning = meaningOf(term);
    if (!meaning) return;
    event.preventDefault();
    if (pressed !== term) show(term, meaning);
    pressed = null;
  });
  document.addEventListener("keydown", (event) => {
    const term = event.key === " " ? termAt(event) : undefined;
    if (!term) return;
    event.preventDefault(); // the page would scroll
    pressed = null;
    term.click();
  });
  document.addEventListener("focusin", (event) => termAt(event)?.setAttribute("aria-haspopup", "dialog"));
  document.addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  addEventListener("popstate", () => open() && box.hidePopover());
})();
