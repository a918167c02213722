// The figure without Streamlit: in a notebook's output, or in a page of its own. `unrolledMount` is the built
// figure, `unrolledFonts` has families with their weights and files in base64.

/* global unrolledFonts, unrolledMount */

// eslint-disable-next-line no-unused-vars -- the page or the widget around it uses it
const unrolledOutside = (() => {
  const DARK = matchMedia("(prefers-color-scheme: dark)");
  let count = 0;

  for (const [family, [weight, held]] of Object.entries(unrolledFonts)) {
    const face = new FontFace(family, Uint8Array.from(atob(held), (sign) => sign.charCodeAt(0)), { weight });
    if (![...document.fonts].some((each) => each.family.replaceAll('"', "") === family)) document.fonts.add(face);
  }

  // The colour that stands behind a node: that of the nearest ancestor that has one, else what the reader prefers.
  function behind(node) {
    for (let each = node; each; each = each.parentElement ?? each.getRootNode().host) {
      const colour = getComputedStyle(each).backgroundColor;
      if (colour && colour !== "transparent" && !/[,/]\s*0\)$/.test(colour)) return colour;
    }
    return DARK.matches ? "#171614" : "#ffffff";
  }

  // Draws a figure into a node and follows the theme around it; gives what ends it.
  function stand(node, data) {
    const host = document.createElement("div");
    host.className = "unrolled-figure";
    host.dataset.lmSuppressShortcuts = "true"; // the arrows move the step, not the notebook's cells
    host.style.cssText = "display: block; padding: 4px 12px 12px; min-width: 0; text-align: left;";
    node.append(host);
    const parentElement = host.attachShadow({ mode: "open" });
    const key = `outside-${++count}`;
    let end = null;
    let shown = "";

    function draw() {
      if (!host.isConnected) return;
      const colour = behind(node);
      if (end && colour === shown) return;
      shown = colour;
      host.style.setProperty("--st-background-color", colour);
      host.style.setProperty("--st-font", '"Source Sans", system-ui, sans-serif');
      end = unrolledMount({ key, data, parentElement });
    }

    const later = () => requestAnimationFrame(draw); // styles of a new theme come after its name
    const watch = new MutationObserver(later);
    const named = { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme", "data-vscode-theme-kind"] };
    for (const each of [document.documentElement, document.body]) watch.observe(each, named);
    document.addEventListener("load", later, true); // a style sheet of a theme has come
    DARK.addEventListener("change", later);
    host.addEventListener("keydown", (event) => event.stopPropagation());
    draw();
    if (!end) later();
    return () => {
      watch.disconnect();
      document.removeEventListener("load", later, true);
      DARK.removeEventListener("change", later);
      end?.();
      host.remove();
    };
  }

  return { stand };
})();
