"""The figure without Streamlit: the module of a notebook's widget, and one page that needs nothing but itself."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dashboard.kit import theme

PACKAGE = Path(__file__).parent
EXPORT = re.compile(r"export\{(\w+) as default\};?\s*$")
FONTS = (("Source Sans", "SourceSansVF-Upright", "200 900"), ("Source Serif", "SourceSerifVariable-Roman", "200 900"))
"""Family, how its file begins among those that Streamlit serves, and its weights."""

WIDGET = """
export default {
  render({ model, el }) {
    let end = unrolledOutside.stand(el, model.get("figure"));
    const again = () => { end(); end = unrolledOutside.stand(el, model.get("figure")); };
    model.on("change:figure", again);
    return () => { model.off("change:figure", again); end(); };
  },
};
"""
PAGE = """
unrolledOutside.stand(document.querySelector("main"), JSON.parse(document.getElementById("data").textContent));
"""

FACE = "@font-face { font-family: '%s'; font-weight: %s; src: url(data:font/woff2;base64,%s) format('woff2'); }"

_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%(policy)s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
<style>%(fonts)s
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(%(light)s, %(dark)s); color: light-dark(%(light_ink)s, %(dark_ink)s);
  font-family: "Source Sans", system-ui, sans-serif; }
h1 { font: 500 2.125rem/1.2 "Source Serif", serif; margin: 0 12px 12px; overflow-wrap: anywhere; }
main, header { max-width: %(width)dpx; margin: 0 auto; padding: 24px 16px 0; }
main { padding: 0 16px 32px; min-width: 0; }
noscript { display: block; margin: 0 12px; }
</style>
</head>
<body>
<header><h1>%(title)s</h1>
<noscript>This page draws its figure with the script in it. Allow scripts to see it.</noscript></header>
<main></main>
<script type="application/json" id="data">%(data)s</script>
<script type="module">%(script)s</script>
</body>
</html>
"""


def widget_module() -> str:
    """The JavaScript module of the widget: the built figure, and how it is drawn from the trait ``figure``.

    The face of its text comes along, or the labels would not have the widths that they are laid out for. That of the
    one sentence above is the reader's own serif: it is large, and every widget brings its module.
    """
    held = {family: [weights, font] for family, weights, font in _fonts() if family == FONTS[0][0]}
    return f"const unrolledFonts={json.dumps(held)};\n{_built()}{WIDGET}"


def page(data: dict[str, Any], *, title: str) -> str:
    """A page with a figure in it: script, styles, fonts and data inline. Its policy forbids any request.

    Args:
        data: From `dashboard.figure.payload`.
        title: Shown literally above it.
    """
    script = _in_script(f"const unrolledFonts={{}};\n{_built()}{PAGE}")
    allowed = base64.b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; font-src data:; "
        "img-src data: blob:"
    )
    light, dark = theme.PALETTE["light"], theme.PALETTE["dark"]
    return _DOCUMENT % {
        "policy": policy,
        "title": escape(title),
        "fonts": "\n".join(FACE % face for face in _fonts()),
        "light": light["page"],
        "dark": dark["page"],
        "light_ink": light["ink"],
        "dark_ink": dark["ink"],
        "width": theme.CONTENT_WIDTH + 24,
        "data": _in_data(data),
        "script": script,
    }


@lru_cache(maxsize=1)
def _built() -> str:
    """The built figure as `unrolledMount`, and what stands around it."""
    (path,) = (PACKAGE / "build").glob("figure-*.js")
    source = path.read_text(encoding="utf-8")
    found = EXPORT.search(source)
    assert found, f"{path.name} exports what it did not; build it again"
    around = (PACKAGE / "outside.js").read_text(encoding="utf-8")
    return f"{source[: found.start()]}const unrolledMount={found[1]};\n{around}"


def _in_script(source: str) -> str:
    """A script that can stand in a page: nothing in its strings ends the element or opens a comment."""
    return re.sub(r"<(?=/script|!--|script)", r"\\x3C", source, flags=re.IGNORECASE)


def _in_data(data: dict[str, Any]) -> str:
    """JSON that can stand in a page: no sign of it can be taken for markup."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


@lru_cache(maxsize=1)
def _fonts() -> tuple[tuple[str, str, str], ...]:
    """The pages' two families: name, weights, and the file in base64; else the reader's own serve."""
    spec = find_spec("streamlit")
    media = Path(spec.origin or "").parent / "static" / "static" / "media" if spec else Path()
    found = ((family, weights, sorted(media.glob(f"{begins}*.woff2"))) for family, begins, weights in FONTS)
    return tuple(
        (family, weights, base64.b64encode(paths[0].read_bytes()).decode()) for family, weights, paths in found if paths
    )
