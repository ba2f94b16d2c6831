"""A log gone through again and again: read otherwise, under another contract, with other targets, for a report."""
