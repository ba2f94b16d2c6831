"""What is known only now to have been set off earlier: by an election, or by what was performed (R8, R9, R22)."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.history import Entry
from slarules.engine.judging.answers import answer
from slarules.engine.judging.beginning import numbered, undetermined
from slarules.engine.judging.case import Case
from slarules.engine.judging.choices import answer_choice, elected, option_of
from slarules.engine.judging.endings import ended_meanwhile
from slarules.engine.judging.instance import Election, Instance, Row, Snapshot, keeps_terms_of
from slarules.engine.judging.pauses import pauses_since, stood
from slarules.engine.judging.severity import severity_at
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.value import Unknown


def follow_late(case: Case) -> None:
    """What follows from acts of before that are known only now to have performed their duties: from then on."""
    while case.late:
        planned, instance, since = case.late.pop(0)
        known = _all(case)
        if isinstance(planned, ChoicePlan):
            _offered(case, planned, since, instance.performed_by)
        else:
            _runs(case, planned, since, instance.performed_by)
        _under_terms_of(case, known, keeps_terms_of(instance))


def elected_before(case: Case, answered: Sequence[tuple[Election, int]]) -> None:
    """An election while nobody knew that its choice was open counts, if nothing had ended that until then."""
    for election, until in answered:
        resolved = pauses_since(case, None, election.triggered_at)
        for entry in case.taken if election.state in ("open", "ended") else ():
            option = option_of(election.plan.choice, entry) if entry.at < case.now else None
            if option is None or entry.at > until or not _after(case, entry, election):
                continue
            if any(since < entry.at for since, _, _ in resolved) and stood(resolved, entry.at):
                continue  # on the resolved ticket
            elected(election, option, entry)
            election.closer = None
            known = _all(case)
            for duty in (duty for name, duties in election.plan.choice.options if name == option for duty in duties):
                _runs(case, case.plan.duties[duty], entry.at, election.trigger)
            _under_terms_of(case, known, keeps_terms_of(election))
            break


def _after(case: Case, entry: Entry, election: Election) -> bool:
    """Whether an event comes after what opened a choice, also at one instant (R12)."""
    trigger, entries = election.trigger, case.history.entries
    if entry.at != election.triggered_at or election.cause is not None or trigger is None:
        return entry.at > election.triggered_at
    return trigger in entries and entries.index(entry) > entries.index(trigger)


def _runs(case: Case, plan: DutyPlan, since: int, trigger: Entry | None) -> None:
    """A duty that was set off earlier, as one that is answered now."""
    instance = undetermined(case, plan, since, None, trigger, Unknown(frozenset()))
    instance.triggered_at, instance.snapshot = since, _then(case, since)
    ended = ended_meanwhile(case, instance, since)
    closer = case.resolution if ended is not None and ended[1] == "resolved" else None
    instance.snapshot.ended = None if ended is None else (*ended, closer)
    answer(case, instance, instance.snapshot)


def _offered(case: Case, plan: ChoicePlan, since: int, trigger: Entry | None) -> None:
    """A choice that was opened earlier, likewise."""
    election = Election(plan, numbered(case, plan.name), since, None, trigger, "undetermined")
    election.snapshot = _then(case, since)
    case.elections.append(election)
    case.arisen += 1
    ended, resolution = ended_meanwhile(case, election, since), case.resolution
    if ended is not None:
        election.at = ended[0]
    elif resolution is not None and resolution.at >= since:
        election.at, election.closer = resolution.at, resolution
    until = case.now if election.at is None else election.at
    answer_choice(case, election)
    elected_before(case, [(election, until)])


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
