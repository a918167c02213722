"""The lab: write the backward pass yourself, and have it checked line by line on your own machine.

``unrolled lab new rnn`` writes a file to fill in, ``unrolled lab check my_rnn.py`` checks it.
"""

from __future__ import annotations

from core.lab.checking import Checked, check, new

__all__ = ["Checked", "check", "new"]
