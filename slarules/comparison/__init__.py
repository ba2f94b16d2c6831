"""Two contracts compared: which rules answer to each other, which is stricter, and what a log would show under both."""
