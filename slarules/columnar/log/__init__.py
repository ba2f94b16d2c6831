"""A log as columns: checked, each value by a code, in the order in which it comes."""
