"""Progress: what is known, what is due, and all of one's data."""

from dashboard.asking import progress

progress.draw()
