"""A teacher's classes."""

from dashboard.classes import view

view.draw()
