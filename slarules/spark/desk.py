"""A desk whose tickets and agreements are judged together as events come: whatever bears on another is there with it.

An event is kept when it comes, and judged when the watermark reaches it, at once if it has: before, it changes nothing
(R2). Judged again are a subject of which an event has happened, those that hang together with it (R3, R32), those whose
next change has come, and all that stand under an agreement of which anything has happened, or whose life goes on, or
on whose allowances, where rules ask for them, one of them has drawn (R34).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pyspark.sql import Row

from slarules.columnar.disk.touched import in_force_from_to, turns_after
from slarules.columnar.log.columns import table_of
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import agreements_of, evaluate
from slarules.engine.history import CHANGES, History, SubjectHistory, settle
from slarules.model.event import Event
from slarules.model.verdict import Verdict
from slarules.readers.columns.facts import written
from slarules.spark import bearing
from slarules.spark.keeping import Kept, Shelf
from slarules.spark.order import needs_none
from slarules.spark.watching import KEPT, PLACE, Watch, changed, event_of, placed


class Desk:
    """A desk's state, wherever it is kept, for as long as one batch is judged."""

    def __init__(self, watch: Watch, shelves: Mapping[str, Shelf], timer: Callable[[int], object]) -> None:
        """``timer`` asks to be called when the watermark reaches a millisecond."""
        self.watch, self.kept = watch, Kept(shelves, timer)
        self.versions = adopt(watch.contract, watch.readings, watch.supplied)
        self.terms = [version.terms for version in self.versions]
        self.types = bearing.types_of(watch.contract)
        self._timer = timer
        self._done: int | None = None

    def came(self, rows: Iterable[tuple[str, tuple[Any, ...]]], horizon: int) -> Iterator[Row]:
        """New events, each with its subject: they are kept, and whom they touch is judged as of ``horizon``."""
        rows = list(rows)
        if self.watch.in_log_order:
            for _, row in rows:
                placed(row)
        whole, (digest, known) = self.kept.whole, _known(self.watch)
        if whole.known != digest:
            whole.known, rows = digest, [*known, *rows]
        yield from self._judged(self._keep(rows, horizon), horizon)

    def fell_due(self, horizon: int) -> Iterator[Row]:
        """The watermark has reached an instant: all who are due by it are judged, at once."""
        if self._done is None or self._done < horizon:
            yield from self._judged({}, horizon)

    # -- Keeping

    def _keep(self, rows: Iterable[tuple[str, tuple[Any, ...]]], horizon: int) -> dict[str, bool]:
        """Keeps the events that are new. Gives whom to judge at once, and whether with all on whom they bear."""
        coming: dict[str, list[tuple[Any, ...]]] = {}
        for subject, row in rows:
            coming.setdefault(subject, []).append(row)
        touched: set[str] = set()
        for subject, own in sorted(coming.items()):
            record = self.kept.record(subject)
            seen = {event_of(subject, row) for row in record.events}
            for row in own:
                event = event_of(subject, row)
                if event in seen:  # what comes twice says nothing more
                    continue
                seen.add(event)
                record.events.append(row)
                self.kept.changed(subject)
                if bearing.note(self.kept, self.types, record, event) or event.at <= horizon:
                    touched.add(subject)
                elif subject in self.kept.whole.near or event.type in self.types.moving:
                    self.kept.ask_all(subject, event.at)
                elif record.next is None or event.at < record.next * 1000:
                    self.kept.ask(subject, event.at)
        return {name: bearing.bears(self.kept, name) for name in touched}

    # -- Judging

    def _judged(self, asked: dict[str, bool], horizon: int) -> Iterator[Row]:
        """What changed as of ``horizon`` in the verdicts of all that are asked for, or due."""
        kept, whole = self.kept, self.kept.whole
        come = kept.come(horizon)
        asked = {name: asked.get(name, False) or come.get(name, False) for name in (*asked, *come)}
        whole.judged_by = whole.judged_by or self.watch.judged_by
        if whole.judged_by != self.watch.judged_by or (whole.turn is not None and whole.turn <= horizon):
            asked = dict.fromkeys(self._anew(), True)
        over, names = bearing.reached(kept, asked, lambda of: self._history(self._events(of), horizon))
        if names:
            yield from self._told(over, names, horizon)
        if whole.turn is None or whole.turn <= horizon:
            days = in_force_from_to(self.watch.contract, self.versions[-1].zone or "UTC")
            whole.turn = _first(*(at for at in days if at > horizon))
            if whole.turn is not None:
                self._timer(-(-whole.turn // 1000))
        self._done = horizon
        kept.written()

    def _anew(self) -> set[str]:
        """Everybody. Where the contract is another one, its words may say otherwise who bears on others."""
        everybody = self.kept.everybody()
        if self.kept.whole.judged_by != self.watch.judged_by:
            self.kept.whole.judged_by = self.watch.judged_by
            for name in everybody:
                record = self.kept.record(name)
                for row in record.events:
                    bearing.look(self.kept, self.types, record, event_of(name, row))
                self.kept.changed(name)
        return everybody

    def _told(self, over: set[str], names: set[str], horizon: int) -> Iterator[Row]:
        """Judges these, tells what changed, and has them judged again when they change next."""
        kept, near, watch = self.kept, self.kept.whole.near, self.watch
        events = self._events(names | bearing.needed(kept, self.types, names))
        if not watch.in_log_order:
            _order_told(events)
        changing: dict[str, tuple[SubjectHistory, int | None]] = {}

        def each(one: SubjectHistory, change: int | None) -> None:
            changing[one.subject] = one, change

        found = evaluate(
            watch.contract,
            watch.readings,
            events,
            horizon,
            supplied=watch.supplied,
            precision=watch.precision,
            each=each,
            only=names,
        )
        verdicts: dict[str, list[Verdict]] = {}
        for verdict in found.verdicts:
            verdicts.setdefault(verdict.subject, []).append(verdict)
        history = None
        if over or len(changing) < len(names):
            history = self._history(events, horizon)
        for name in sorted(names):
            record = kept.record(name)
            rows, told = changed(verdicts.get(name, ()), found.readings, horizon, record.told)
            if told != record.told:
                record.told = told
                kept.changed(name)
            yield from rows
            one, change = changing.get(name, (history.subjects.get(name) if history else None, None))
            later = [entry for entry in one.entries if entry.at > horizon] if one is not None else []
            kept.ask(name, _first(change, *(entry.at for entry in later)))
            on_others = _first(*(entry.at for entry in later if name in near or entry.type in self.types.moving))
            if on_others is not None:
                kept.ask_all(name, on_others)
        for name in sorted(over & near.keys()):
            assert history is not None
            self._lives_on(name, history, horizon)

    def _lives_on(self, name: str, history: History, horizon: int) -> None:
        """Has an agreement judged, and all that stand under it, when time alone changes anything of its life."""
        life = agreements_of(self.versions, history, horizon, name).get(name)
        turn = _first(*turns_after(life, horizon)) if life is not None else None
        if turn is not None:
            self.kept.ask_all(name, turn)

    def _history(self, events: Iterable[Event], horizon: int) -> History:
        return settle(self.watch.contract, self.terms, events, horizon)

    def _events(self, names: Iterable[str]) -> list[Event]:
        """The events of these subjects, in the order of the log where it is told."""
        rows = [(name, row) for name in sorted(names) for row in self.kept.record(name).events]
        return [event_of(name, row) for name, row in sorted(rows, key=lambda one: one[1][PLACE] or 0)]


def _first(*instants: int | None) -> int | None:
    return min((at for at in instants if at is not None), default=None)


def _order_told(events: Sequence[Event]) -> None:
    """Raises ``NeedsPosition`` where the order of the log matters and is not told."""
    changes = any(event.type in CHANGES for event in events)
    if changes or len({event.id for event in events}) < len(events):
        needs_none(table_of(events))


@lru_cache(maxsize=4)
def _known(watch: Watch) -> tuple[str, list[tuple[str, tuple[Any, ...]]]]:
    """The log of agreements as it is kept, and a digest of it."""
    rows = []
    for event in watch.known:
        own = {name: getattr(event, name) for name in KEPT.names if name not in ("place", "columns", "facts")}
        own["facts"] = written(event.facts) if event.facts else None
        rows.append((event.subject, tuple(own.get(name) for name in KEPT.names)))
    return blake2b(json.dumps(rows).encode(), digest_size=12).hexdigest(), rows
