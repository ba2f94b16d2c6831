"""Laws of logs: arrival, doubles, prefixes, corrections taken back, and what stands (R1, R2, R3, R17)."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from slarules.model.event import Event, Raw
from slarules.model.value import HOUR, MINUTE
from tests.laws.histories import CHANGES, LAWS, Log, logs, plain, seen

shifts = st.sampled_from([-HOUR, -MINUTE, MINUTE, 5 * HOUR])


@LAWS
@given(logs, st.data())
def test_the_order_of_arrival_makes_no_difference(log: Log, data: st.DataObject) -> None:
    """R12. Only among corrections does the log's order count (R3)."""
    events, changes = plain(log.events), [e for e in log.events if e.type in CHANGES]
    shuffled = data.draw(st.permutations(events))
    as_of = data.draw(st.sampled_from(log.instants))
    assert seen(log.judged([*shuffled, *changes], as_of)) == seen(log.judged([*events, *changes], as_of))


@LAWS
@given(logs, st.data())
def test_a_double_is_no_event(log: Log, data: st.DataObject) -> None:
    """R32: the same again, anywhere after the first, changes nothing and is told."""
    place = data.draw(st.integers(0, len(log.events) - 1))
    after = data.draw(st.integers(place + 1, len(log.events)))
    double = evolve(log.events[place], facts=dict(log.events[place].facts))
    as_of = data.draw(st.sampled_from(log.instants))
    once = log.judged(log.events, as_of)
    twice = log.judged([*log.events[:after], double, *log.events[after:]], as_of)
    assert seen(twice) == seen(once)
    assert len(twice.findings) == len(once.findings) + 1


@LAWS
@given(logs, st.data())
def test_nobody_looks_back(log: Log, data: st.DataObject) -> None:
    """R2: as of any instant, what happens later makes no difference."""
    events = plain(log.events)
    as_of = data.draw(st.sampled_from(log.instants))
    past = [e for e in events if e.at <= as_of]
    assert seen(log.judged(events, as_of)) == seen(log.judged(past, as_of))


@LAWS
@given(logs, st.data())
def test_a_later_log_tells_the_same_of_a_split(log: Log, data: st.DataObject) -> None:
    """R2: every split of what happened, in order: the rest moves nothing that was true before it."""
    events = sorted(plain(log.events), key=lambda e: e.at)
    split = data.draw(st.integers(1, len(events)))
    rest = events[split:]
    as_of = rest[0].at - 1 if rest else events[-1].at + data.draw(st.sampled_from([0, HOUR, 48 * HOUR]))
    if as_of >= events[split - 1].at:
        assert seen(log.judged(events, as_of)) == seen(log.judged(events[:split], as_of))


@LAWS
@given(logs, shifts, st.data())
def test_a_correction_taken_back_is_none(log: Log, shift: int, data: st.DataObject) -> None:
    """R3: corrected and then retracted; retracted, and the retraction retracted."""
    target = data.draw(st.sampled_from([e for e in log.events if e.type not in CHANGES]))
    wrong: dict[str, Raw] = {"at": target.at + shift, "actor": "Customer", "channel": "telephone"}
    kind, facts = data.draw(st.sampled_from([("corrected", wrong), ("retracted", {})]))
    end = max(e.at for e in log.events) + HOUR
    change = Event("law-1", target.subject, kind, end, None, facts, target.source, target=target.id)
    taken_back = Event("law-2", target.subject, "retracted", end, None, {}, target.source, target="law-1")
    as_of = data.draw(st.sampled_from(log.instants))
    before, after = log.judged(log.events, as_of), log.judged([*log.events, change, taken_back], as_of)
    assert seen(after) == seen(before)
    assert after.findings == before.findings


@LAWS
@given(logs, st.data())
def test_when_it_was_recorded_makes_no_difference(log: Log, data: st.DataObject) -> None:
    """R3: nothing but a flag hangs on `recorded_at`."""
    late = data.draw(st.integers(0, 10**12))
    as_of = data.draw(st.sampled_from(log.instants))
    events = plain(log.events)
    before = log.judged([evolve(e, recorded_at=None) for e in events], as_of)
    after = log.judged([evolve(e, recorded_at=e.at + late) for e in events], as_of)
    assert seen(after) == seen(before)


@LAWS
@given(logs, st.data())
def test_a_breach_stands_at_every_later_instant(log: Log, data: st.DataObject) -> None:
    """R1: what happens later never takes it away, and it never moves."""
    events = plain(log.events)
    first, second = sorted(data.draw(st.lists(st.sampled_from(log.instants), min_size=2, max_size=2)))
    broken = ("breached", "missed")
    stood = [
        v for v in log.judged(events, first).verdicts if v.state in broken and v.rule in ("duty", "target")
    ]
    later = {(v.subject, v.label): v for v in log.judged(events, second).verdicts}
    for verdict in stood:
        now = later[verdict.subject, verdict.label]
        assert (now.state, now.deadline, now.identity) == (verdict.state, verdict.deadline, verdict.identity)


@LAWS
@given(logs, st.data())
def test_nothing_changes_before_the_next_change(log: Log, data: st.DataObject) -> None:
    """R17: up to it every state is as it was, and at it one is not."""

    def states(as_of: int) -> object:
        evaluation = log.judged(past, as_of)
        return [(v.subject, v.label, v.state, v.owed) for v in evaluation.verdicts], evaluation.statuses

    now = data.draw(st.sampled_from(log.instants))
    past = [e for e in plain(log.events) if e.at <= now]
    change = log.judged(past, now).next_change_at
    if change is None:
        assert states(now + data.draw(st.integers(1, 60)) * 24 * HOUR) == states(now)
    else:
        assert change > now
        assert states(change - 1) == states(now)
        assert states(change) != states(now)


@LAWS
@given(logs, st.data())
def test_verdicts_agree_with_themselves(log: Log, data: st.DataObject) -> None:
    """R11, R13: what a verdict tells in several fields it tells once."""
    found = log.judged(log.events, data.draw(st.sampled_from(log.instants))).verdicts
    for v in found:
        if v.rule not in ("duty", "target"):
            continue
        assert (v.late_by is not None) == (v.state in ("breached", "missed") and v.performed_at is not None)
        assert v.late_by is None or (v.late_by >= 0 and v.late_by == v.performed_at - v.deadline)
        assert v.late_by_counted is None or 0 <= v.late_by_counted <= v.late_by
        assert (v.owed is None) == (v.state == "undetermined") == bool(v.missing)
        assert v.owed is not False or v.state not in ("pending", "suspended")
        assert v.deadline is None or v.state not in ("suspended", "ended", "undetermined", "could_not_arise")
        assert v.consumed is None or v.consumed >= 0
    assert len({(v.subject, v.label) for v in found}) == len(found)
