"""A desk whose tickets and agreements are judged together as events come: whatever bears on another is there with it.

Judged again are a subject with new events, those that hang together with it (R3, R32), those whose next change has
come, and everybody where agreements, or what draws on their allowances (R34), have new events or a life that goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Protocol

from attrs import asdict, define, field, frozen
from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor

from slarules.columnar.disk.links import shaping
from slarules.columnar.disk.touched import in_force_from_to, turns_after
from slarules.columnar.log.columns import table_of
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import agreements_of, evaluate
from slarules.engine.history import CHANGES, History, SubjectHistory, settle
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict
from slarules.readers.columns.facts import written
from slarules.spark.order import needs_none
from slarules.spark.watching import KEPT, PLACE, Told, Watch, changed, event_of, opened, told_of

SHELVES = ("events", "told", "bearers", "due", "whole")
"""What is kept: subject → its events; subject → what was told of its verdicts; id → the subjects whose events bear it
or whose corrections name it; millisecond → the subjects to be judged then; and what is known of the whole desk."""
_WHOLE = "desk"
"""The one name on the last of them."""


class Shelf(Protocol):
    """Texts by name."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, text: str) -> None: ...
    def remove(self, name: str) -> None: ...
    def items(self) -> Iterable[tuple[str, str]]: ...


@define
class Whole:
    """What is known of the whole desk."""

    near: list[str] = field(factory=list)
    """Subjects that every ticket may need: agreements, and what draws on their allowances."""
    linked: dict[str, list[str]] = field(factory=dict)
    """Subject → those that hang together with it."""
    turn: int | None = None
    """When everybody is judged again, because the life of an agreement goes on, or the contract's."""
    known: str = ""
    """Which log of agreements was taken in."""

    def with_all(self, names: Iterable[str]) -> set[str]:
        """The names, and all that hang together with one of them."""
        found, coming = set[str](), list(names)
        while coming:
            name = coming.pop()
            if name not in found:
                found.add(name)
                coming += self.linked.get(name, ())
        return found

    def link(self, one: str, other: str) -> None:
        for name, with_it in ((one, other), (other, one)):
            own = self.linked.setdefault(name, [])
            if with_it not in own and with_it != name:
                own.append(with_it)


