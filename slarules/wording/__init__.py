"""Wording: rules, conditions, limits and values in full English sentences, from the model alone."""
