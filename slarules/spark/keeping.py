"""What is kept of a desk, in pieces: of each a batch reads and writes those that it touches, once, and no others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from attrs import asdict, define, field

from slarules.spark.watching import OutOfStream, Told

SHELVES = ("subjects", "ids", "due", "under", "whole")
"""What is kept: subject → its record; the head of ids → the rest of each → the subjects whose events bear it or whose
corrections name it; hour → who is to be judged at which of its milliseconds; lists of subjects, in pieces; and what is
known of the whole desk."""
FORM = 2
"""Counts up when what is kept changes its form."""
_WHOLE = "desk"
"""The one name on the last of them."""
_HOUR = 3_600_000
_PIECE = 200
"""Subjects of one piece of a list."""


class Shelf(Protocol):
    """Texts by name."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, text: str) -> None: ...
    def remove(self, name: str) -> None: ...
    def items(self) -> Iterable[tuple[str, str]]: ...


@define
class Record:
    """What is kept of a subject."""

    events: list[Any] = field(factory=list)
    """In the order in which they came."""
    told: Told = field(factory=dict)
    linked: list[str] = field(factory=list)
    """Subjects that hang together with it."""
    under: list[str] = field(factory=list)
    """The agreements that its events name; an empty name where one of them names none."""
    draws: bool = False
    """Whether it moves an allowance that is its agreement's (R34)."""
    next: int | None = None
    """The millisecond at which it is to be judged, where nothing comes before."""


@define
class Whole:
    """What is known of the whole desk."""

    form: int = FORM
    near: dict[str, bool] = field(factory=dict)
    """Subjects with events of an agreement → whether they are agreements, as far as has happened."""
    due: dict[str, int] = field(factory=dict)
    """Hour → the first millisecond of it at which somebody is to be judged."""
    turn: int | None = None
    """When everybody is judged, because the contract comes into force or goes out of it."""
    known: str = ""
    """Which log of agreements was taken in."""
    judged_by: str = ""
    """Digest of the contract, readings and lists by which all that was told was judged."""

    def sole(self) -> str | None:
        """The one agreement of the desk, under which all stand that name none (R2)."""
        names = [name for name, is_one in self.near.items() if is_one]
        return names[0] if len(names) == 1 else None


