"""One ticket of a stream: its events so far, when it changes next, and what was last told of each of its verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from attrs import frozen
from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor
from pyspark.sql.types import LongType, StringType, StructField, StructType

from slarules.columnar.disk.links import shaping
from slarules.columnar.log.columns import table_of
from slarules.columnar.verdicts.rows import row
from slarules.engine.evaluate import evaluate
from slarules.engine.history import SubjectHistory
from slarules.engine.recorded import instant_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict
from slarules.spark.events import facts_in
from slarules.spark.order import NeedsPosition, needs_none
from slarules.spark.schema import CHANGES
from slarules.spark.sending import opened

KEPT = StructType(
    [
        *(StructField(name, StringType()) for name in ("id", "type", "actor", "source", "agreement", "kind", "target")),
        *(StructField(name, LongType()) for name in ("at", "recorded_at", "sequence", "place")),
        StructField("columns", StringType()),
        StructField("facts", StringType()),
    ]
)
"""An event as it is kept; instants are microseconds UTC, facts JSON text."""
PLACE = KEPT.names.index("place")
TOLD = StructType([StructField("timer", LongType()), StructField("verdicts", StringType())])
"""The timer that is set, in milliseconds, and identity → revision and digest of what was told, as JSON."""
RUNNING = ("consumed", "margin")
"""What changes by itself while time runs; alone, it is no change of a verdict."""
GONE = ""
"""The digest of a verdict that is no more."""
_BY = ""
"""Among what was told, no verdict's identity: beside it stands the digest of what it was judged by."""

Told = dict[str, tuple[int, str]]


class OutOfStream(ValueError):
    """An event of the stream bears on others than its own ticket, which a stream cannot judge."""


@frozen(eq=False)
class Watch:
    """Everything that a worker must know."""

    contract: Contract
    readings: Mapping[str, str]
    supplied: Mapping[str, Supplied]
    precision: int
    in_log_order: bool
    """Whether events tell their place in the log."""
    known: tuple[Event, ...]
    """The events of all agreements."""
    agreements: tuple[str, ...]
    """In the order in which they begin."""
    judged_by: str = ""
    """Digest of the contract, the readings and all else by which is judged."""


