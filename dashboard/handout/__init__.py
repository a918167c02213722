"""One page of a lesson to print: its beats in words, what they ask, and the take-away."""
