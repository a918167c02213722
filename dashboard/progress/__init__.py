"""Progress: what was answered, what is known, and what comes when."""
