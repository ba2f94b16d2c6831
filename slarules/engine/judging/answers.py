"""What could not be known when it was set off, and is answered by a later event (R9)."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.expression import Truth3, conjunction, missing
from slarules.engine.history import Entry
from slarules.engine.judging.acts import counts_from, done_since, qualifies_now
from slarules.engine.judging.beginning import begin, resettle
from slarules.engine.judging.case import Case, Past, Then, remember
from slarules.engine.judging.choices import answer_choice
from slarules.engine.judging.clock import Dated, Endless
from slarules.engine.judging.dates import begin_row, list_changed, next_date, rows_due
from slarules.engine.judging.doubted import began_again
from slarules.engine.judging.endings import ended_meanwhile
from slarules.engine.judging.endings import until as ends_it
from slarules.engine.judging.instance import Election, Instance, Row, Snapshot, is_in_doubt, newest, over_since
from slarules.engine.judging.owed import past_act, past_periods
from slarules.engine.judging.pauses import over_before, pauses_since, stood
from slarules.engine.judging.severity import known_then, recorded_between, terms_between
from slarules.model.limit import EachDay, OnEach
from slarules.model.value import Unknown, Value


def answers(case: Case, recorded: set[str]) -> list[tuple[Election, int]]:
    """What was recorded now, for everything that was undetermined when it was set off; gives the choices that it
    answers, and until when they could have been elected."""
    answered: list[tuple[Election, int]] = []
    for instance in list(case.live):
        if instance.phase == "undetermined" and not is_in_doubt(instance) and instance.snapshot is not None:
            remember(case, instance.snapshot, recorded)
            if instance.missing & recorded:
                answer(case, instance, instance.snapshot)
    for election in list(case.choosing):
        if election.state == "undetermined" and election.snapshot is not None:
            remember(case, election.snapshot, recorded)
            if election.missing & recorded:
                answered.append((election, case.now if election.at is None else election.at))
                answer_choice(case, election)
    return answered


def answer(case: Case, instance: Instance, snapshot: Snapshot) -> None:
    """The first answering event makes the duty run from its own start, not before now, or never arise."""
    plan = instance.plan
    past = Past(case, snapshot)
    guard = conjunction(
        (plan.only_if, plan.whiles, lambda s: _scope_answer(case, past), lambda s: snapshot.certain)
    )(past)
    if guard is False:
        _withdraw(case, instance)
        return
    if isinstance(guard, Unknown):
        instance.missing = guard.missing
        return
    if plan.each_day:
        _answer_dates(case, instance, snapshot)
        return
    remember(case, snapshot, plan.by_facts)
    row = instance.row or Row(plan, instance.cause, instance.trigger) if plan.rolling else None
    instance.pauses = pauses_since(case, plan, instance.start)
    instance.stopped = bool(instance.pauses) and instance.pauses[-1][1] is None
    again = instance.triggered_at != snapshot.now  # a reopening began it again, by what its limit rested on then
    scene = Then(case, instance.start, instance.trigger, onwards=True) if again else past
    begin(case, plan, instance.start, instance.cause, instance.trigger, row, scene=scene, into=instance)
    if instance.phase == "ended":  # its table promises nothing: it never arose
        _withdraw(case, instance)
        return
    if instance.phase == "pending":
        instance.severity = scene.severity_now()
        _terms_since(case, instance, snapshot)
        instance.floor = case.now
        over_before(instance)
        resettle(case, instance)
        case.note(
            instance,
            f"answered ({', '.join(sorted(snapshot.answers))}): runs from its own start (R9), not before now",
        )
        instance = _served(case, instance, snapshot)
        if instance.performed_by in [resolution for resolution, _ in instance.again]:
            began_again(case, instance, instance.performed_by)
    if snapshot.ended is not None and (instance.phase == "pending" or is_in_doubt(instance)):
        over_since(instance, snapshot.ended, snapshot.end_wants)
        if instance.uncertain:
            instance.again += _reopened_since(snapshot)
    if snapshot.again is not None and instance.phase != "undetermined":
        _again(case, snapshot.again, instance.missing)


def _reopened_since(snapshot: Snapshot) -> list[tuple[Entry, int]]:
    """The resolutions that ended it, and when reopenings began it again, should it not have been performed before."""
    found: list[tuple[Entry, int]] = []
    again = snapshot.again
    while again is not None and snapshot.ended is not None and snapshot.ended[2] is not None:
        found.append((snapshot.ended[2], again.start))
        assert again.snapshot is not None
        snapshot, again = again.snapshot, again.snapshot.again
    return found


def _terms_since(case: Case, instance: Instance, snapshot: Snapshot) -> None:
    """What the severity, and the facts of its limit, did since the trigger, up to the act that performed it or what
    ended it (R6). A row's periods see to that themselves."""
    if instance.row is not None:
        return
    until = snapshot.ended[0] if snapshot.ended else case.now
    acts = done_since(case, instance, counts_from(instance), until)
    first = next((act.at for act in acts if act not in snapshot.undone), None)
    terms_between(case, instance, instance.triggered_at, until if first is None else first)


