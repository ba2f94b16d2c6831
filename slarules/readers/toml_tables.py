"""Tables of a TOML file, asked key by key: each problem is noted with its line, and all of them at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from slarules.diagnostics import Diagnostic, did_you_mean, error
from slarules.source import Source, Span

_HEADING = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:\"[^\"\n]*\"|'[^'\n]*'|[\w.-])+)\s*=")


class Table:
    """One table of the file; what is asked of it is ticked off, so that the rest is unknown."""

    def __init__(self, file: TomlFile, path: tuple[str, ...], values: Mapping[str, Any]) -> None:
        self.file, self.path, self.values = file, path, values
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text that is not empty."""
        value = self._ask(key, default)
        if value is None or (isinstance(value, str) and value):
            return value
        self.wrong(key, "is not a text", "write it in quotation marks")
        return default

    def needed(self, key: str, why: str) -> str:
        """A text that must be there; empty where it is not, which is then a problem that was noted."""
        if key not in self.values:
            self._asked.add(key)
            where = f" in `[{'.'.join(self.path)}]`" if self.path else ""
            self.file.problem("E0604", self.path, f"`{key}` is missing{where}", why)
        return self.text(key) or ""

    def one_of(self, key: str, choices: Iterable[str], default: str | None = None) -> str | None:
        """One of a few words."""
        value, known = self.text(key, default), list(choices)
        if value is None or value in known:
            return value
        said = did_you_mean(value, known) or f"it is one of {', '.join(f'`{c}`' for c in known)}"
        self.wrong(key, f"cannot be `{value}`", said)
        return default

    def number_of(self, key: str, choices: Iterable[int]) -> int | None:
        """One of a few whole numbers; None where it is left out."""
        value, known = self._ask(key, None), list(choices)
        if value is None or (type(value) is int and value in known):
            return value
        self.wrong(key, f"cannot be `{value}`", f"it is {' or '.join(f'`{c}`' for c in known)}")
        return None

    def yes(self, key: str) -> bool:
        """``true`` or ``false``; false where it is left out."""
        value = self._ask(key, False)
        if isinstance(value, bool):
            return value
        self.wrong(key, "is not `true` or `false`", None)
        return False

    def texts(self, key: str, default: Iterable[str]) -> list[str]:
        """A list of texts, empty ones too."""
        value = self._ask(key, list(default))
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        self.wrong(key, "is not a list of texts", 'write it as `["?", ""]`')
        return list(default)

    def table(self, key: str) -> Table:
        """A table; empty where it is left out."""
        value = self._ask(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "is not a table", f"write `[{'.'.join((*self.path, key))}]` and its keys below")
            value = {}
        return Table(self.file, (*self.path, key), value)

    def any(self, key: str) -> Any:
        """Whatever stands there; the asker sees to it."""
        return self._ask(key, None)

    def names(self) -> list[str]:
        """The table's keys in the file's order."""
        return list(self.values)

    def wrong(self, key: str, what: str, help: str | None, code: str = "E0603") -> None:
        """Notes that a key's value is not what it should be."""
        self.file.problem(code, (*self.path, key), f"`{key}` {what}", help)

    def nothing_else(self) -> None:
        """Notes every key that nobody asked for."""
        for key in self.values:
            if key not in self._asked:
                said = did_you_mean(key, self._asked) or f"known here: {', '.join(sorted(self._asked))}"
                self.file.problem("E0602", (*self.path, key), f"`{key}` is not known here", said)

    def _ask(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        return self.values.get(key, default)


class TomlFile:
    """A TOML file, where its keys stand, and the problems found in it so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Diagnostic] = []
        self._places = _places(source)

    def root(self) -> Table | None:
        """Its keys; None where the file is not TOML, which is then noted (E0601)."""
        try:
            return Table(self, (), tomllib.loads(self.source.text, parse_float=Decimal))
        except tomllib.TOMLDecodeError as wrong:
            said = re.search(r"\(at line (\d+), column (\d+)\)", str(wrong))
            line = int(said[1]) if said else self.source.line_of(len(self.source.text))
            start = self.source.line_starts[line - 1] + (int(said[2]) - 1 if said else 0)
            start = min(start, len(self.source.text))
            cause = str(wrong).partition(" (at ")[0]
            place = Span(self.source, start, min(start + 1, len(self.source.text)))
            self.problems.append(error("E0601", place, f"not TOML: {cause[:1].lower()}{cause[1:]}"))
        except RecursionError:
            self.problems.append(error("E0601", Span(self.source, 0, 0), "nests deeper than can be read"))
        return None

    def problem(self, code: str, path: tuple[str, ...], message: str, help: str | None = None) -> None:
        """Notes a problem at the key ``path``, or at the nearest table around it that has a line."""
        self.problems.append(error(code, self.place(path), message, help))

    def place(self, path: tuple[str, ...]) -> Span:
        """Where the key stands."""
        while path:
            if path in self._places:
                return self._places[path]
            path = path[:-1]
        return Span(self.source, 0, 0)


def plain(value: object) -> bool:
    """Whether a value can be a fact's: a text, a number, a truth; a list, a table or TOML's dates cannot."""
    return isinstance(value, str | int) or (isinstance(value, Decimal) and value.is_finite())


def _places(source: Source) -> dict[tuple[str, ...], Span]:
    """Each key's span. A line of a text over several lines may pass for a key; then it names no real one."""
    found: dict[tuple[str, ...], Span] = {}
    table: tuple[str, ...] = ()
    for start, line in zip(source.line_starts, source.text.split("\n"), strict=True):
        heading, key = _HEADING.fullmatch(line), _KEY.match(line)
        if heading:
            table = _parts(heading[1])
            found.setdefault(table, Span(source, start + heading.start(1), start + heading.end(1)))
        elif key:
            span = Span(source, start + key.start(1), start + key.end(1))
            found.setdefault((*table, *_parts(key[1])), span)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"' ") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))
