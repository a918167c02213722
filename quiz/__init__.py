"""The interview questions and their automatic checks."""
