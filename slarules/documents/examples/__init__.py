"""Sections of the summary that tell what the rules come to: worked examples, dates, amounts, openings, lives."""
