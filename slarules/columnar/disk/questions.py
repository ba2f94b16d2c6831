"""What a log is judged by, how much of it at once, and one range of its tickets judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.begun import Begun, begin
from slarules.columnar.disk import budget
from slarules.columnar.disk.gathering import within
from slarules.columnar.disk.laying import Laid
from slarules.columnar.disk.parts import COMING, Part
from slarules.columnar.disk.ranges import Shared, Sizes, events_of_names
from slarules.columnar.judging import Judged, judge
from slarules.columnar.log.coding import Coded
from slarules.columnar.log.columns import events_of
from slarules.columnar.placing import PLACE, placed
from slarules.engine.evaluate import evaluate
from slarules.engine.recorded import instant_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation

_OPEN = pa.array(["pending", "suspended", "open"])
SAMPLE = 400
"""Events judged to see which engine a log needs."""
MOST_RUN = 1 << 29
"""Bytes of one run at the most: what Arrow can hold in one piece, with room to grow."""
_OF_A_RUN = 0.15
"""The share of the room that a run takes: sorting it takes as much again, and the next one is read meanwhile."""
_READ = 3
"""So many times the events of a range are there while they are read, beside those of the range that is judged."""
_OF_A_RANGE = 0.75
"""The share that judging a range takes: what writes the verdicts needs some, too."""
_OF_A_LOG = 0.8
"""The share that a log in memory takes."""


@frozen(eq=False)
class Question:
    """What a log is judged by."""

    contract: Contract
    readings: Mapping[str, str] | None
    as_of: int
    supplied: Mapping[str, Supplied] | None
    precision: int = 0


def begun_of(question: Question, table: pa.Table | Coded) -> Begun:
    """Judging a table begun."""
    return begin(
        question.contract,
        question.readings,
        table,
        question.as_of,
        supplied=question.supplied,
        precision=question.precision,
    )


def judged(question: Question, table: pa.Table) -> Judged:
    """What judging a table says."""
    return judge(
        question.contract,
        question.readings,
        table,
        question.as_of,
        supplied=question.supplied,
        precision=question.precision,
    )


def of_agreements(question: Question, shared: Shared) -> Evaluation:
    """What judging says of agreements: of what every range needs, by the reference engine."""
    events = events_of(shared.everywhere.drop_columns([PLACE]))
    supplied, precision = question.supplied, question.precision
    return evaluate(
        question.contract, question.readings, events, question.as_of, supplied=supplied, precision=precision
    )


def sizes_for(question: Question, sample: pa.Table | None, limit: int) -> Sizes:
    """How much there is room for under a limit. Raises ``TooLittleMemory``.

    Some events are judged first, which also loads what judging needs: what that takes is not there for the log.
    """
    together = held = budget.REPLAYED
    if sample is not None and sample.num_rows:
        own = sample.nbytes // sample.num_rows
        found = judged(question, sample.slice(0, SAMPLE))
        subjects = max(1, found.subjects.num_rows)
        tickets = len(pc.unique(sample.column("subject"))) / sample.num_rows  # for each event
        verdict = int(budget.VERDICT * tickets * found.verdicts.num_rows / subjects)
        replayed = found.subjects.column("engine").cast(pa.string()).to_pylist().count("reference")
        replaying = budget.REPLAYED * replayed // subjects
        together = budget.JUDGING + 2 * verdict + (1 + _READ) * own + replaying
        held = budget.HELD + own + replaying
    budget.given_back()
    room = budget.room(limit)
    together, held = int(together / _OF_A_RANGE), int(held / _OF_A_LOG)
    rows = max(1, room // together)
    return Sizes(min(int(room * _OF_A_RUN), MOST_RUN), rows, together, held=max(0, room - budget.STRETCHES) // held)


def judged_part(question: Question, table: pa.Table, low: str, high: str | None) -> Part:
    """The subjects from ``low`` up to, without, ``high``; ``table`` has all events that judging them needs."""
    found = judged(question, table.drop_columns([PLACE]))
    return Part(
        high,
        table.num_rows,
        within(found.verdicts, low, high),
        with_moving(within(found.subjects, low, high), found.verdicts),
        placed(found.findings, table, lambda name: low <= name and (high is None or name < high), question.contract),
        within(coming(table, question.as_of), low, high),
        found.next_change_at,
    )


def judged_names(question: Question, laid: Laid, shared: Shared, names: Sequence[str]) -> Part:
    """These subjects, in order."""
    table = events_of_names(laid.runs, list(laid.columns), shared, names)
    found = judged(question, table.drop_columns([PLACE]))
    own = pa.array(names, pa.string())
    subjects = found.subjects.filter(pc.is_in(found.subjects.column("subject"), value_set=own))
    later = coming(table, question.as_of)
    return Part(
        None,
        table.num_rows,
        found.verdicts.filter(pc.is_in(found.verdicts.column("subject"), value_set=own)),
        with_moving(subjects, found.verdicts),
        placed(found.findings, table, frozenset(names).__contains__, question.contract),
        later.filter(pc.is_in(later.column("subject"), value_set=own)),
        found.next_change_at,
    )


def with_moving(subjects: pa.Table, verdicts: pa.Table) -> pa.Table:
    """The subjects with the column of ``KEPT_SUBJECTS``.

    A verdict moves while its duty is open, while time is counted of what was not done, and where a tie of events can
    fall out otherwise later.
    """
    state = verdicts.column("state").cast(pa.string())
    undone = pc.and_(pc.is_valid(verdicts.column("consumed")), pc.is_null(verdicts.column("performed_at")))
    unended = pc.or_(pc.fill_null(verdicts.column("owed"), True), pc.is_null(verdicts.column("ended_by")))
    moves = pc.or_(pc.is_in(state, value_set=_OPEN), pc.and_(undone, unended))
    names = pa.chunked_array([*verdicts.column("subject").filter(moves).chunks, *_tied(verdicts)], pa.string())
    return subjects.append_column("moving", pc.is_in(subjects.column("subject"), value_set=names.unique()))


def coming(table: pa.Table, as_of: int) -> pa.Table:
    """The subjects of a table that have events after ``as_of``, also where a correction says when: ``COMING``."""
    at = table.column("at").cast(pa.int64())
    later = table.select(["subject"]).append_column("at", at).filter(pc.greater(at, as_of))
    first = later.group_by("subject", use_threads=False).aggregate([("at", "min")])
    found = dict(zip(first.column("subject").to_pylist(), first.column("at_min").to_pylist(), strict=True))
    for subject, moment in _corrected_times(table):
        if moment > as_of:
            found[subject] = min(moment, found.get(subject, moment))
    return pa.table([sorted(found), [found[name] for name in sorted(found)]], schema=COMING)


def _corrected_times(table: pa.Table) -> Iterator[tuple[str, int]]:
    if "facts" not in table.column_names:
        return
    text = table.column("facts")
    odd = pc.and_(pc.equal(table.column("type").cast(pa.string()), "corrected"), pc.match_substring(text, '"at"'))
    some = table.select(["subject", "facts"]).filter(pc.fill_null(odd, False))
    for subject, written in zip(some.column("subject").to_pylist(), some.column("facts").to_pylist(), strict=True):
        moment = instant_of(json.loads(written).get("at"))
        if moment is not None:
            yield subject, moment


def _tied(verdicts: pa.Table) -> Iterator[pa.Array]:
    """The subjects of verdicts that another order of one instant's events would change."""
    for batch in verdicts.select(["subject", "flags"]).to_batches():
        flags = pc.list_flatten(batch.column("flags")).cast(pa.string())
        rows = pc.list_parent_indices(batch.column("flags")).filter(pc.equal(flags, "tie_sensitive"))
        yield batch.column("subject").take(rows)
