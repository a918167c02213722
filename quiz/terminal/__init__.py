"""The quiz as text: in a terminal, and as JSON lines."""
