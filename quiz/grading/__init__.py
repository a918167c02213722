"""What was answered, and whether it is right."""
