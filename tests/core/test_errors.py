"""The error that carries every problem of an input."""

import pickle

from core.errors import InputError


def test_problems_are_kept_one_by_one():
    """Every problem can be read on its own, and the message holds them all while they are few."""
    error = InputError(["Row 1 is empty.", "Row 2 is empty."])
    assert error.problems == ("Row 1 is empty.", "Row 2 is empty.")
    assert str(error) == "Row 1 is empty.\nRow 2 is empty."
    assert InputError("One.").problems == ("One.",)


def test_a_long_list_is_cut_in_the_message_only():
    """A table with a thousand holes gives a readable message and the full list."""
    error = InputError(f"Problem {k}." for k in range(1000))
    assert len(error.problems) == 1000
    assert len(str(error).splitlines()) == 11
    assert str(error).endswith("… and 990 more.")


def test_survives_a_process_pool():
    """Errors raised in a worker process arrive whole."""
    assert pickle.loads(pickle.dumps(InputError(["a", "b"]))).problems == ("a", "b")
