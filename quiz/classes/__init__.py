"""Classes: who teaches and who learns in one, what is assigned, what a teacher may see of it, and files of that.

Here are records and pure functions; `quiz.store.classes` keeps and guards them. What a teacher sees of a class comes
from `quiz.classes.privacy` alone, on a page as in a file.
"""
