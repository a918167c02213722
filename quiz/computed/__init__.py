"""Questions whose answers `core` computes: drawn from a seed, made from a run on a page, or worked out by hand."""
