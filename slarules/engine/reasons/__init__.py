"""Why: what a verdict rests on, what would have changed it, and why something is not owed."""
