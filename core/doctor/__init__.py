"""A doctor for one run: what is wrong with it, by stated bounds, and what has been tried and helps."""

from core.doctor.findings import KINDS, LARGE, Case, Finding, case, findings, looks, reach
from core.doctor.mends import Mend, Offer, Remake, candidates, tried
from core.doctor.training import ROSE, rose, steadies

__all__ = [
    "KINDS",
    "LARGE",
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
    "reach",
    "rose",
    "steadies",
    "tried",
]
