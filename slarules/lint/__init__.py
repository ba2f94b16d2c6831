"""Lint: what a policy may say, and had better not. One short file for a family of rules."""
