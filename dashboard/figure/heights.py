"""Heights a figure will take, computed before its script has loaded, so that nothing jumps when it arrives."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MEASURES: Mapping[str, Mapping[str, int]] = json.loads(Path(__file__).with_name("measures.json").read_text("utf-8"))
"""Sizes in px that script and style sheets of the figure are given from the same file.

What is written out below is type: lines of text, whose height follows the font, and what a table's padding adds.
"""

WIDE = MEASURES["container"]["widest"]
MIDDLE, PHONE = 640, 340  # px of the narrowest containers reserved for
HEAD, BLOCK, STEPS = MEASURES["head"], MEASURES["block"], MEASURES["map_of_steps"]
PAD = MEASURES["chart"]["below"]
AXIS = HEAD["transport"] + HEAD["numbers"] + HEAD["last"]
AS_TABLE = 33
DOCK = 29  # px of the bar on a phone that are left when its values are counted
STEP_NAME = 55  # px of the chosen step's name above a table of its values
CAPTION = 26
NO_CURSOR = 30
TITLE = 30
CHARTS = ("chart", "titled")


def desktop(data: dict[str, Any]) -> int:
    """Height in px beside a profile column: head, rows, step numbers and what stands below."""
    if data["beats"]:
        return 294 + _drawing(data["panels"][0], wide=data["T"] <= 4)
    if data["stages"]:
        return _stepper(data, 74, WIDE)
    if data["plain"]:
        return _finding(data, 78) + sum(_cell(panel, WIDE) for panel in data["panels"])
    frame = _frame(data) if data["cursor"] else _plain(data)
    return (
        frame
        + _finding(data, 78)
        + _doctor(data, 94)
        + sum(_row(panel) for panel in data["panels"])
        + 34 * bool(data["foot"])
        + _paragraphs(data, 88)
    )


def middle(data: dict[str, Any]) -> int:
    """Height in px where the values stand below the rows in two columns."""
    if data["beats"]:
        return 398 + _drawing(data["panels"][0], size="between")
    if data["stages"]:
        return _stepper(data, 118, MIDDLE)
    if data["plain"]:
        return _finding(data, 60) + sum(_cell(panel, MIDDLE) for panel in data["panels"])
    rows = sum(_row(panel, beside=False) for panel in data["panels"])
    beside = [_profile(panel["profile"]) for panel in data["panels"] if panel["kind"] in CHARTS]
    maps = sum(90 for panel in data["panels"] if panel["kind"] == "map")
    frame = _frame(data) if data["cursor"] else _plain(data)
    if data["H"]:
        below = (sum(beside) + maps) // 2 + 265
    elif data["cursor"]:
        below = max(sum(beside[::2]), sum(beside[1::2])) + 60 * bool(beside)
    else:  # without a cursor they stand one below the other
        below = sum(beside)
    return (
        frame + _finding(data, 60) + _doctor(data, 66) + rows + below + 34 * bool(data["foot"]) + _paragraphs(data, 88)
    )


def phone(data: dict[str, Any]) -> int:
    """Height in px on a narrow container, where the values follow as a table."""
    if data["beats"]:
        words = MEASURES["beats"]["back" if data["panels"][0]["kind"] == "backward" else "words"]
        return words + _drawing(data["panels"][0], size="small")
    if data["stages"]:
        return _stepper(data, 180, PHONE)
    if data["plain"]:
        return _finding(data, 40) + sum(_cell(panel, PHONE) for panel in data["panels"])
    maps = [panel for panel in data["panels"] if panel["kind"] == "map"]
    units = min(data["H"], 16) if data["H"] <= 16 else 9
    rows = sum(_phone_row(panel) for panel in data["panels"])
    named = data["cursor"] and any(panel["kind"] in CHARTS for panel in data["panels"])
    values = 84 + 33 * units if maps else STEP_NAME * named
    frame = AXIS + HEAD["turned"] + AS_TABLE + DOCK if data["cursor"] else _plain(data)
    said = _paragraphs(data, 53)
    return frame + _finding(data, 40) + _doctor(data, 38) + rows + values + 60 * bool(data["foot"]) + said


def _frame(data: dict[str, Any]) -> int:
    """Transport, tokens, the two rows of step numbers, and "Show as table"."""
    return AXIS + HEAD["turned" if data["turned"] else "tokens"] + AS_TABLE


def _plain(data: dict[str, Any]) -> int:
    """A figure without a cursor; only tables and drawings need no room for an axis."""
    return (
        0
        if all(panel["kind"] in ("comparison", "table", "drawing", "parts") for panel in data["panels"])
        else NO_CURSOR
    )


def _finding(data: dict[str, Any], per_line: int) -> int:
    if not data["finding"]:
        return 0
    letters = len(_words(data["finding"]))
    if data["doctor"]:  # then it is written smaller
        return 20 + 24 * -(-letters // int(1.15 * per_line))
    return 26 + 29 * -(-letters // per_line)


def _paragraphs(data: dict[str, Any], per_line: int) -> int:
    lines = [-(-len(_words(paragraph)) // per_line) for paragraph in data["paragraphs"]]
    return 14 * bool(lines) + sum(16 + 25 * count for count in lines)


def _doctor(data: dict[str, Any], per_line: int) -> int:
    """What is wrong, folded: sentence, evidence, mends, and the lines above and below them."""
    doctor = data["doctor"]
    if not doctor:
        return 0
    height = 31 + 36 * bool(doctor["done"]) + 34 * bool(doctor["others"])
    if finding := doctor["finding"]:
        says, evidence = (len(_words(finding[name])) for name in ("says", "evidence"))
        buttons = sum(len(mend["label"] + mend["then"]) + 9 for mend in finding["mends"]) + len(finding["tried"]) + 17
        small = int(1.3 * per_line)  # letters in a line of the smaller words
        height += 29 * -(-says // per_line) + 4 + 21 * -(-evidence // small) + 12 + 44 * -(-buttons // small) - 8
    return height


def _words(runs: Sequence[Any]) -> str:
    """Rich text without its markup; a matrix counts by its numbers."""
    return "".join(
        run if isinstance(run, str) else str(run["says"] if "says" in run else next(iter(run.values()))) for run in runs
    )


def _row(panel: dict[str, Any], *, beside: bool = True) -> int:
    kind = panel["kind"]
    if kind == "heading":
        return sum(MEASURES["heading"].values())
    if kind == "map":
        return max(MEASURES["map"]["least"], int(panel["height"])) + MEASURES["map"]["below"]
    if kind == "entry":
        return 20 + _entry(panel, beside=beside)
    if kind in CHARTS:
        title = TITLE if kind == "titled" else 0
        return max(int(panel["height"]), _profile(panel["profile"])) + PAD + title
    if kind == "comparison":
        return int(panel["height" if beside else "middle"]) + PAD
    if kind in ("drawing", "parts", "reading", "search"):
        return int(panel["height"]) + PAD
    head, line = (60, 31) if panel.get("large") else (54, 28)
    return head + line * len(panel["rows"]) + CAPTION * bool(panel.get("caption"))


def _profile(panel: dict[str, Any] | None) -> int:
    if panel is None:
        return 0
    rows = len(panel["rows"])
    return 6 + 56 * rows if panel["kind"] == "vectors" else 36 + 30 * rows


def _phone_row(panel: dict[str, Any]) -> int:
    kind = panel["kind"]
    if kind == "heading":
        return 44
    if kind == "map":
        return int(panel["height"]) + MEASURES["map"]["below"]
    if kind == "entry":
        return 20 + _entry_on_a_phone(panel)
    if kind in ("comparison", "drawing", "parts", "reading", "search"):
        return int(panel.get("narrow", panel["height"])) + PAD
    if kind in CHARTS:
        beside, lines = panel["profile"], -(-len(panel["keys"]) // 2)  # two keys a line; the first is in the 50
        keys = 84 if kind == "titled" else 50 + 34 * max(0, lines - 1)
        return int(panel["height"]) + PAD + keys + (0 if beside is None else 36 + 30 * len(beside["rows"]))
    return int(panel.get("narrow", 62 + 38 * len(panel["rows"])))  # cells of words take two lines


def _stepper(data: dict[str, Any], head: int, width: int) -> int:
    """Height in px of a figure that goes through stages: the stepper and its panels, one below the other."""
    return head + _finding(data, width // 12) + sum(16 + _stage_panel(panel, width) for panel in data["panels"])


def _stage_panel(panel: dict[str, Any], width: int) -> int:
    if panel["kind"] == "unrolled":
        return _unrolled(panel)
    if panel["kind"] == "entry":
        return (
            _entry(panel, beside=width >= MEASURES["container"]["desktop"])
            if width >= MIDDLE
            else _entry_on_a_phone(panel)
        )
    room = width - 20 if panel["style"] == "equation" else min(width, 750)
    return max(sum(_line(runs, room, panel["style"]) for runs in lines) for lines in panel["lines"])


def _line(runs: Sequence[Any], room: int, style: str) -> int:
    """Height in px of one line of `said`: its rows, each as high as its tallest matrix."""
    matrices = [run["matrix"] for run in runs if isinstance(run, dict) and "matrix" in run]
    words = _words([run for run in runs if isinstance(run, str) or "matrix" not in run])
    wide = 6.9 * len(words) + sum(16 + 44 * len(rows[0]) for rows in matrices)
    tall = max([22, *(18 * len(rows) + 5 for rows in matrices)])
    rows = -(-int(wide) // room)
    return rows * (tall + 2) + 10 if style == "equation" else 22 * rows


def _unrolled(panel: dict[str, Any]) -> int:
    """As `heights` in the panel's own module."""
    size = MEASURES["unrolled"]
    H, backward, every = panel["H"], panel["backward"] is not None, panel["readout"] == "every"
    top = size["pill"] + (size["output"] if every else 8 if backward else 6)
    gradients = BLOCK["head"] + BLOCK["row"] * H + BLOCK["delta"] + BLOCK["line"] * -(-H // 2)
    state = top + gradients * backward + 12
    below = size["wire"] + size["input"] + size["legend"] * backward
    return int(state + max(size["least"], size["unit"] * H + size["pad"]) + below)


def _entry(panel: dict[str, Any], *, beside: bool) -> int:
    """An opened entry: the sum beside the map, or above it; below both one term as a product."""
    T, H = int(panel["T"]), int(panel["H"])
    chart_width = min(STEPS["widest"], max(STEPS["narrowest"], STEPS["label"] + STEPS["column"] * T))
    across = WIDE - 32 - chart_width if beside else 704
    below = across < 446 + 69 * H  # the matrix and its table do not fit side by side
    total = 159 + MEASURES["terms"]["row"] * (T + 3) + below * (48 + 35 * H) + 36 * (beside and across < 597)
    chart = 264 + _map_of_steps(T) + 18 * (beside and T <= 6)
    shows = panel.get("shows")
    if shows == "chain":
        return 41 + total + _chain(panel)
    return 41 + (max(total, chart) if beside else total + 20 + chart) + (0 if shows == "map" else _chain(panel))


def _entry_on_a_phone(panel: dict[str, Any]) -> int:
    T, H = int(panel["T"]), int(panel["H"])
    total = 252 + MEASURES["terms"]["row"] * (T + 3) + 47 + 39 * H
    shows = panel.get("shows")
    chart = 264 + _map_of_steps(T) + 18 * (len(panel["steps"]) == 1)
    return 61 + total + (0 if shows == "chain" else chart) + (0 if shows == "map" else _chain(panel))


def _map_of_steps(T: int) -> int:
    return STEPS["head"] + STEPS["row"] * T + STEPS["band"]


def _chain(panel: dict[str, Any]) -> int:
    size = MEASURES["chain"]
    return 191 + size["pad"] + size["line"] * max(int(panel["H"]), int(panel["O"]))


CELL_HEIGHT = {WIDE: 740, MIDDLE: 1010, PHONE: 960}
"""Of the cell with one unit, nothing opened, by the container's width."""


def _cell(panel: dict[str, Any], width: int) -> int:
    return CELL_HEIGHT[width] + 38 * (int(panel["H"]) - 1)


def _drawing(panel: dict[str, Any], *, size: str = "stage", wide: bool = False) -> int:
    """What beats drive, by the room there is; see `_network` for ``wide``."""
    if panel["kind"] in ("product", "kept", "gates", "gated"):
        return MEASURES[panel["kind"]][size]
    return _network(panel, wide=wide)


def _network(panel: dict[str, Any], *, wide: bool = False) -> int:
    """The network that beats drive, by its units.

    Args:
        panel: Its payload.
        wide: Whether all steps are in sight; if not, the way back has a higher vessel, with a line for the steps.
    """
    size, H = MEASURES["network"], len(panel["run"]["h"][0])
    back = 70 + 42 * H if panel["kind"] == "backward" and not wide else 0
    vessel = max(size["vessel"], 48 + 26 * H, back)
    return size["top"] + 26 + size["field"] * H + 10 + size["unit"] * H + 74 + vessel
