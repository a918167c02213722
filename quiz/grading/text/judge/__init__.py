"""Another judge of answers in words: a language model behind an address, which may speak once it was measured here."""
