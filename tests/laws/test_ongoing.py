"""A subject followed event by event is judged as from its beginning, whatever comes in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slarules.engine import ongoing
from slarules.engine.evaluate import verdicts_on
from slarules.model.value import HOUR, MINUTE
from tests.laws.histories import LAWS, Log, logs

steps = st.sampled_from([None, 0, MINUTE, 5 * HOUR, 48 * HOUR])


@LAWS
@given(logs, st.data())
def test_event_by_event_as_from_the_beginning(log: Log, data: st.DataObject) -> None:
    """R2, R3: each event in the order of the log, which need not be that of the world."""
    subject = data.draw(st.sampled_from(sorted({e.subject for e in log.events})))
    known = data.draw(st.integers(0, min(3, len(log.events))))
    followed = ongoing.follow(log.contract, None, subject, log.events[:known], supplied=log.supplied)
    for place, event in enumerate(log.events[known:], known + 1):
        later = data.draw(steps)
        as_of = event.at if later is None else max(e.at for e in log.events[:place]) + later
        found = ongoing.verdicts_after(followed, event, None if later is None else as_of)
        assert found == verdicts_on(log.contract, None, log.events[:place], as_of, subject, supplied=log.supplied)


@LAWS
@given(logs, st.data())
def test_as_of_one_instant_after_the_other(log: Log, data: st.DataObject) -> None:
    """R2: time alone, also back."""
    subject = data.draw(st.sampled_from(sorted({e.subject for e in log.events})))
    followed = ongoing.follow(log.contract, None, subject, log.events, supplied=log.supplied)
    for as_of in data.draw(st.lists(st.sampled_from(log.instants), min_size=1, max_size=4)):
        found = ongoing.verdicts_at(followed, as_of)
        assert found == verdicts_on(log.contract, None, log.events, as_of, subject, supplied=log.supplied)


@LAWS
@given(logs)
def test_most_events_cost_one_step(log: Log) -> None:
    """An event behind all others goes on with the same case."""
    subject = log.events[0].subject
    if any(e.kind or e.agreement for e in log.events) or len(log.contract.versions) > 1:
        return
    events = sorted((e for e in log.events if e.subject == subject), key=lambda e: e.at)
    followed = ongoing.follow(log.contract, None, subject, events[:1], supplied=log.supplied)
    ongoing.verdicts_at(followed, events[0].at)
    case, last = followed.case, events[0]
    for event in events[1:]:
        plain = event.at > last.at and event.type in followed.words.events and event.target is None
        ongoing.verdicts_after(followed, event)
        if plain and case is not None and case.is_ticket and followed.case is not None:
            assert followed.case is case
        case, last = followed.case, event
