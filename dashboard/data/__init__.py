"""The data statement."""
