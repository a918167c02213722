"""What pages are made of: the frame of the lessons, settings, words, theme, navigation, jobs, questions."""
