"""An independent judge of the duty cases: it lives through the ticket, one step of time after another.

It knows nothing of the engine and shares no idea with it. There is one world, one `now`, and a list of
duties with a counter each; every step (a minute, or less where a case needs seconds) adds one step to
the counters whose calendar is open at that minute by the wall clock and which do not stand still. At the
instants at which anything may happen, `instant` goes through R1's list. The future (a deadline, the next
change) is found by living on with no event.

Where the text leaves a genuine doubt, the stepper decides, and notes the doubt's name when a history
gets there: see `stepping.doubts`.

Shapes that the cases' schema leaves open, as they are read here: `corrected.set` holds `at`, `actor`,
`type` or `facts` (merged; any other name is a fact); `presumed` is {fact: value}; `severity_changed_by`
a party or a list of parties; `happened` an event type or a list of them; an elected option stands in
`facts.option`; `minus` takes the later calendars out of the first; an unknown actor is an absent one;
`after` in a target is the event, or the duty whose performance, it runs from; `versions` are amendments,
each `{"from": date, "duties": […]}` with the duties that it puts in the place of others. Beyond the schema:
`performed_by.if` is a condition on the act, then on the ticket; a target `by_fact` has a table by `yes` and `no`,
with `by_level` by `1/yes`; a target `next_close` ends as its calendar closes, `next_opening` of a duty where it
opens; a trigger may be `{"outcome": met or performed, "of": duty}`, `{"remain": seconds, "of": duty}` or
`{"used": percent, "of": duty}`; triggers and conditions may be `during` or `outside` a calendar; `until_by` is the
party by which it ends.
"""

from __future__ import annotations

from typing import Any

from .stepping.beginning import in_force, new_world
from .stepping.log import known_events, of_nothing
from .stepping.verdicts import describe_rest, numbered, show, show_whole
from .stepping.walking import live_until, look_ahead
from .stepping.world import clocks_of, doubt
from .wall import seconds, written

Json = dict[str, Any]


def judge(
    case_contract: Json,
    events: list[Json],
    as_of: str,
    log_upto: int | None = None,
    *,
    doubts: set[str] | None = None,
    whole: bool = False,
) -> Json:
    """What the rules say of these events at this instant, in the shape of a case's `expect`, without `flags`.

    `whole`: with what a verdict says and the cases' schema has no word for. `doubts`, if given, receives the names
    (see above) of the open questions that this history ran into.
    """
    until = seconds(as_of)
    known = [event for event in known_events(events, log_upto) if event["when"] <= until]
    world = new_world(in_force(case_contract, known), known, until, set() if doubts is None else doubts)
    world.impossible += of_nothing(events, log_upto)
    live_until(world, until)
    result: Json = {"duties": {}}
    told = show_whole if whole else show
    shown = [(name, one, told(world, one)) for name, one in numbered(world)]
    names = {id(one): name for name, one, _ in shown}
    describe_rest(world, result)
    waiting = {one: [clock for clock in clocks_of(one) if clock.kind == "awaiting"] for _, one, _ in shown}
    changes, first = look_ahead(world)
    for name, instance, entry in shown:
        if instance.cause is not None and instance.follows:
            entry["cause"] = names[id(instance.cause)]
        if instance in changes and waiting[instance]:
            doubt(world, "milestone-by-time")
        entry["next_change_at"] = written(changes.get(instance))
        result["duties"][name] = entry
    result["next_change_at"] = written(first)
    return result
