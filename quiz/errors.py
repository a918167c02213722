"""Errors of the quiz that others must know without loading what raises them."""


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file and the mend, for the learner to read."""
