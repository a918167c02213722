"""Check my implementation: the learner's own arrays beside core's, and the lab."""
