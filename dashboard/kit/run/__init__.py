"""What a network is run on, as the Inspector and the lessons are set to, and the run itself."""
