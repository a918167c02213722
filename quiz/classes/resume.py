"""The private link by which a learner without an account comes back: a secret that is kept as its hash alone."""

from __future__ import annotations

import re
import secrets
import uuid
from hashlib import sha256

BYTES = 32
BY_CODE = "by-code-"  # begins the id of a learner who joined with a code and has no account
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def new_learner() -> str:
    """The id of a new learner without an account."""
    return f"{BY_CODE}{uuid.uuid4()}"


def new_secret() -> str:
    """What the link holds: 256 bits that nobody can guess, as 43 characters."""
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str | None:
    """What is kept of a secret and looked up, of which no link can be made; None for what can be no secret."""
    if not isinstance(secret, str) or _FORM.fullmatch(secret) is None:
        return None
    return sha256(f"unrolled resume\0{secret}".encode()).hexdigest()
