"""The interview questions and their automatic checks."""

from quiz.grading.grade import grade
from quiz.load import load_bank

__all__ = ["grade", "load_bank"]
