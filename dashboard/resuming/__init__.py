"""Coming back by a private link."""
