// Marks the document while a page arrives, that is until it is first used: what is still to come may move nothing
// before the reader's eyes then, and the style sheet hides what stands below it. Later a part that is drawn anew must
// hide nothing: the page would get short and lose its place.
(() => {
  const root = document.documentElement;
  const arrive = () => root.classList.add("arriving");
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
    if (url && new URL(url, location.href).pathname !== location.pathname) arrive(); // another page
    push.call(history, state, title, url);
  };
  addEventListener("popstate", arrive);
  arrive();
})();