def _served(case: Case, instance: Instance, snapshot: Snapshot) -> Instance:
    """What was done meanwhile, before it ended if it did; gives the last of its periods where it recurs (R4)."""
    until = snapshot.ended[0] if snapshot.ended is not None else None
    if instance.row is not None:
        return past_periods(case, instance, until, snapshot.undone, instance.triggered_at)
    past_act(case, instance, counts_from(instance), until, undone=snapshot.undone)
    return instance


def _withdraw(case: Case, instance: Instance) -> None:
    """It never arose: later instances of the duty take its number (R11: numbers are display only)."""
    instance.performed_at = instance.performed_by = None
    case.instances.remove(instance)
    case.live.remove(instance)
    case.counts[instance.plan.name] -= 1
    for later in case.instances:
        if later.plan is instance.plan and later.number > instance.number:
            later.number -= 1


def _answer_dates(case: Case, instance: Instance, snapshot: Snapshot) -> None:
    """A duty that is owed date by date: its dates from its own start on, none of them due before now."""
    plan, limit = instance.plan, instance.plan.duty.limit
    remember(case, snapshot, plan.by_facts)
    dates = Past(case, snapshot).fact(limit.fact) if isinstance(limit, OnEach) else ()
    if isinstance(dates, Unknown):
        instance.missing = dates.missing
        return
    pauses = pauses_since(case, plan, instance.start)
    _withdraw(case, instance)
    known = len(case.instances)
    row = Row(plan, instance.cause, instance.trigger, floor=case.now)
    if isinstance(limit, OnEach):
        _by_lists(case, row, limit, dates, snapshot)
    else:
        begin_row(case, row, instance.start)
        rows_due(case)
    gaps = _gaps(case, row, snapshot.undone)
    until = case.now if snapshot.ended is None else snapshot.ended[0]
    for dated in case.instances[known:]:
        if dated.row is not row or not isinstance(dated.clock, Dated) or dated.clock.at is None:
            continue
        dated.uncertain = []
        closed = dated.clock.at
        decides: int | None = closed  # which must be still to come at a reopening
        if isinstance(limit, EachDay) and plan.duty.reopening == "restart":
            decides = case.calendars[limit.calendar].next_open(dated.start)
        gap = next((gap for gap in gaps if gap[0] <= closed and (decides or closed) < gap[1]), None)
        last = closed if gap is None else gap[0]
        if gap is not None and dated.start <= gap[0] and isinstance(limit, OnEach) and plan.duty.reopening == "resume":
            last, gap = gap[1], None  # a listed date that the resolution ended is owed again (R7)
        if gap is None and not (isinstance(limit, EachDay) and plan.duty.reopening == "resume"):
            within = [again for since, again in gaps if since < dated.start <= again]
            dated.triggered_at = max(within, default=dated.triggered_at)
        if gap is not None and dated.start > gap[0]:
            _withdraw(case, dated)
            continue
        past_act(case, dated, dated.start, min(until, last), undone=snapshot.undone)
        if gap is not None and gap[0] < until and dated.phase == "pending":
            over_since(dated, (gap[0], "resolved", None), frozenset())
        case.note(dated, "answered: its dates run from its own start (R9), none is due before now")
        if dated.phase == "pending" and closed < until and isinstance(limit, EachDay) and stood(pauses, closed):
            dated.phase, dated.owed, dated.ceased_at, dated.ended_by = "ended", False, closed, "pause"  # R4
    if snapshot.ended is not None:
        _ended_dates(case, row, case.instances[known:], snapshot.ended, snapshot.end_wants)


