"""The revision sheet: take-aways, mistakes, formulas, comparison, sources, glossary; as flashcards and as files."""
