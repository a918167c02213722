"""The server's secret, with which links are signed; it comes from the configuration and stands in no log or error."""

from __future__ import annotations

import hmac
import os
from hashlib import sha256

VARIABLE = "UNROLLED_SECRET"
FEWEST_BYTES = 32
FEWEST_SIGNS = 8  # different ones; "aaaa…" is no secret


class SecretError(ValueError):
    """The configured secret is missing or too weak; the message says how to make one, and does not repeat it."""


class Keys:
    """What signs and verifies. Several servers of one site have the same; the text of it shows nothing.

    Args:
        configured: One secret, or several with spaces between: the first one signs, and what the others signed is
            still valid, so that a secret can be changed without spoiling the links that are out.

    Raises:
        SecretError: There is none, or one is too short or too regular.
    """

    def __init__(self, configured: str) -> None:
        secrets = configured.split()
        if not secrets:
            raise SecretError(f"{VARIABLE} is not set. {MEND}")
        for secret in secrets:
            if not strong(secret):
                raise SecretError(f"{VARIABLE} is too weak: each secret has {FEWEST_BYTES} bytes or more. {MEND}")
        self._secrets = tuple(secret.encode() for secret in secrets)

    @classmethod
    def configured(cls) -> Keys:
        """The keys of the environment variable UNROLLED_SECRET.

        Raises:
            SecretError: See `Keys`.
        """
        return cls(os.environ.get(VARIABLE, ""))

    def __repr__(self) -> str:
        return "Keys(…)"

    def sign(self, purpose: str, message: str) -> bytes:
        """A signature of 32 bytes that holds for this purpose alone."""
        return _mac(self._secrets[0], purpose, message)

    def signed(self, purpose: str, message: str, signature: bytes) -> bool:
        """Whether one of the secrets signed this; takes the same time wherever the signature differs."""
        found = [hmac.compare_digest(_mac(secret, purpose, message), signature) for secret in self._secrets]
        return any(found)


MEND = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'


def strong(secret: str) -> bool:
    """Whether a secret is long and irregular enough that nobody guesses it."""
    return len(secret.encode()) >= FEWEST_BYTES and len(set(secret)) >= FEWEST_SIGNS


def _mac(secret: bytes, purpose: str, message: str) -> bytes:
    return hmac.new(secret, f"unrolled {purpose}\0{message}".encode(), sha256).digest()
