"""Answers in words: read, compared with labelled ones, and judged as far as that was proved."""
