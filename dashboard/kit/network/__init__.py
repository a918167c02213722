"""The small network of the first lessons: its numbers, its controls, and what is said of it."""
