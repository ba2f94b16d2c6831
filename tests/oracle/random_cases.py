"""Random cases in the schema of the duty cases: a contract, what happened, and the instants at which to
judge.

Every event, target and `as_of` stands on a whole minute, so that a stepper of one minute is exact; times
are drawn so that they often coincide (an act exactly at a deadline, a pause that begins at the closing).
Tickets are short, two to six days, in weeks of which most hold a change of the clocks.

Not generated at all: window ends inside the hour that a zone skips or repeats, duties of the agreement,
lists that are supplied for the dates of a recurring duty, or taken out of another calendar (R30). Only with
`wide=True`: amendments (R27), times that run from a milestone, the sooner or the later of two (R33). Only
with `together=True`: several events at one instant, choices (R22), dates that facts give (R29), supplied
lists (R30), joint triggers and those by one party (R9, R35), duties without a time and the customer's
(R25), consequences of consequences of any kind (R10), terms of a few days that are renewed, run out and are
reinstated (R20), tickets out of scope (R19), corrections and retractions of any record (R3). Only with
`further=True`: acts that perform only if a fact is so, which may be known later (R9, R23), times by a fact, or
by a fact and the severity, that may promise nothing (R6), warnings before the time is up, what follows where
another duty is met or performed, events and conditions in or out of hours, the next close of a calendar, ends
at the next opening, and endings by one party.

Rules on which the text leaves a doubt are met by chance all the same: whoever compares two judges should
ask the stepper for the doubts of a case (`judge(..., doubts=...)`, named in `stepping.doubts`) and set
those cases apart. Only with `doubtful=True` are these generated on purpose:

- waiting or resumed on a resolved ticket; reopened after an end without resolution (R7, R18, R19)
- a recurring duty per date with a pause or with reopening, or on overnight windows (R4, R31)
- a rolling duty with a severity table under `keep` or `restart`, or with a guard on an unknown fact (R4,
  R9)
- an act of unknown actor on a recurring duty (R4, R23)
- `while` and `until` on duties that may be breached and owed, more often; `while` on an unknown severity
  (R9, R19)
- a severity that changes on a resolved ticket (R7)
- resolved and reopened at one instant (R1, R7)
- a retraction of the opening, of a waiting or of a resumption (R18)
- `restart` of a consequence on reopening (R7, R10)
"""

from __future__ import annotations

import random
from typing import Any

from .drawing.agreement import drawn_agreement
from .drawing.calendars import HOUR, ordinal
from .drawing.contract import amended, drawn_contract
from .drawing.draft import Draft
from .drawing.further import furthered, told_further
from .drawing.happenings import changed_records, happened
from .drawing.limits import widened
from .drawing.log import drawn_log
from .drawing.story import as_of, drawn_story
from .drawing.together import joined
from .wall import first_instant, written

Json = dict[str, Any]


def random_case(
    rng: random.Random,
    *,
    doubtful: bool = False,
    wide: bool = False,
    together: bool = False,
    further: bool = False,
) -> Json:
    """A contract, events and three instants at which to judge, without `expect`."""
    draft = Draft(rng, doubtful)
    contract = drawn_contract(draft)
    if wide:
        widened(draft, contract)
    if together:
        joined(draft, contract)
    if further:
        furthered(draft, contract)
    day = first_instant(draft.zone, ordinal(draft.period) + rng.choice([0, 0, 1, 1, 2, 3]))
    opened = day + 60 * rng.choice([0, 180, 510, 540, 545, 600, 720, 960, 1020, 1080, rng.randrange(1440)])
    last = opened + rng.choice([2, 3, 4, 5, 6]) * 24 * HOUR
    if wide and "choices" not in contract and draft.chance(0.35):
        before, opened = opened, amended(draft, contract, opened)
        last += opened - before
    extra = drawn_agreement(draft, contract, opened)
    story = drawn_story(draft, opened, last)
    if "may_call" in str(contract) and extra:
        story[0].setdefault("facts", {})["caller"] = rng.choice(["ann", "ann", "bob"])
    if together:
        story = happened(draft, contract, story, last)
    if further:
        story = told_further(draft, story, last)
    events = drawn_log(draft, extra + story)
    if together:
        changed_records(draft, events)
    asked = sorted({as_of(draft, story, opened, last) for _ in range(3)})
    evaluations: list[Json] = [{"as_of": written(at)} for at in asked]
    if draft.chance(0.2):
        evaluations.append({"as_of": evaluations[-1]["as_of"], "log_upto": rng.randint(1, len(events))})
    return {
        "id": f"X{rng.getrandbits(48):012x}",
        "contract": contract,
        "events": events,
        "evaluations": evaluations,
    }
