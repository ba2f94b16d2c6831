"""Verdicts as tables: counted, and written to files."""
