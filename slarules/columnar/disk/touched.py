"""Which subjects must be judged again when a log has grown and time has passed: all whose verdicts can have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.calendars import zones
from slarules.columnar.disk.gathering import read_subjects
from slarules.columnar.disk.links import Seen, groups_of
from slarules.columnar.disk.questions import Question
from slarules.columnar.disk.ranges import Shared
from slarules.columnar.disk.runs import Run
from slarules.columnar.disk.spill import read_stream
from slarules.columnar.disk.state import State
from slarules.columnar.log.columns import events_of
from slarules.columnar.placing import PLACE
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreements.agreement import Agreement, term_ends
from slarules.engine.evaluate import agreements_of
from slarules.engine.history import History, settle
from slarules.model.contract import Contract


@frozen
class Touched:
    """What is to be judged again."""

    names: tuple[str, ...]
    """In order."""
    why_all: str | None
    """Why all must be judged, in words; None: only the names."""


def touched(
    question: Question, before: State, seen: Seen, fresh: Sequence[Run], share: Shared
) -> Touched:
    """What is to be judged again where the log, of which all this was ``seen``, has grown by ``fresh`` runs."""
    known = before.laid.seen
    if question.as_of < before.as_of:
        return Touched((), "the instant lies before that of the last run")
    if question.precision != before.laid.precision:
        return Touched((), "the log's times are now known to be less exact")
    if _in_force_changes(question, before.as_of):
        return Touched((), "the contract came into force, or went out of it")
    names, _ = read_subjects(fresh, "", None)
    moved = (name for pair in seen.moves - known.moves for name in pair)
    found = _with_their_groups({*names, *moved, *_come(question, before)}, seen, share)
    agreements = _agreements(question, before, found, seen, share)
    if agreements is None:
        return Touched((), "under which agreement tickets stand that name none is another than before")
    found |= agreements
    found.update(_moved(question, before, agreements))
    return Touched(tuple(sorted(found)), None)


def _in_force_changes(question: Question, since: int) -> bool:
    zone = adopt(question.contract, question.readings, question.supplied)[-1].zone or "UTC"
    return any(since < at <= question.as_of for at in in_force_from_to(question.contract, zone))


def in_force_from_to(contract: Contract, zone: str) -> list[int]:
    """The instants at which a contract comes into force, and goes out of it."""
    return [zones.day_start(day, zone) for day in contract.in_force if day is not None]


def _with_their_groups(names: set[str], seen: Seen, share: Shared) -> set[str]:
    """The names, and all that hang together with one of them."""
    if not len(share.links.numbers):
        return set(names)
    everywhere = share.everywhere.column("subject").unique().to_pylist()
    listed = {*names, *everywhere, *(n for own in share.names.values() for n in own)}
    listed |= {n for pair in seen.moves for n in pair}
    groups = groups_of(share.links, listed)
    reached = {groups[name] for name in names if name in groups}
    return names | {name for name, group in groups.items() if group in reached}


def _come(question: Question, before: State) -> Iterator[str]:
    """Subjects of which events that were known before have happened by now."""
    for table in read_stream(before.path("coming")):
        yield from table.column("subject").filter(pc.less_equal(table.column("at"), question.as_of)).to_pylist()


def _moved(question: Question, before: State, agreements: set[str]) -> Iterator[str]:
    """Subjects whose verdicts move by themselves, and those of agreements that changed."""
    changed = pa.array(sorted(agreements), pa.string())
    for table in read_stream(before.path("subjects")):
        again = pc.is_in(table.column("agreement").cast(pa.string()), value_set=changed)
        if question.as_of > before.as_of:
            due = pc.less_equal(table.column("next_change_at").cast(pa.int64()), question.as_of)
            again = pc.or_(again, pc.or_(table.column("moving"), pc.fill_null(due, False)))
        yield from table.column("subject").filter(again).to_pylist()


# ---- Agreements -----------------------------------------------------------------------------------------------------


def _agreements(question: Question, before: State, found: set[str], seen: Seen, share: Shared) -> set[str] | None:
    """Agreements of which anything is another than before; None: which one tickets stand under may be."""
    versions = adopt(question.contract, question.readings, question.supplied)
    old = pc.less(share.everywhere.column(PLACE), before.laid.events)
    was = _told(question, versions, share.everywhere.filter(old), before.as_of)
    now = _told(question, versions, share.everywhere, question.as_of)
    then, since = _of_agreements(was), _of_agreements(now)
    if bool(then) != bool(since) or (then != since and 1 in (len(then), len(since))):
        return None
    changed = {name for name in seen.agreements | then | since if (name in was.subjects) != (name in now.subjects)}
    changed |= then ^ since
    for name, subject in now.subjects.items():
        coming = any(before.as_of < entry.at <= question.as_of for entry in subject.entries)
        if name in found or coming:
            changed |= {name} | ({subject.agreement} if subject.agreement is not None else set())
    for name in found & was.subjects.keys():
        agreement = was.subjects[name].agreement
        changed |= set() if agreement is None else {agreement}
    lives = agreements_of(versions, now, before.as_of)
    return changed | {name for name, life in lives.items() if _lives_on(life, before.as_of, question.as_of)}


def _told(question: Question, versions: Sequence[Adopted], table: pa.Table, as_of: int) -> History:
    return settle(question.contract, [v.terms for v in versions], events_of(table.drop_columns([PLACE])), as_of)


def _of_agreements(told: History) -> set[str]:
    return {name for name, subject in told.subjects.items() if subject.kind == "agreement"}


def _lives_on(life: Agreement, since: int, until: int) -> bool:
    """Whether time alone changes an agreement's life between two instants."""
    return any(at <= until for at in turns_after(life, since))


def turns_after(life: Agreement, since: int) -> list[int]:
    """The instants after another at which anything of an agreement's life, as far as it is known, is another."""
    ends: Iterable[int | None] = (stay.term_to for stays in life.stays.values() for stay in stays)
    instants = [*life.changes_after(since), *term_ends(life), *(at for at in ends if at is not None), *life.turns]
    return [at for at in instants if at > since]
