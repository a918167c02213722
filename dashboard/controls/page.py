"""The settings of one page: widgets in, one frozen dataclass out, kept in step with the link.

The settings of a session live under one key of its state. Widgets are seeded from it, so a page change loses nothing;
the link is read when it differs from what this page wrote last (a new window, a pasted link, the back button).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import streamlit as st

from dashboard.linked import Linked
from dashboard.settings import MAX_LINK

BY_FIGURE = ("t", "entry", "window", "substep", "gate", "unit")
"""Of the link: the figure writes them there by itself; they ask for no other page."""