class Kept:
    """A desk's state while a batch is judged: what was read is not read again, what changed is written at the end."""

    def __init__(self, shelves: Mapping[str, Shelf], timer: Callable[[int], object]) -> None:
        self._shelves, self._timer = shelves, timer
        self._read: dict[tuple[str, str], Any] = {}
        self._changed: dict[tuple[str, str], None] = {}
        text = shelves["whole"].get(_WHOLE)
        told = json.loads(text) if text is not None else {"form": FORM}
        if told.get("form") != FORM:
            raise OutOfStream("another version of slarules has kept this desk: begin a new checkpoint")
        self.whole, self._text = Whole(**told), text

    def written(self) -> None:
        """Puts what has changed on the shelves."""
        for shelf, name in self._changed:
            value = self._read[shelf, name]
            if value or shelf != "due":
                data = asdict(value) if isinstance(value, Record) else value
                self._shelves[shelf].put(name, json.dumps(data, ensure_ascii=False))
            else:
                self._shelves[shelf].remove(name)
        self._changed.clear()
        text = json.dumps(asdict(self.whole), ensure_ascii=False)
        if text != self._text:
            self._shelves["whole"].put(_WHOLE, text)
            self._text = text

    def _piece(self, shelf: str, name: str, empty: Callable[[], Any]) -> Any:
        found = self._read.get((shelf, name))
        if found is None:
            text = self._shelves[shelf].get(name)
            found = self._read[shelf, name] = empty() if text is None else json.loads(text)
        return found

    # -- Subjects

    def record(self, name: str) -> Record:
        """What is kept of a subject; say ``changed`` where it is then changed."""
        found: Record | None = self._read.get(("subjects", name))
        if found is None:
            text = self._shelves["subjects"].get(name)
            found = self._read["subjects", name] = Record() if text is None else _record(text)
        return found

    def changed(self, name: str) -> None:
        self._changed["subjects", name] = None

    def everybody(self) -> set[str]:
        """All subjects."""
        for name, text in self._shelves["subjects"].items():
            if ("subjects", name) not in self._read:
                self._read["subjects", name] = _record(text)
        return {name for shelf, name in self._read if shelf == "subjects"}

    def with_all(self, names: Iterable[str]) -> set[str]:
        """The names, and all that hang together with one of them."""
        found, coming = set[str](), list(names)
        while coming:
            name = coming.pop()
            if name not in found:
                found.add(name)
                coming += self.record(name).linked
        return found

    def link(self, one: str, other: str) -> None:
        """Two subjects hang together."""
        for name, with_it in ((one, other), (other, one)):
            linked = self.record(name).linked
            if with_it not in linked and with_it != name:
                linked.append(with_it)
                self.changed(name)

    def bears(self, id: str, name: str) -> bool:
        """Notes who bears an id, or names it; whether anybody did before. All of them hang together (R32, R3)."""
        piece = id[:-2] if id[-2:].isdecimal() else id  # numbers of a hundred stand together: they come together
        bearers: list[str] = self._piece("ids", piece, dict).setdefault(id[len(piece) :], [])
        before = bool(bearers)
        if name not in bearers:
            if before:
                self.link(name, bearers[0])
            bearers.append(name)
            self._changed["ids", piece] = None
        return before

    # -- Lists in pieces, to which names are only ever added

    def listed(self, of: str) -> Iterator[str]:
        """The subjects of a list."""
        for number in range(self._pieces(of)[0]):
            yield from self._piece("under", json.dumps([of, number]), list)

    def enlist(self, of: str, name: str) -> None:
        """Adds a subject to a list that does not have it yet."""
        pieces = self._pieces(of)
        if not pieces[0] or len(self._piece("under", json.dumps([of, pieces[0] - 1]), list)) >= _PIECE:
            pieces[0] += 1
            self._changed["under", json.dumps([of])] = None
        last = json.dumps([of, pieces[0] - 1])
        self._piece("under", last, list).append(name)
        self._changed["under", last] = None

    def _pieces(self, of: str) -> list[int]:
        found: list[int] = self._piece("under", json.dumps([of]), lambda: [0])
        return found

    # -- Who is to be judged when

    def ask(self, name: str, at: int | None) -> None:
        """Has a subject judged at an instant, and at none that was said before; None: at none."""
        record, milli = self.record(name), None if at is None else -(-at // 1000)
        if record.next != milli:
            record.next = milli
            self.changed(name)
            if milli is not None:
                self._due(name, milli, False)

    def ask_all(self, name: str, at: int) -> None:
        """Has a subject judged at an instant, and all on whom it bears."""
        self._due(name, -(-at // 1000), True)

    def _due(self, name: str, milli: int, everyone: bool) -> None:
        hour = str(milli // _HOUR)
        asked = self._piece("due", hour, dict).setdefault(str(milli), {})
        if everyone > asked.get(name, -1):
            asked[name] = everyone
            self._changed["due", hour] = None
        if milli < self.whole.due.get(hour, milli + 1):
            self.whole.due[hour] = milli
            self._timer(milli)

    def come(self, horizon: int) -> dict[str, bool]:
        """Who is to be judged by an instant, and whether with all on whom they bear; they are not asked for again."""
        found: dict[str, bool] = {}
        for hour in [hour for hour, first in self.whole.due.items() if first * 1000 <= horizon]:
            due = self._piece("due", hour, dict)
            for milli in [milli for milli in due if int(milli) * 1000 <= horizon]:
                for name, everyone in due.pop(milli).items():
                    wanted = self.record(name).next
                    if everyone or (wanted is not None and wanted * 1000 <= horizon):
                        found[name] = everyone or found.get(name, False)
            self._changed["due", hour] = None
            del self.whole.due[hour]
            if due:
                self.whole.due[hour] = min(map(int, due))
                self._timer(self.whole.due[hour])
        return found


def _record(text: str) -> Record:
    found = Record(**json.loads(text))
    found.told = {identity: (revision, digest) for identity, (revision, digest) in found.told.items()}
    return found
