"""Asking questions on a page: fields for each kind, feedback, and the way from one question to the next."""
