"""What may help against a finding, each tried before it is offered.

A mend is a change of settings; whoever keeps the settings makes the run anew with it (`Remake`). It is offered only if
the same look, taken at the new run, no longer passes its bound, and nothing as bad is found that was not there before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.doctor.cases import Case
from core.doctor.findings import LARGE, OF_DATA, Finding, findings, looks

__all__ = [
    "BROKEN",
    "MOST",
    "Change",
    "Mend",
    "Offer",
    "Remake",
    "candidates",
    "tried",
]

Change = tuple[str, Any]
Mend = tuple[Change, ...]
"""Settings by name, and what they become."""

Remake = Callable[[Mend], tuple[Case, ...] | None]
"""The runs with a mend; None where they cannot be made."""

MOST = 3
"""Mends that are offered for one finding."""

BROKEN = "broken"
"""What is asked for where the run itself could not be computed."""


@dataclass(frozen=True)
class Offer:
    """A mend that helped.

    Attributes:
        mend: The change.
        before: The finding's number without it; NaN where there was none.
        after: The same with it.
    """

    mend: Mend
    before: float
    after: float


def candidates(finding: Finding | None, now: Mapping[str, Any], large: float = 0.0) -> Iterator[Mend]:
    """What may help, the likeliest first, as far as it changes anything.

    Args:
        finding: What was found; None where the run could not be computed.
        now: The settings by name: gain, scheme, activation, forget_bias, cell. Those that are missing cannot be set.
        large: Largest input.
    """
    kind = BROKEN if finding is None else finding.kind
    ways = _scaled(large) + _WAYS.get(kind, ())
    if finding is not None and finding.kind in ("padding", "no_gradient", "constant", "duplicate"):
        ways = _of_data(finding) + ways
    for way in ways:
        known = all(name in now or name in _ALWAYS for name, _ in way)
        if known and any(now.get(name) != to for name, to in way) and not _worsens(way, now, kind):
            yield way


def tried(
    finding: Finding | None, before: Iterable[Finding], mends: Iterable[Mend], remake: Remake, most: int = MOST
) -> tuple[Offer, ...]:
    """The mends that help: those that leave the least behind first, else in the order given.

    Args:
        finding: What is to be mended; None where the run could not be computed, and every run that can is a help.
        before: All that was found without a mend.
        mends: What to try.
        remake: Makes the runs with a mend.
        most: How many are enough.
    """
    known = {(each.look, each.model) for each in before}
    offers: list[tuple[int, Offer]] = []
    for mend in mends:
        if (cases := remake(mend)) is None:
            continue
        left = findings(cases)
        if _helps(finding, known, left):
            before_it, worst = (
                math.nan if finding is None else finding.value,
                max((o.severity for o in left), default=0),
            )
            offers.append((worst, Offer(mend, before_it, _after(finding, cases))))
        if len(offers) == most:
            break
    return tuple(offer for _, offer in sorted(offers, key=lambda ranked: ranked[0]))


def _helps(finding: Finding | None, known: set[tuple[str, str]], left: tuple[Finding, ...]) -> bool:
    """Whether the finding is gone, and nothing as bad has come; a run that can be computed may not still grow."""
    if finding is None:
        return not any(one.kind in ("hidden", "states", "exploding") for one in left)
    if any(one.look == finding.look and (one.model == finding.model or one.kind in OF_DATA) for one in left):
        return False
    return not any((one.look, one.model) not in known and one.severity >= finding.severity for one in left)


def _after(finding: Finding | None, cases: tuple[Case, ...]) -> float:
    """What the look gives now, at the same part of the same kind of network if it is still there."""
    if finding is None:
        return math.nan
    same = [each for each in cases if (each.model.kind, *each.name) == finding.part]
    of = same[0] if same else cases[0]
    return next((each.value for each in looks(of) if each.look == finding.look), math.nan)


def _scaled(large: float) -> tuple[Mend, ...]:
    """Ways to make inputs small, where they are large."""
    if large <= LARGE:
        return ()
    return ((("scale", "standard"),), (("divide", 10.0 ** math.ceil(math.log10(large / LARGE))),))


def _of_data(finding: Finding) -> tuple[Mend, ...]:
    """Ways to leave out what should not be there."""
    if finding.kind == "padding":
        return ((("until", finding.t - 1),),)
    if finding.kind == "no_gradient":
        return ((("target", "another"),),)
    column = finding.numbers["column" if finding.kind == "constant" else "other"]
    return ((("without", int(column)),),) if finding.numbers["D"] > 1 else ()


def _worsens(way: Mend, now: Mapping[str, Any], kind: str) -> bool:
    """Whether it goes the wrong way, such as a larger gain against growth, or a smaller one against shrinking."""
    (name, to), grows = way[0], kind != "vanishing"
    if name == "gain":
        return bool(to >= now["gain"] if grows else to <= now["gain"])
    return bool(name == "forget_bias" and kind == "vanishing" and to <= now["forget_bias"])


_GROWTH: tuple[Mend, ...] = ((("gain", 1.0),), (("activation", "tanh"),), (("scheme", "orthogonal"), ("gain", 1.0)))
_WAYS: Mapping[str, tuple[Mend, ...]] = MappingProxyType(
    {
        BROKEN: _GROWTH,
        "hidden": _GROWTH,
        "states": _GROWTH,
        "exploding": _GROWTH,
        "no_gradient": ((("gain", 1.0),),),
        "saturated": ((("gain", 1.0),), (("forget_bias", 1.0),), (("scheme", "uniform"),)),
        "open": ((("forget_bias", 3.0),), (("forget_bias", 1.0),)),
        "dead": ((("activation", "tanh"),), (("gain", 1.0),)),
        "vanishing": (
            (("forget_bias", 3.0),),
            (("activation", "tanh"),),
            (("gain", 1.0),),
            (("scheme", "orthogonal"), ("gain", 1.0)),
            (("cell", "lstm"), ("forget_bias", 3.0)),
            (("forget_bias", 5.0),),
            (("cell", "lstm"), ("forget_bias", 5.0)),
        ),
    }
)
_ALWAYS = frozenset({"scale", "divide", "until", "without", "target"})
"""Changes of the data; whether they can be made shows when they are."""
