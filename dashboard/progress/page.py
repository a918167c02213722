"""Progress: what is known, what is due, and all of one's data."""

from dashboard.progress import view as progress

progress.draw()
