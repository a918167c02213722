"""The palette: one source, readable in both themes, and the same in Streamlit's configuration."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.kit import navigation, theme

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
TEXT = ("i", "f", "o", "g", "c", "h", "gradient", "right", "wrong", "negative", "positive", "ink", "second_ink")
INKS = ("ink", "second_ink")
CONFIGURED = {
    "primaryColor": "primary",
    "backgroundColor": "page",
    "secondaryBackgroundColor": "panel",
    "textColor": "ink",
    "borderColor": "border",
    "dataframeBorderColor": "hairline",
    "grayTextColor": "second_ink",
    "redColor": "wrong",
    "greenColor": "right",
    "blueColor": "i",
    "orangeColor": "f",
    "yellowColor": "c",
    "violetColor": "gradient",
}


def luminance(colour: str) -> float:
    """Relative luminance of a hexadecimal colour (WCAG 2.2)."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("role", "ground"),
    [*((role, "page") for role in TEXT), *((ink, fill) for ink in INKS for fill in ("panel", "sidebar", "hairline"))],
)
def test_colours_can_be_read(mode: str, role: str, ground: str) -> None:
    """Each colour that letters are set in has a contrast of 4.5:1 or more on each ground (WCAG 2.2, 1.4.3)."""
    bright, dim = sorted((luminance(theme.PALETTE[mode][name]) for name in (role, ground)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_configuration_has_the_palette(mode: str) -> None:
    """Streamlit's theme and the stylesheet draw from the same colours."""
    options = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][mode]
    assert {name: options[name] for name in CONFIGURED} == {
        name: theme.PALETTE[mode][role] for name, role in CONFIGURED.items()
    }
    assert options["sidebar"]["backgroundColor"] == theme.PALETTE[mode]["sidebar"]


def test_quantities_have_colours_of_their_own() -> None:
    """No two quantities share a colour in a theme, and formulas can tell the roles apart by it."""
    quantities = ("i", "f", "o", "g", "c", "h", "gradient")
    for mode in theme.PALETTE.values():
        assert len({mode[role] for role in quantities}) == len(quantities)


def test_group_names_stand_above_their_first_page() -> None:
    """The name of each group is set above the first of its pages; the group without a name gets none."""
    style = theme.stylesheet({"": 1, "Learn": 2, "Explore": 1})
    assert 'li:nth-child(2)::before { content: "Learn"; }' in style
    assert 'li:nth-child(4)::before { content: "Explore"; }' in style
    assert style.count('SidebarNavItems"] > li:nth-child') == 2


def test_no_change_of_a_class_restyles_the_page() -> None:
    """A rule for what stands within a key's prefix ends in what few elements are.

    For a browser `[class*=…] *` makes every change of a class, on any element, a reason to style all below it anew,
    the figure in its shadow tree too: 10 ms and more each time that Streamlit marks what is out of date.
    """
    rules = re.sub(r"/\*.*?\*/", "", navigation.stylesheet(), flags=re.DOTALL)
    rules = re.sub(r"\([^()]*\)", "", re.sub(r":is\(([^(),]+)[^()]*\)", r"\1", rules))
    selectors = [each.strip() for block in re.findall(r"([^{};]+)\{", rules) for each in block.split(",")]
    within = [each for each in selectors if re.search(r"\[class[*^]=[^\]]*\]\S*\s", each)]
    last = {each: re.split(r"[\s>+~]+", each)[-1] for each in within}
    wide = [each for each, end in last.items() if re.match(r"(\*|div|span|:.*)?(:[\w-]+)*$", end)]
    assert len(within) > 30
    assert not wide
