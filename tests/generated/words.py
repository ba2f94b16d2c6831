"""What random policies are spelt with: plain words, wide ones, and those that look like something else."""

from __future__ import annotations

NAMES = ("alpha", "n1", "Very_long_name_of_something_that_was_agreed", "abc", "T1", "_x", "Acme", "is_open", "e")
WORDS = (
    "plain words", "", "“curly” no", "日本語の契約", "a -- b", "> not a quote", "🎉 👩\u200d👩\u200d👧 done",
    "(a) x, y", "<p1>", "ﬁ é e\u0301",
    "words without end, which go on and on until no line of any width could hold them, and then some more of them",
)
QUOTES = (
    "the contract’s own words.", "(a) first; or, (b) second", "日本語", '"quoted" -- no comment', "", "> twice", "🎉"
)
REMARKS = (
    "-- why", "--", "--no blank", "-- 注意 🎉", "-- ends with blanks   ", '-- "open', "-- > not a quote", "-----------"
)
SPELLINGS = {
    "NAME": NAMES,
    "NUMBER": ("0", "1", "12", "3.50", "1000"),
    "STRING": (),
    "ZONE": ("America/Denver", "UTC", "UTC-07:00", "America/Argentina/Buenos_Aires"),
    "REGION": ("US", "CA-BC"),
    "CURRENCY": ("USD", "EUR"),
    "DATE": ("2026-03-02", "2024-02-29"),
    "TIME": ("08:00", "9:30", "17:00:30", "17:00:30.250"),
    "ORDINAL": ("first", "third", "tenth"),
    "UNIT": ("hour", "hours", "days", "months"),
    "ROUNDING": ("up", "down"),
    "DAY": ("Monday", "Sunday"),
    "MONTH": ("January", "May"),
    "LABEL": ("(a)", "(iii)"),
    "INSTANCE": ("#1", "#12"),
    "OR_NUMBER": ("or",),
    "QUOTE": (),
    "CELL": (),
}
"""What a terminal is written as; those without are made up."""
