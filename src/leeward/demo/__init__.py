"""A school that was never there: a small internet, pupils and staff who browse it, and the story they play."""