def _gaps(case: Case, row: Row, undone: Sequence[Entry]) -> list[tuple[int, int]]:
    """From when to when a resolution that was reopened had ended the duty: dates that were over in between were not
    owed (R4, R7)."""
    found: list[tuple[int, int]] = []
    for resolution in undone:
        if ends_it(row.plan, [resolution]):
            after = case.taken[case.taken.index(resolution) + 1 :]
            found.append((resolution.at, next(entry.at for entry in after if entry.type == "reopened")))
    return found


def _by_lists(case: Case, row: Row, limit: OnEach, dates: Value, snapshot: Snapshot) -> None:
    """A row of listed dates begins in the past; a list that was recorded anew counted from then on (R2, R6, R9)."""
    start, now, facts, known = snapshot.now, case.now, case.facts, len(case.instances)
    until = now - 1 if snapshot.ended is None else min(now - 1, snapshot.ended[0])
    case.now, case.facts = start, {**facts, limit.fact: dates}
    begin_row(case, row, start)
    case.facts = {**facts, **known_then(case, (limit.fact,), start)}
    for at in sorted(recorded_between(case, limit.fact, start, until)):
        case.now = at - 1
        rows_due(case)
        case.now, case.facts = at, {**facts, **known_then(case, (limit.fact,), at)}
        for dated in [one for one in case.instances[known:] if one.row is row and one.phase == "pending"]:
            if isinstance(dated.clock, Dated) and dated.clock.at is not None:
                past_act(case, dated, dated.start, dated.clock.at, undone=snapshot.undone)
                if dated.clock.at >= at:
                    list_changed(case, dated, limit)
        next_date(case, row, at)
    case.now = now
    rows_due(case)
    case.facts = facts


def _ended_dates(
    case: Case, row: Row, dates: Sequence[Instance], ended: tuple[int, str, Entry | None], wants: frozenset[str]
) -> None:
    """The dates of a duty that had ended before it was known to be owed; those after the end never arose."""
    at = ended[0]
    row.over, row.closer, row.end_wants = not wants, ended[2], wants
    for dated in dates:
        if dated.start > at and not wants:
            _withdraw(case, dated)
        elif dated.phase == "pending" or dated.start > at:
            over_since(dated, ended, wants)


def _scope_answer(case: Case, past: Past) -> Truth3:
    values = [test(past) for scope, test in case.plan.scopes if scope.kind == case.history.kind]
    return True if any(v is True for v in values) else missing(*values) or True


def undo(case: Case, instance: Instance, resolution: Entry) -> None:
    """R7: a reopening of what is not known to be owed: its resolution would have performed or ended it for good."""
    instance = newest(instance)
    snapshot, duty = instance.snapshot, instance.plan.duty
    if snapshot is None or duty.reopening not in ("resume", "restart"):
        return
    ended = snapshot.ended is not None and snapshot.ended[2] is resolution
    if duty.reopening == "resume" or instance.plan.each_day:
        snapshot.undone.append(resolution)
        if ended:
            other = ended_meanwhile(case, instance, resolution.at) if duty.reopening == "resume" else None
            snapshot.ended = None if other is None else (*other[:2], None)
            snapshot.end_wants = frozenset() if other is None else other[2]
        return
    if snapshot.ended is not None and snapshot.ended[0] < resolution.at:
        return  # it had ended before
    if instance.plan.performs.get("resolved") and isinstance(qualifies_now(case, instance, resolution), Unknown):
        instance.again.append((resolution, case.now))
    served = done_since(case, instance, instance.start, resolution.at, now_too=True)
    before = [act for act in served if act is not resolution]
    if (ended or resolution in served) and (instance.plan.rolling or not before):
        snapshot.again = Instance(
            instance.plan, 0, case.now, case.now, instance.cause, instance.trigger, Endless(), case.severity,
            phase="undetermined",
        )  # fmt: skip
        severity = snapshot.severity if case.severity is None else case.severity
        snapshot.again.snapshot = Snapshot(
            snapshot.now, snapshot.entry, snapshot.facts, severity, snapshot.answers, undone=[resolution],
            certain=snapshot.certain,
        )


def _again(case: Case, again: Instance, missing: frozenset[str]) -> None:
    """The instance that a reopening began, now that it is known to be owed (`begin again`)."""
    case.counts[again.plan.name] += 1
    again.number, again.missing = case.counts[again.plan.name], missing
    case.instances.append(again)
    case.arisen += 1
    case.enliven(again)
    assert again.snapshot is not None
    answer(case, again, again.snapshot)
