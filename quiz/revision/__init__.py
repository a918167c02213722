"""The revision sheet: take-aways, mistakes, formulas, comparison, glossary, sources; as flashcards and as files."""
