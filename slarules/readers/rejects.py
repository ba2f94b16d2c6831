"""What was set aside while reading: each entry with its line, its code and its cause; nothing is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TextIO

from attrs import define, field, frozen

EXCERPT = 200
"""How many characters of what was set aside are shown."""

CODES = {
    "E0620": "a line that is not in the file's encoding",
    "E0621": "a line that is not JSON, or that is cut off",
    "E0622": "a line that is not one JSON object",
    "E0623": "a key or a field that is given twice",
    "E0624": "a number that cannot be kept: NaN, Infinity, 1e999",
    "E0625": "a line longer than 1 MB",
    "E0626": "a field that is needed and missing",
    "E0627": "a field of the wrong kind",
    "E0628": "a field that nobody knows, where reading is strict",
    "E0629": "a row whose cells do not fit the columns",
    "E0630": "a file that breaks off or is damaged",
    "E0631": "a time that is not one, or outside the years 1970 to 2200",
    "E0632": "a time without a zone",
    "E0633": "a local time that occurs never or twice",
    "E0634": "a value that the mapping does not know",
    "E0635": "a value that is not of its fact's type",
}
"""Every reason for which a line or a row is set aside."""


def excerpt(raw: object) -> str:
    """At most 200 characters of a line, a row's cells or an object, for people to recognise it by."""
    if isinstance(raw, bytes):
        text = raw[: EXCERPT * 4].decode("utf-8", "backslashreplace")
    elif isinstance(raw, tuple | list):
        text = ",".join("" if cell is None else str(cell)[:EXCERPT] for cell in raw[:EXCERPT])
    else:
        text = str(raw)
    text = text.strip("\r\n")
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


class Refused(Exception):
    """Why a line cannot be an event. Caught where the line is known; never leaves the readers."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code
        """One of ``CODES``."""
        self.cause = cause
        """In the user's words, without the place."""

    def at(self, line: int, raw: object) -> Rejected:
        """The entry for the line that it was found on."""
        return Rejected(line, self.code, self.cause, raw if type(raw) is tuple else excerpt(raw))


@frozen(repr=False)
class Rejected:
    """A line or a row that gave no event, and why."""

    line: int
    """Its 1-based line in the file; in a Parquet file its 1-based row."""
    code: str
    """One of ``CODES``."""
    cause: str
    """What is wrong with it, in the user's words."""
    _raw: object = field(eq=excerpt)
    """A row's cells, or the excerpt: of a million rows that are set aside, mostly nobody asks for it."""

    @property
    def excerpt(self) -> str:
        """Its beginning as it stands in the file, at most 200 characters."""
        return excerpt(self._raw)

    def __repr__(self) -> str:
        told = f"line={self.line}, code={self.code!r}, cause={self.cause!r}, excerpt={self.excerpt!r}"
        return f"Rejected({told})"

    def to_json(self) -> str:
        """One line of a rejects file, without its end."""
        entry = {"line": self.line, "code": self.code, "cause": self.cause, "excerpt": self.excerpt}
        return json.dumps(entry, ensure_ascii=True)


@define
class Tally:
    """What passed through one reading, so far."""

    rows: int = 0
    """Lines or rows looked at, blank ones and a heading left out."""
    events: int = 0
    """Events given; a row may give several or none."""
    rejected: Counter[str] = field(factory=Counter)
    """Lines and rows set aside, by code."""
    unknown_fields: Counter[str] = field(factory=Counter)
    """Fields that nobody knows, kept as facts of that name, by how often they occur."""


class RejectsFile:
    """A file of JSON lines, one for each entry set aside; it is made only when there is a first one.

    Use as a context manager. The keys are ``line``, ``code``, ``cause`` and ``excerpt``.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._file: TextIO | None = None

    def write(self, rejected: Rejected) -> None:
        """Adds one entry. Raises ``OSError`` where the file cannot be written."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="\n")
        self._file.write(rejected.to_json() + "\n")

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
