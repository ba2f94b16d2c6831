"""Tickets that draw on one allowance (R34) belong together, in whatever ranges of tickets they are judged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from slarules.columnar.disk.budget import TooLittleMemory
from slarules.columnar.disk.incremental import judge_again
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.model.value import HOUR
from tests.columnar.larger import Heard, batches_of, in_ranges, whole
from tests.engine.small import at, contract

RULES = """
event logged of ticket

allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on logged by hours

duty respond
  when ticket opened
  if block is more than 0 hours
  Desk must respond to Client within 4 hours
"""
START = at("2026-03-02 08:00")
AS_OF = START + 90 * HOUR
SIZES = Sizes(run=2_000, rows=1_000, row=1_000, range=4, held=0)


def log(seed: int) -> list[Event]:
    """Tickets under two agreements or none, opened before and after others used the hours up; some draw on them."""
    random = Random(seed)
    events = [Event(f"{a}-0", a, "hours_purchased", START, "Client", {"hours": 3}) for a in ("A1", "T5 Ltd")]
    for n in range(12):
        name, opened = f"T{n}", START + random.randrange(40) * HOUR
        own = [Event(f"{name}-o", name, "opened", opened, "Client")]
        if n % 3 == 0:
            hours = random.choice([1, 2, None])
            facts = {} if hours is None else {"hours": hours}
            own.append(Event(f"{name}-h", name, "logged", opened + random.randrange(20) * HOUR, "Desk", facts))
        if random.random() < 0.5:
            own.append(Event(f"{name}-r", name, "responded", opened + random.randrange(8) * HOUR, "Desk"))
        agreement = random.choice(["A1", "T5 Ltd", None])
        events += [evolve(event, agreement=agreement) for event in own]
    random.shuffle(events)
    if seed % 2:
        drawing = next(event for event in events if event.type == "logged")
        change = Event("x", drawing.subject, "corrected", AS_OF, "Desk", {"hours": 2}, target=drawing.id)
        events.insert(random.randrange(len(events)), change)
    return events


@pytest.mark.parametrize("seed", range(4))
def test_ranges_give_what_one_judging_gives(tmp_path: Path, seed: int) -> None:
    terms, events = contract(RULES), log(seed)
    expected = judge(terms, None, table_of(events), AS_OF)
    assert evaluation_of(expected, terms) == evaluate(terms, None, events, AS_OF)
    assert len({verdict["state"] for verdict in expected.verdicts.to_pylist()}) > 1
    found, summary = in_ranges(terms, batches_of(events, [5, 3]), AS_OF, tmp_path, SIZES)
    assert summary.ranges > 3
    assert found == whole(expected)


def test_a_draw_that_comes_later_judges_all_tickets_of_its_agreement_again(tmp_path: Path) -> None:
    terms, events = contract(RULES), log(0)
    last = max(n for n, event in enumerate(events) if event.type == "logged")
    for piece, as_of in ((events[:last], AS_OF), (events[last:], AS_OF), ([], AS_OF + HOUR)):
        heard = Heard()
        again = judge_again(
            terms, None, batches_of(piece, [7]), as_of, state=tmp_path / "state", memory=1 << 40, sizes=SIZES,
            write=heard.write, subjects=heard.subject, tell=heard.findings.append,
        )  # fmt: skip
        known = events[:last] if piece == events[:last] else events
        assert heard.whole(again.summary) == whole(judge(terms, None, table_of(known), as_of))


def test_more_draws_than_half_a_range_are_refused(tmp_path: Path) -> None:
    events = [Event(f"e{n}", f"T{n}", "logged", START + n * HOUR, "Desk", {"hours": 1}) for n in range(30)]
    with pytest.raises(TooLittleMemory, match="of what draws on their allowances"):
        in_ranges(contract(RULES), batches_of(events, [9]), AS_OF, tmp_path, Sizes(run=1, rows=40, row=1_000, held=0))
