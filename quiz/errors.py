"""Errors of the quiz that others must know without loading what raises them."""


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file and the mend, for the learner to read."""


class AwayError(StoreError):
    """The database's server cannot be reached just now. What was typed stays on the page, to be handed in again."""


class ConflictError(StoreError):
    """Two writers got into each other's way; nothing was kept of this one, and it may try again at once."""


class ClassError(Exception):
    """What was asked of a class cannot be done; the message says why, for who asked to read."""


class NotYoursError(ClassError):
    """There is no such class, assignment or membership of who asked: it says the same whether another one has it."""
