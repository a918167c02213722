"""The NumPy side of Unrolled: recurrent networks whose every intermediate value can be read."""
