"""Scenarios: a timeline with expectations, written in a policy or beside it, run as a test."""
