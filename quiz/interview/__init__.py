"""The interview: the chapter's twelve questions, one after the other, with time."""
