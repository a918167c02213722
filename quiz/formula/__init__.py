"""Formula answers: tokens, a parser for a small whitelist, and equality by numbers."""