class Watcher(StatefulProcessor):
    """What Spark calls for each ticket: ``handleInputRows`` when events come, ``handleExpiredTimer`` when time has."""

    def __init__(self, sent: bytes) -> None:
        self.sent = sent

    def init(self, handle: Any) -> None:
        """Names the state that is kept of each ticket."""
        self.handle = handle
        self.events = handle.getListState("events", KEPT)
        self.told = handle.getValueState("told", TOLD)

    def handleInputRows(self, key: Any, rows: Any, timerValues: Any) -> Iterator[Row]:
        """Keeps the new events, and judges the ticket."""
        held = [tuple(one) for one in self.events.get()]
        new = list(dict.fromkeys(tuple(one[name] for name in KEPT.names) for one in rows))
        seen = set(held)
        new = [one for one in new if one not in seen]
        for one in new if opened(self.sent).in_log_order else ():
            placed(one)
        self.events.appendList(new)
        return self._judged(key[0], [*held, *new], timerValues)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Row]:
        """Judges the ticket again."""
        return self._judged(key[0], list(self.events.get()), timerValues, expired=expiredTimerInfo.getExpiryTimeInMs())

    def close(self) -> None:
        """Nothing is held beside the state."""

    def _judged(self, subject: str, kept: Sequence[Any], times: Any, expired: int | None = None) -> Iterator[Row]:
        watch: Watch = opened(self.sent)
        horizon = times.getCurrentWatermarkInMs() * 1000
        before = self.told.get()
        told = told_of(before[1]) if before else {}
        if told.pop(_BY, (0, watch.judged_by))[1] != watch.judged_by:
            raise OutOfStream(
                f"`{subject}` was judged by another policy, readings, lists, or release of slarules, zones or holidays"
                ": where tickets are judged apart, not all of them would learn of it; begin a new checkpoint"
            )
        events = own_events(subject, kept)
        changes, told, due = judged(watch, subject, events, horizon, told)
        timer = None if due is None else -(-due // 1000)
        held = before[0] if before else None
        if held != timer:
            if held is not None and held != expired:  # Spark itself removes the one that has come
                self.handle.deleteTimer(held)
            if timer is not None:
                self.handle.registerTimer(timer)
        self.told.update((timer, json.dumps({**told, _BY: (0, watch.judged_by)}, ensure_ascii=False)))
        yield from changes


def told_of(text: str) -> Told:
    """What was told, as it is kept."""
    return {identity: (revision, digest) for identity, (revision, digest) in json.loads(text).items()}


def own_events(subject: str, kept: Iterable[Any]) -> list[Event]:
    """A ticket's events, in the order of the log where it is told."""
    return [event_of(subject, one) for one in sorted(kept, key=lambda one: one[PLACE] or 0)]


def placed(kept: Sequence[Any]) -> None:
    """Raises ``NeedsPosition`` for an event without the place in the log that each should have."""
    if kept[PLACE] is None:
        raise NeedsPosition(f"the event `{kept[0]}` has no place in the log, and each event must have one")


def event_of(subject: str, kept: Sequence[Any]) -> Event:
    """An event as it was kept."""
    one = dict(zip(KEPT.names, kept, strict=True))
    return Event(
        one["id"],
        subject,
        one["type"],
        one["at"],
        one["actor"],
        {**facts_in(one["columns"]), **facts_in(one["facts"])},
        one["source"] or "desk",
        one["sequence"],
        one["recorded_at"],
        one["agreement"],
        one["kind"],
        one["target"],
    )


def judged(
    watch: Watch, subject: str, own: Sequence[Event], horizon: int, told: Told
) -> tuple[list[Row], Told, int | None]:
    """What changed as of ``horizon``, all that is told by then, and the instant at which the ticket changes next."""
    if subject in watch.agreements:
        _all_known(watch, subject, own)
        return [], told, None
    _refuse(watch, subject, own, horizon)
    needed = _needed(watch, own)
    later = min((at for event in (*own, *needed) for at in _instants(event) if at > horizon), default=None)
    if all(at > horizon for event in own for at in _instants(event)):
        return [], told, later
    changing: dict[str, int | None] = {}

    def each(one: SubjectHistory, change: int | None) -> None:
        changing[one.subject] = change

    found = evaluate(
        watch.contract,
        watch.readings,
        [*needed, *own],
        horizon,
        supplied=watch.supplied,
        precision=watch.precision,
        each=each,
    )
    verdicts = [verdict for verdict in found.verdicts if verdict.subject == subject]
    changes, told = changed(verdicts, found.readings, horizon, told)
    return changes, told, min((at for at in (later, changing.get(subject)) if at is not None), default=None)


def _instants(event: Event) -> Iterator[int]:
    """When an event happened; a correction may say when another did (R3)."""
    yield event.at
    at = instant_of(event.facts.get("at")) if event.type == "corrected" else None
    if at is not None:
        yield at


def changed(
    verdicts: Sequence[Verdict], readings: Mapping[str, str], horizon: int, told: Told
) -> tuple[list[Row], Told]:
    """What is to be told of a subject's verdicts, and all that is told by then."""
    rows: list[Row] = []
    now: Told = {}
    for verdict in verdicts:
        identity = _identity(verdict, now)
        data = row(verdict, readings)
        digest = _digest(data)
        revision, before = told.get(identity, (0, GONE))
        now[identity] = (revision + (digest != before), digest)
        if digest != before:
            rows.append(_told(identity, revision + 1, horizon, data))
    for identity, (revision, before) in told.items():
        if identity not in now:
            now[identity] = (revision + (before != GONE), GONE)
            if before != GONE:
                same = dict(zip(("subject", "rule", "duty"), json.loads(identity), strict=False))
                rows.append(_told(identity, revision + 1, horizon, same, gone=True))
    return rows, now


def _told(identity: str, revision: int, horizon: int, data: Mapping[str, Any], gone: bool = False) -> Row:
    own = {"identity": identity, "revision": revision, "as_of": horizon, "gone": gone}
    return Row(**{**dict.fromkeys(CHANGES.names), **data, **own})


def _identity(verdict: Verdict, taken: Mapping[str, Any]) -> str:
    """R11 as text: subject, rule, duty, cause, start; a count where several of one instant share it."""
    parts: list[Any] = list(verdict.identity)
    identity = json.dumps(parts, ensure_ascii=False)
    again = 1
    while identity in taken:
        again += 1
        identity = json.dumps([*parts, again], ensure_ascii=False)
    return identity


def _digest(data: Mapping[str, Any]) -> str:
    running = RUNNING if data["owed"] is not False else ()
    same = {name: value for name, value in data.items() if name not in running}
    return blake2b(json.dumps(same, ensure_ascii=False).encode(), digest_size=12).hexdigest()


def _needed(watch: Watch, own: Sequence[Event]) -> list[Event]:
    """Agreements that the events name, and the first two to begin: one alone would be every ticket's (R2)."""
    named = {*watch.agreements[:2], *(event.agreement for event in own)}
    return [event for event in watch.known if event.subject in named or event.subject not in watch.agreements]


# ---- What a stream cannot judge ---------------------------------------------------------------------------------


def _all_known(watch: Watch, subject: str, own: Sequence[Event]) -> None:
    known = {(event.source, event.id) for event in watch.known}
    for event in own:
        if (event.source, event.id) not in known:
            raise OutOfStream(
                f"the event `{event.id}` is of the agreement `{subject}`, and agreements are read when the query is "
                "made: add it to the log of agreements, and start the query again from its checkpoint"
            )


def _refuse(watch: Watch, subject: str, own: Sequence[Event], horizon: int) -> None:
    """Raises ``OutOfStream`` and ``NeedsPosition`` for what would make a wrong verdict."""
    bearing = _bearing(watch.contract)
    for event in own:
        made = event.facts.get("type") if event.type == "corrected" else None
        if event.type in bearing or made in bearing or event.kind == "agreement":
            raise OutOfStream(
                f"the event `{event.id}` of `{subject}` bears on an agreement, and agreements are read when the query "
                "is made: add it to the log of agreements, and start the query again from its checkpoint"
            )
    changes = [event for event in own if event.type in ("corrected", "retracted")]
    ids = {event.id for event in own}
    for event in changes:
        if "subject" in event.facts or (event.target not in ids and event.at <= horizon):
            raise OutOfStream(
                f"the event `{event.id}` of `{subject}` changes what no event of `{subject}` has told: a stream judges "
                "each ticket by its own events; judge the whole log instead"
            )
    if watch.in_log_order:
        return
    if changes or len(ids) < len(own):
        needs_none(table_of(own))


@lru_cache(maxsize=4)
def _bearing(contract: Contract) -> frozenset[str]:
    return frozenset(shaping(contract).types.to_pylist())
