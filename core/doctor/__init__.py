"""A doctor for one run: what is wrong with it, by stated bounds, and what has been tried and helps."""

from core.doctor.findings import KINDS, LARGE, Case, Finding, case, findings, looks, reach
from core.doctor.mends import Mend, Offer, candidates, tried

__all__ = [
    "KINDS",
    "LARGE",
    "Case",
    "Finding",
    "Mend",
    "Offer",
    "candidates",
    "case",
    "findings",
    "looks",
    "reach",
    "tried",
]
