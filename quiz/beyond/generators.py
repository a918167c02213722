"""Beyond the chapter: all drawn questions, in the order of their files."""

from __future__ import annotations

from quiz.beyond import cells, layers, sequences, training

GENERATORS = (*cells.GENERATORS, *layers.GENERATORS, *sequences.GENERATORS, *training.GENERATORS)
