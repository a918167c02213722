"""Labelled answers to the interview questions, and the rubric by which they were labelled."""
