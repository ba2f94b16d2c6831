"""Targets that history would have kept, with how sure that is."""
