"""The revision sheet: take-aways, mistakes, formulas, comparison, glossary; as flashcards and as files."""

from quiz.revision.sheet import Sheet, load_sheet

__all__ = ["Sheet", "load_sheet"]
