"""What the claims on trial are set to, in their link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.claims.trial import trials
from dashboard.kit.link_settings import Linked, entry, one_of
from dashboard.kit.page_settings import PageSettings
from quiz.lessons import LESSONS

ALL = "all"
FILTER: Mapping[str, str] = MappingProxyType({ALL: "All"} | {name: str(k) for k, name in enumerate(LESSONS, 1)})
"""Of which lesson claims are shown, by its number."""
SHOWN: Mapping[str, str] = MappingProxyType({"verdicts": "Show them", "mine": "Let me judge first"})


@dataclass(frozen=True)
class ClaimsSettings(Linked):
    """The settings.

    Attributes:
        lesson: One of `FILTER`.
        verdicts: Whether they are shown, or only after one's own; one of `SHOWN`.
        claim: Name of the claim that a link opens; "" for none.
    """

    lesson: str = entry(ALL, "lesson", one_of(*FILTER))
    verdicts: str = entry("verdicts", "verdicts", one_of(*SHOWN))
    claim: str = entry("", "claim", one_of("", *trials()))


PAGE = PageSettings("claims", ClaimsSettings())
