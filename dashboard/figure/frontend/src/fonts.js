// The formula faces, registered once: they are on the page even when no formula of Streamlit's is.

import math from "katex/dist/fonts/KaTeX_Math-Italic.woff2";
import main from "katex/dist/fonts/KaTeX_Main-Regular.woff2";

let registered = false;

export function registerFonts() {
  if (registered) return;
  registered = true;
  for (const [family, bytes, style] of [
    ["Unrolled Math", math, "italic"],
    ["Unrolled Main", main, "normal"],
  ]) {
    const face = new FontFace(family, bytes, { style });
    document.fonts.add(face);
    face.load();
  }
}
