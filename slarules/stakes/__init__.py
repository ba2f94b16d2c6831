"""What each reading of an ambiguity is worth on a real log."""
