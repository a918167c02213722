"""Hosted servers and who comes to them, for tests of sign-in, classes and assignments."""

from __future__ import annotations

import hashlib

SECRET = "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz"
TEACHER = "ada@example.edu"
HOSTED = {"UNROLLED_HOSTED": "1", "UNROLLED_SECRET": SECRET, "UNROLLED_TEACHERS": TEACHER}
"""A server on which learners join by a code."""
BEHIND_A_PROXY = HOSTED | {
    "UNROLLED_TRUSTED_HEADER": "remote",
    "STREAMLIT_SERVER_TRUSTED_USER_HEADERS": '{"X-Remote-User": "remote", "X-Remote-Mail": "email"}',
}
"""The same behind a campus proxy."""
AS_TEACHER = {"X-Remote-User": "ada", "X-Remote-Mail": TEACHER}
"""What the proxy adds for its teacher."""


def campus(name: str) -> str:
    """The learner's id of whom the proxy names."""
    return f"campus-{hashlib.sha256(f'remote{chr(0)}{name}'.encode()).hexdigest()}"
