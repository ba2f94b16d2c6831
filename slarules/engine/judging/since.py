"""What is known only now to have been set off earlier: by an election, or by what was performed (R8, R9, R22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.engine.expression import Truth3
from slarules.engine.history import Entry
from slarules.engine.judging.answers import answer, undo
from slarules.engine.judging.beginning import numbered, undetermined
from slarules.engine.judging.case import Case
from slarules.engine.judging.choices import answer_choice, elected, in_doubt, may_elect, option_of
from slarules.engine.judging.endings import ended_meanwhile
from slarules.engine.judging.instance import Election, Instance, Row, Snapshot, keeps_terms_of, newest
from slarules.engine.judging.pauses import pauses_since
from slarules.engine.judging.severity import severity_at
from slarules.engine.judging.stands import opening
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.value import Unknown


def follow_late(case: Case) -> None:
    """What follows from acts of before that are known only now to have performed their duties: from then on."""
    while case.late:
        planned, instance, since = case.late.pop(0)
        known = _all(case)
        if isinstance(planned, ChoicePlan):
            _offered(case, planned, since, instance)
        else:
            _runs(case, planned, since, instance.performed_by, instance.surely_then)
        _under_terms_of(case, known, keeps_terms_of(instance))


def elected_before(case: Case, answered: Sequence[tuple[Election, int]]) -> None:
    """An election while nobody knew that its choice was open counts, if nothing had ended that until then."""
    for election, last in answered:
        resolved = pauses_since(case, None, 0)
        certain: Truth3 = True
        for entry in case.taken if election.state in ("open", "ended") else ():
            option, perhaps = option_of(election.plan.choice, entry), may_elect(election.plan.choice, entry)
            if not (option or perhaps) or entry.at >= case.now or entry.at > last:
                continue
            if not _after(case, entry, election):
                continue
            if any(since < entry.at and (again is None or entry.at < again) for since, again, _ in resolved):
                continue  # on the resolved ticket
            if option is None or election.state == "undetermined":
                option = in_doubt(election, entry)
                certain = Unknown(election.missing)
            else:
                elected(election, option, entry)
                election.closer = None
            known = _all(case)
            for duty in (duty for name, duties in election.plan.choice.options if name == option for duty in duties):
                _runs(case, case.plan.duties[duty], entry.at, election.trigger, certain)
            _under_terms_of(case, known, keeps_terms_of(election))
            if certain is True or election.settled:
                break


def _after(case: Case, entry: Entry, election: Election) -> bool:
    """Whether an event comes after what opened a choice, also at one instant (R12): what a duty sets off comes after
    the events of its instant, and a state that begins before them (R1)."""
    entries, standing = case.history.entries, not election.plan.choice.triggers
    if entry.at != election.triggered_at or election.root is not None:
        return entry.at > election.triggered_at
    first = opening(case.history) if standing else election.trigger
    if first is None or first.at < entry.at:
        return True
    return first in entries and entries.index(entry) > entries.index(first)


def _runs(case: Case, plan: DutyPlan, since: int, trigger: Entry | None, certain: Truth3 = True) -> None:
    """A duty that was set off earlier, as one that is answered now; if it was, where that is not certain."""
    instance = undetermined(case, plan, since, None, trigger, Unknown(frozenset()))
    instance.triggered_at, snapshot = since, _then(case, since)
    snapshot.certain = certain
    instance.snapshot, now = snapshot, case.now
    for resolution, reopened in list(_reopened_since(case, since)):
        case.now = resolution.at + 1  # with all that happened at its instant
        _end_meanwhile(case, instance, resolution)
        case.now = reopened
        undo(case, instance, resolution)
    case.now = now
    _end_meanwhile(case, instance, case.resolution)
    answer(case, instance, snapshot)


def _end_meanwhile(case: Case, instance: Instance, resolution: Entry | None) -> None:
    """What had ended its newest instance by now, if nothing had before; a resolution, too, ends what it is to end."""
    one = newest(instance)
    assert one.snapshot is not None
    if one.snapshot.ended is not None:
        return
    ended = ended_meanwhile(case, one, one.triggered_at, resolution)
    if ended is not None:
        closer = resolution if ended[1] == "resolved" and not ended[2] else None
        one.snapshot.ended, one.snapshot.end_wants = (*ended[:2], closer), ended[2]


def _reopened_since(case: Case, since: int) -> Iterator[tuple[Entry, int]]:
    """The resolutions since an instant that were undone, and when (R7)."""
    resolution: Entry | None = None
    for entry in case.taken:
        if entry in case.undone and entry.at >= since:
            resolution = entry
        elif entry.type == "reopened" and resolution is not None:
            yield resolution, entry.at
            resolution = None


def _offered(case: Case, plan: ChoicePlan, since: int, instance: Instance) -> None:
    """A choice that was opened earlier, likewise."""
    election = Election(plan, numbered(case, plan.name), since, None, instance.performed_by, "undetermined")
    election.root = keeps_terms_of(instance)
    election.snapshot = _then(case, since)
    election.snapshot.certain = instance.surely_then
    case.offer(election)
    ended, resolution = ended_meanwhile(case, election, since), case.resolution
    if ended is not None:
        election.at = ended[0]
    elif resolution is not None and resolution.at >= since:
        election.at, election.closer = resolution.at, resolution
    last = case.now if election.at is None else election.at
    answer_choice(case, election)
    elected_before(case, [(election, last)])


def _then(case: Case, at: int) -> Snapshot:
    """What was known of the subject at an instant that has passed, and the first that was told since of all else."""
    told = {name: [value for when, value in values if when <= at] for name, values in case.told.items()}
    known = {name: values[-1] for name, values in told.items() if values}
    answers: dict[str, object] = {name: case.told[name][0][1] for name, values in told.items() if not values}
    return Snapshot(at, None, known, severity_at(case, at), answers)


def _all(case: Case) -> list[Instance | Election | Row]:
    return [*case.instances, *case.elections, *case.rows]


def _under_terms_of(case: Case, known: Sequence[Instance | Election | Row], root: int) -> None:
    """What has arisen since stands under these terms (R27)."""
    for one in _all(case):
        if one not in known:
            one.root = root
