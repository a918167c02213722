"""The revision sheet: all of the lessons to read once more, as flashcards, on paper, or to take along."""

from dashboard.revision import view as page

page.draw()
