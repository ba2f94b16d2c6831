"""Scenarios proposed: for each duty the tickets worth trying, with what the engine sees, to be confirmed."""
