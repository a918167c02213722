"""Signed links that carry a whole assignment: they hold in a copied course, without anything in a database.

A token is ``1.<assignment>.<signature>``: its edition, the assignment as packed JSON, and the server's signature over
both. Nothing of it is unpacked before the signature was found good.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from quiz.classes.assignments import Assignment
from quiz.classes.keys import Keys

EDITION = "1"
PURPOSE = "assignment"
LONGEST = 8_000  # characters
LARGEST = 65_536  # bytes unpacked
_FORM = re.compile(r"([0-9]{1,4})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})")


class LinkError(ValueError):
    """A link that can't be followed; the message says why, and what to do, to a learner."""


class OverError(LinkError):
    """A good link to an assignment that is over."""


def write_link(assignment: Assignment, keys: Keys) -> str:
    """The token of an assignment, to be put into a link's query."""
    written = json.dumps(assignment.to_json(), separators=(",", ":"), sort_keys=True).encode()
    signed = f"{EDITION}.{_text(zlib.compress(written, 9))}"
    return f"{signed}.{_text(keys.sign(PURPOSE, signed))}"


def read_link(token: str, keys: Keys, now: datetime) -> Assignment:
    """The assignment in a token.

    Raises:
        OverError: The assignment is over.
        LinkError: The token is cut short, changed, from another server or of a later edition.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise LinkError("This link is longer than any link of ours. Copy it again from where you found it.")
    found = _FORM.fullmatch(token.strip())
    if found is None:
        raise LinkError("This link is not whole. Copy it again, from its first character to its last.")
    edition, packed, signature = found.groups()
    if edition != EDITION:
        raise LinkError("This link was made by another version of Unrolled. Ask your teacher for a new one.")
    try:
        given = urlsafe_b64decode(f"{signature}=")
    except ValueError:
        given = b""
    # The text is compared, too: two spellings of the same bytes are not the same link.
    if not keys.signed(PURPOSE, f"{edition}.{packed}", given) or _text(given) != signature:
        raise LinkError("This link was not made by this server, or was changed. Ask your teacher for a new one.")
    assignment = _unpacked(packed)
    if assignment.over(now):
        raise OverError(f"“{assignment.title}” is over. What you answer now would not count for it.")
    return assignment


def _unpacked(packed: str) -> Assignment:
    try:
        content = zlib.decompressobj().decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), LARGEST)
        return Assignment.from_json(json.loads(content))
    except (ValueError, TypeError, zlib.error, RecursionError) as error:
        raise LinkError("This link's assignment cannot be read here. Ask your teacher for a new one.") from error


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
