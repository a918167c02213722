"""An assignment, as its link opens it."""

from dashboard.assignment import view

view.draw()
