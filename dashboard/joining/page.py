"""Joining a class by its code, and signing in."""

from dashboard.joining import view

view.draw()
