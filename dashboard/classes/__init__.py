"""A teacher's classes: what to teach next, who has begun, and what is assigned."""
