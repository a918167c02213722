"""What a page shows: things computed, put into the panels of a figure. One module a page."""
