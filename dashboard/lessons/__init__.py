"""The lessons: a folder each, named in `quiz/lessons/manifest.toml`."""