@frozen(eq=False)
class Desk:
    """A desk's state, wherever it is kept."""

    watch: Watch
    shelves: Mapping[str, Shelf]
    timer: Callable[[int], object]
    """Asks to be called when the watermark reaches a millisecond."""

    def came(self, rows: Iterable[tuple[str, tuple[Any, ...]]], horizon: int) -> Iterator[Row]:
        """New events, each with its subject: they are kept, and whom they touch is judged as of ``horizon``."""
        whole = self._whole()
        known = _known(self.watch)
        if whole.known != known[0]:
            whole.known = known[0]
            rows = [*known[1], *rows]
        touched = self._keep(whole, rows)
        if touched:
            yield from self._judged(whole, touched, horizon)
        self.shelves["whole"].put(_WHOLE, json.dumps(asdict(whole), ensure_ascii=False))

    def fell_due(self, milli: int, horizon: int) -> Iterator[Row]:
        """The watermark has reached a millisecond; what is due by now is judged at once, whatever else was asked."""
        whole, due = self._whole(), self.shelves["due"]
        everybody = whole.turn is not None and whole.turn <= horizon
        if due.get(str(milli)) is None and not everybody:
            return
        come = [(at, names) for at, names in due.items() if int(at) * 1000 <= horizon]
        for at, _ in come:
            due.remove(at)
        touched = {name for _, names in come for name in json.loads(names)}
        yield from self._judged(whole, touched, horizon)
        self.shelves["whole"].put(_WHOLE, json.dumps(asdict(whole), ensure_ascii=False))

    def _whole(self) -> Whole:
        text = self.shelves["whole"].get(_WHOLE)
        return Whole() if text is None else Whole(**json.loads(text))

    # -- Keeping

    def _keep(self, whole: Whole, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> set[str]:
        """Keeps the events that are new; gives their subjects."""
        shelf, bearing = self.shelves["events"], _bearing(self.watch.contract)
        coming: dict[str, list[tuple[Any, ...]]] = {}
        for subject, row in rows:
            coming.setdefault(subject, []).append(row)
        touched = set()
        for subject, own in sorted(coming.items()):
            kept = json.loads(shelf.get(subject) or "[]")
            seen = {event_of(subject, row) for row in kept}
            new = []
            for row in own:
                event = event_of(subject, row)
                if event not in seen:  # what comes twice says nothing more
                    seen.add(event)
                    new.append(row)
                    self._note(whole, event, bearing)
            if new:
                touched.add(subject)
                shelf.put(subject, json.dumps([*kept, *new], ensure_ascii=False))
        return touched

    def _note(self, whole: Whole, event: Event, bearing: Collection[str]) -> None:
        """What an event says of others than its own subject."""
        made = event.facts.get("type") if event.type == "corrected" else None
        shapes = event.type in bearing or made in bearing or event.kind == "agreement"
        if shapes and event.subject not in whole.near:
            whole.near.append(event.subject)
        given = event.facts.get("subject") if event.type == "corrected" else None
        if isinstance(given, str):
            whole.link(event.subject, given)
        shelf = self.shelves["bearers"]
        for name in (event.id, *([event.target] if event.type in CHANGES and event.target else [])):
            text = shelf.get(name)
            bearers = json.loads(text) if text is not None else []
            if event.subject in bearers:
                continue
            if bearers:
                whole.link(event.subject, bearers[0])
            shelf.put(name, json.dumps([*bearers, event.subject], ensure_ascii=False))

    # -- Judging

    def _judged(self, whole: Whole, touched: set[str], horizon: int) -> Iterator[Row]:
        """What changed as of ``horizon`` in the verdicts of all that is touched."""
        watch, near = self.watch, whole.with_all(whole.near)
        asked = whole.with_all(touched)
        everybody = bool(asked & near) or (whole.turn is not None and whole.turn <= horizon)
        shelf = self.shelves["events"]
        if everybody:
            rows = dict(shelf.items())
            asked = {*rows, *whole.linked}
        else:
            texts = {name: shelf.get(name) for name in sorted(asked | near)}
            rows = {name: text for name, text in texts.items() if text is not None}
        events = _in_order(rows)
        if not watch.in_log_order:
            _order_told(events)
        changing: dict[str, int | None] = {}

        def each(one: SubjectHistory, change: int | None) -> None:
            changing[one.subject] = change

        found = evaluate(
            watch.contract,
            watch.readings,
            events,
            horizon,
            supplied=watch.supplied,
            precision=watch.precision,
            each=each,
            only=asked,
        )
        versions = adopt(watch.contract, watch.readings, watch.supplied)
        history = settle(watch.contract, [version.terms for version in versions], events, horizon)
        verdicts: dict[str, list[Verdict]] = {}
        for verdict in found.verdicts:
            verdicts.setdefault(verdict.subject, []).append(verdict)
        for name in sorted(asked):
            yield from self._told(name, verdicts.get(name, ()), found.readings, horizon)
            self._due(name, _first(changing.get(name), *_coming(history, name, horizon)))
        if everybody or whole.turn is None:
            days = in_force_from_to(watch.contract, versions[-1].zone or "UTC")
            lives = agreements_of(versions, history, horizon)
            whole.turn = _first(
                *(at for at in days if at > horizon),
                *(at for life in lives.values() for at in turns_after(life, horizon)),
                *(at for name in whole.with_all(whole.near) for at in _coming(history, name, horizon)),
            )
            if whole.turn is not None:
                self.timer(-(-whole.turn // 1000))

    def _told(
        self, name: str, verdicts: Sequence[Verdict], readings: Mapping[str, str], horizon: int
    ) -> Iterator[Row]:
        shelf = self.shelves["told"]
        text = shelf.get(name)
        before: Told = {} if text is None else told_of(text)
        changes, now = changed(verdicts, readings, horizon, before)
        if now != before:
            shelf.put(name, json.dumps(now, ensure_ascii=False))
        yield from changes

    def _due(self, name: str, at: int | None) -> None:
        """Has a subject judged again at an instant; one that was asked for before does no harm."""
        if at is None:
            return
        shelf, milli = self.shelves["due"], str(-(-at // 1000))
        text = shelf.get(milli)
        names = json.loads(text) if text is not None else []
        if name not in names:
            shelf.put(milli, json.dumps([*names, name], ensure_ascii=False))
            self.timer(int(milli))


def _first(*instants: int | None) -> int | None:
    return min((at for at in instants if at is not None), default=None)


def _coming(history: History, name: str, horizon: int) -> Iterator[int]:
    """The events of a subject that are known and have not happened yet."""
    own = history.subjects.get(name)
    return (entry.at for entry in own.entries if entry.at > horizon) if own is not None else iter(())


def _in_order(kept: Mapping[str, str]) -> list[Event]:
    """The events of all these subjects, in the order of the log where it is told."""
    rows = [(subject, row) for subject, text in sorted(kept.items()) for row in json.loads(text)]
    return [event_of(subject, row) for subject, row in sorted(rows, key=lambda one: one[1][PLACE] or 0)]


def _order_told(events: Sequence[Event]) -> None:
    """Raises ``NeedsPosition`` where the order of the log matters and is not told."""
    changes = any(event.type in CHANGES for event in events)
    if changes or len({event.id for event in events}) < len(events):
        needs_none(table_of(events))


@lru_cache(maxsize=4)
def _bearing(contract: Contract) -> frozenset[str]:
    return frozenset(shaping(contract).types.to_pylist())


@lru_cache(maxsize=4)
def _known(watch: Watch) -> tuple[str, list[tuple[str, tuple[Any, ...]]]]:
    """The log of agreements as it is kept, and a digest of it."""
    rows = []
    for event in watch.known:
        own = {name: getattr(event, name) for name in KEPT.names if name not in ("place", "columns", "facts")}
        own["facts"] = written(event.facts) if event.facts else None
        rows.append((event.subject, tuple(own.get(name) for name in KEPT.names)))
    return blake2b(json.dumps(rows).encode(), digest_size=12).hexdigest(), rows


# ---- In Spark's state -------------------------------------------------------------------------------------------


class DeskWatcher(StatefulProcessor):
    """What Spark calls for the whole desk: ``handleInputRows`` when events come, ``handleExpiredTimer`` in time."""

    def __init__(self, sent: bytes) -> None:
        self.sent = sent

    def init(self, handle: Any) -> None:
        """Names the state that is kept."""
        shelves = {name: _InSpark(handle.getMapState(name, "name string", "text string")) for name in SHELVES}
        self.desk = Desk(opened(self.sent), shelves, handle.registerTimer)

    def handleInputRows(self, key: Any, rows: Any, timerValues: Any) -> Iterator[Row]:
        """Keeps the new events, and judges whom they touch."""
        own = [(one["subject"], tuple(one[name] for name in KEPT.names)) for one in rows]
        yield from self.desk.came(own, timerValues.getCurrentWatermarkInMs() * 1000)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Row]:
        """Judges who is due."""
        horizon = timerValues.getCurrentWatermarkInMs() * 1000
        yield from self.desk.fell_due(expiredTimerInfo.getExpiryTimeInMs(), horizon)

    def close(self) -> None:
        """Nothing is held beside the state."""


@frozen(eq=False)
class _InSpark:
    """A shelf in Spark's state."""

    state: Any

    def get(self, name: str) -> str | None:
        found = self.state.getValue((name,))
        return None if found is None else str(found[0])

    def put(self, name: str, text: str) -> None:
        self.state.updateValue((name,), (text,))

    def remove(self, name: str) -> None:
        self.state.removeKey((name,))

    def items(self) -> list[tuple[str, str]]:
        return [(key[0], value[0]) for key, value in self.state.iterator()]
