"""What to ask next: the catalogue, the memory of each question, and what is known."""
