"""The fair comparison as numbers: the grid, the ways to be fair, and whether the best stays the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.experiments.bench import (
    FRESH,
    PICKING,
    RATES,
    STARTS,
    Cell,
    Outcomes,
    Problem,
    Setting,
    Size,
    best,
    pick,
    stored,
)
from core.experiments.interval import Share, apart

CELLS: Mapping[Cell, str] = {"rnn": "RNN", "lstm": "LSTM"}
USUAL: Mapping[Cell, str] = {"rnn": "plain", "lstm": "bias1"}
MOST = 8
"""Of ten runs: a setting that solves so many is said to solve the task."""


@dataclass(frozen=True)
class Side:
    """One cell under one rule.

    Attributes:
        cell: Which.
        share: Runs solved.
        setting: Its setting, or None where several count together.
    """

    cell: Cell
    share: Share
    setting: Setting | None


@dataclass(frozen=True)
class Rule:
    """One way to be fair.

    Attributes:
        name: What is held equal, or chosen.
        more: The rest of it.
        sides: RNN and LSTM.
        tested: Whether their intervals may be compared: settings were chosen, not drawn.
        fair: Whether both sides had their own best; one rate for both may suit one of them.
    """

    name: str
    more: str
    sides: tuple[Side, Side]
    tested: bool = True
    fair: bool = True

    @property
    def ahead(self) -> Cell | None:
        """The cell whose interval is above the other's."""
        rnn, lstm = (side.share for side in self.sides)
        found = apart(lstm, rnn) if self.tested else 0
        return "lstm" if found > 0 else "rnn" if found < 0 else None

    @property
    def verdict(self) -> str:
        """Which cell is ahead, in words."""
        if not self.tested:
            return "not tested"
        return f"{CELLS[self.ahead]} ahead" if self.ahead else "no clear difference"


def starts(cell: Cell) -> tuple[str, ...]:
    """Names of a cell's starts."""
    return tuple(name for name, start in STARTS.items() if start.cell == cell)


def settings(problem: Problem, cell: Cell, size: Size, rates: Sequence[float] = RATES) -> tuple[Setting, ...]:
    """Every setting of a cell."""
    of = size if cell == "rnn" else "units"
    return tuple(Setting(problem, start, lr, of) for start in starts(cell) for lr in rates)


def rules(problem: Problem, size: Size, of: Outcomes) -> tuple[Rule, ...]:
    """The ways to be fair on one problem."""
    found = [Rule("Best start and rate for each", f"same {size}, fresh seeds", _fresh(problem, size, of))]
    found += [
        Rule(f"One rate for all, {lr:g}", f"same {size}, best start", _picked(problem, size, of, (lr,)), fair=False)
        for lr in RATES
    ]
    usual = tuple(_side(best(problem, USUAL[cell], of, size=_size(cell, size)), of, FRESH) for cell in CELLS)
    found.append(
        Rule("One common pair of starts", "plain and forget bias 1, best rate, fresh seeds", (usual[0], usual[1]))
    )
    other: Size = "parameters" if size == "units" else "units"
    found.append(Rule(f"As many {other}", "best start and rate, fresh seeds", _fresh(problem, other, of)))
    together = tuple(Side(cell, _together(settings(problem, cell, size), of), None) for cell in CELLS)
    found.append(Rule("Every setting together", f"same {size}", (together[0], together[1]), tested=False))
    return tuple(found)


def _size(cell: Cell, size: Size) -> Size:
    return size if cell == "rnn" else "units"


def _fresh(problem: Problem, size: Size, of: Outcomes) -> tuple[Side, Side]:
    rnn, lstm = (_side(pick(settings(problem, cell, size), of), of, FRESH) for cell in CELLS)
    return rnn, lstm


def _picked(problem: Problem, size: Size, of: Outcomes, rates: Sequence[float]) -> tuple[Side, Side]:
    rnn, lstm = (_side(pick(settings(problem, cell, size, rates), of), of, PICKING) for cell in CELLS)
    return rnn, lstm


def _side(setting: Setting, of: Outcomes, seeds: Sequence[int]) -> Side:
    return Side(setting.cell, setting.solved(of, seeds), setting)


def _together(of_all: Sequence[Setting], of: Outcomes) -> Share:
    shares = [setting.solved(of) for setting in of_all]
    return Share(sum(share.hits for share in shares), sum(share.runs for share in shares))


def solving(problem: Problem, cell: Cell, size: Size, of: Outcomes) -> Share:
    """How many of a cell's settings solve the task in `MOST` of their ten runs."""
    shares = [setting.solved(of) for setting in settings(problem, cell, size)]
    return Share(sum(share.hits >= MOST for share in shares), len(shares))


@lru_cache(maxsize=32)
def stored_rules(problem: Problem, size: Size) -> tuple[Rule, ...]:
    """`rules` of the stored runs."""
    return rules(problem, size, stored())
