// The formula faces, registered once: they are on the page even when no formula of Streamlit's is.

import math from "katex/dist/fonts/KaTeX_Math-Italic.woff2";
import main from "katex/dist/fonts/KaTeX_Main-Regular.woff2";

let registered = false;

/** Asks the browser for both faces; they come whenever they have come. */
export function registerFonts() {
  if (registered) return;
  registered = true;
  /** @type {[family: string, bytes: Uint8Array<ArrayBuffer>, style: string][]} */
  const faces = [
    ["Unrolled Math", math, "italic"],
    ["Unrolled Main", main, "normal"],
  ];
  for (const [family, bytes, style] of faces) {
    const face = new FontFace(family, bytes, { style });
    document.fonts.add(face);
    face.load();
  }
}
