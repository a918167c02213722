"""An assignment, as its link opens it."""
