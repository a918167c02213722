"""The revision sheet: take-aways, mistakes, formulas, comparison, glossary; as flashcards and as files."""
