"""The revision sheet as a page: the sheet itself, a look-up of terms, flashcards, files to take along."""
