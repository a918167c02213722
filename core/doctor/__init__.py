"""A doctor for one run: what is wrong with it, by stated bounds, and what has been tried and helps."""

from core.doctor.cases import Case, case, parts, reach
from core.doctor.findings import KINDS, LARGE, OF_DATA, Finding, findings, looks
from core.doctor.mends import Mend, Offer, Remake, candidates, tried
from core.doctor.training import ROSE, rose, steadies

__all__ = [
    "KINDS",
    "LARGE",
    "OF_DATA",
    "ROSE",
    "Case",
    "Finding",
    "Mend",
    "Offer",
    "Remake",
    "candidates",
    "case",
    "findings",
    "looks",
    "parts",
    "reach",
    "rose",
    "steadies",
    "tried",
]
