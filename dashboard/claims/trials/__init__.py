"""One claim a file; see `dashboard.claims.trial`."""
