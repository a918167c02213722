"""Doing a store's work again where the database lost it on the way: nothing is lost by that, and nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from quiz.errors import AwayError, ConflictError

TRIES = 3  # of what another writer got in the way of
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Owner = TypeVar("Owner")


def steady(method: Callable[Concatenate[Owner, Arguments], Result]) -> Callable[Concatenate[Owner, Arguments], Result]:
    """Run a method again after a conflict, and once more after a lost connection.

    Without an answer to the commit nobody knows whether it was kept. So the method must leave the same behind when it
    runs twice, and return the same.
    """
    through = _through_conflicts(method)

    @wraps(method)
    def run(self: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        try:
            return through(self, *arguments, **named)
        except AwayError:
            return through(self, *arguments, **named)

    return run


def steady_if(
    kept: Callable[..., bool],
) -> Callable[[Callable[Concatenate[Owner, Arguments], bool]], Callable[Concatenate[Owner, Arguments], bool]]:
    """Make a method steady that returns whether it kept something, and would not say so twice.

    Args:
        kept: Given the same arguments, whether that is there; then it was kept, although the answer to it was lost.
    """

    def steadied(
        method: Callable[Concatenate[Owner, Arguments], bool],
    ) -> Callable[Concatenate[Owner, Arguments], bool]:
        through = _through_conflicts(method)

        @wraps(method)
        def run(self: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> bool:
            try:
                return through(self, *arguments, **named)
            except AwayError:
                return kept(self, *arguments, **named) or through(self, *arguments, **named)

        return run

    return steadied


def _through_conflicts(
    method: Callable[Concatenate[Owner, Arguments], Result],
) -> Callable[Concatenate[Owner, Arguments], Result]:
    def run(self: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        for _ in range(TRIES - 1):
            try:
                return method(self, *arguments, **named)
            except ConflictError:
                continue
        return method(self, *arguments, **named)

    return run
