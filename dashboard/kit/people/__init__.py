"""Who is learning and teaching: signing in, joining by a code, coming back by a private link, and signing out."""

LOCAL = "local"  # the learner at the server's own machine
VISIT = "visit-"  # begins the name of a learner who is known for this visit only
