"""Joining a class by its code, and signing in."""
