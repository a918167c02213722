"""The Inspector: one sequence, one or two networks, every state, gate and gradient."""
