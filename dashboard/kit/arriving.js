// Marks the document while a page arrives, that is until it is first used: what is still to come may move nothing
// before the reader's eyes then, and the style sheet hides what stands below it. Later a part that is drawn anew must
// hide nothing: the page would get short and lose its place. Another page begins at its top: Streamlit would show it
// from where the last one was left.
(() => {
  const root = document.documentElement;
  let path = location.pathname;
  const arrive = () => {
    root.classList.add("arriving");
    if (location.pathname === path) return;
    path = location.pathname;
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };
  /** @param {Event} event */
  const use = (event) => {
    if (event.target instanceof Element && event.target.closest('[data-testid="stMain"]')) {
      root.classList.remove("arriving");
    }
  };
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(kind, use, { capture: true, passive: true });
  }
  const push = history.pushState;
  history.pushState = (state, title, url) => {
    push.call(history, state, title, url);
    if (location.pathname !== path) arrive(); // another page
  };
  addEventListener("popstate", arrive);
  arrive();
})();
