"""One colour per quantity, and the one place for styles that Streamlit's own theme cannot express."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_COLOURS = (  # role, light, dark; every text colour has a contrast of 4.5:1 or more on its page
    ("i", "#2F62D0", "#6F92F2"),
    ("f", "#A92F08", "#FF7D4D"),
    ("o", "#00694E", "#2DB185"),
    ("g", "#B94382", "#F7A6CF"),
    ("c", "#946900", "#F2C450"),
    ("h", "#0B7A9E", "#3DB8E0"),
    ("gradient", "#5B2A93", "#D6C2FB"),
    ("own_loss", "#2F2D2B", "#EDEBE8"),
    ("right", "#4B7A1E", "#A3CF6E"),
    ("wrong", "#A8123A", "#FF8196"),
    ("negative", "#2C4F8C", "#86ABEC"),
    ("positive", "#9C3A1F", "#F0916B"),
    ("page", "#FFFFFF", "#171614"),
    ("sidebar", "#F8F8F7", "#21201D"),
    ("panel", "#F6F5F3", "#201F1C"),
    ("ink", "#2F2D2B", "#EDEBE8"),
    ("second_ink", "#68655F", "#ABA79F"),
    ("border", "#DCD8D4", "#4A4742"),
    ("hairline", "#EBE9E5", "#2C2A27"),
    ("pending", "#BFBAB3", "#57534D"),
    ("primary", "#4A4742", "#7A766F"),
)

PALETTE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "light": MappingProxyType({role: light for role, light, _ in _COLOURS}),
        "dark": MappingProxyType({role: dark for role, _, dark in _COLOURS}),
    }
)
"""Theme ("light", "dark"), then role, to a hexadecimal colour. Roles `i f o g c h` are the cell's quantities."""
