"""The first page: the ways in, the path through the lessons, and the tour."""
