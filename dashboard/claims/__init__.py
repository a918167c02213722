"""Claims on trial: what would decide each, its runs, and the verdict of a rule."""
