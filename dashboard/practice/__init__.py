"""The quiz: practice, review, and the timed interview with its report."""
