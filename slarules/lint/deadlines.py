"""Deadlines that never come, that move, or that stand the wrong way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Terms
from slarules.model.expression import FactRef
from slarules.model.limit import (
    ByEndOf,
    Column,
    Continuously,
    Counted,
    CountedIn,
    EachDay,
    Every,
    Limit,
    OnEach,
    Within,
)
from slarules.model.rules import Duty, OnEvent
from slarules.model.value import AsRead, Civil, Elapsed
from slarules.model.walk import inside

RESPONSES = frozenset(("acknowledged", "responded"))
RESOLUTION = "resolved"
Length = tuple[str, int, str | None]
"""``elapsed`` microseconds or ``civil`` days, so many, and the calendar in which they count."""


def endless(examined: Examined) -> Iterator[Found]:
    """What recurs, or is to be kept, with no event and no condition that ends it."""
    for terms in examined.versions:
        for duty in terms.duties.values():
            if duty.until or duty.whiles or duty.choice is not None or not _outlasts(duty.kind, terms):
                continue
            recurs = any(isinstance(one, (Every, EachDay)) for one in inside(duty.limit))
            if not recurs and duty.keeps is None and not isinstance(duty.limit, Continuously):
                continue
            what = "recurs" if recurs else "is to be kept up"
            yield Found(
                examined.name_at(duty.citation.rule),
                f"`{duty.name}` {what} without end: no event and no condition ends it",
                "say when it ends: `until EVENT`, or `while CONDITION`",
            )


def _outlasts(kind: str, terms: Terms) -> bool:
    """Whether such a subject may come to its end without ending what is owed of it: an agreement by expiring."""
    return kind != "agreement" or any(
        state.lasts is not None for status in terms.statuses.values() for state in status.states
    )


def moving(examined: Examined) -> Iterator[Found]:
    """A deadline on a recorded date, which moves whenever somebody records another."""
    for terms in examined.versions:
        for duty in terms.duties.values():
            if duty.until or duty.whiles or duty.choice is not None or isinstance(duty.limit, AsRead):
                continue
            for name in _dates(duty.limit, terms):
                fact = terms.facts.get(name)
                own = fact is not None and fact.judged_by in (None, duty.bearer)
                if own and fact is not None and not _comes_with_the_trigger(name, duty, examined):
                    yield _moves(examined, duty, name, fact.judged_by)


def _comes_with_the_trigger(fact: str, duty: Duty, examined: Examined) -> bool:
    """Whether a date is that of the event which sets the duty off: by its name, or in each scenario that has it."""
    triggers = {trigger.pattern.type for trigger in duty.triggers if isinstance(trigger, OnEvent)}
    carriers = examined.recorded_with.get(fact, frozenset())
    return any(fact.startswith(f"{name}_") for name in triggers) or (bool(carriers) and carriers <= triggers)


def _dates(limit: Limit | None, terms: Terms) -> Iterable[str]:
    """The facts from which a limit takes its date."""
    found: dict[str, None] = {}
    for one in inside(limit):
        name = one.date if isinstance(one, ByEndOf) else one.fact if isinstance(one, OnEach) else None
        if name is not None and name in terms.amounts:
            value = inside(terms.amounts[name])
            found |= dict.fromkeys(part.name for part in value if isinstance(part, FactRef))
        elif name is not None:
            found[name] = None
    return found


def _moves(examined: Examined, duty: Duty, fact: str, judge: str | None) -> Found:
    kinds = ("by_end_of", "by_close_of", "on_each", "before", "on_day_before", "window_before")
    lines = examined.lines_at(duty.citation.rule, *kinds)
    who = f"`{judge}`, who owes it, may record" if judge is not None else "anybody may record"
    declared = next((block.name.span for block, _ in examined.rules("fact") if block.name.text == fact), None)
    return Found(
        lines[0].span if len(lines) == 1 else examined.name_at(duty.citation.rule),
        f"this deadline moves with `{fact}`: {who} another date, and nothing is said of that",
        f"say whose word the date is: `judged by …` at the fact; or end the duty then: `until …`; or ask a reading "
        f"what a new `{fact}` does",
        related=((declared, "the date"),) if declared is not None else (),
    )


def late_response(examined: Examined) -> Iterator[Found]:
    """A response that may come as late as the resolution, where one of the two times stands in the rule itself."""
    for terms in examined.versions:
        lengths = [(duty, _lengths(duty.limit, terms)) for duty in terms.duties.values()]
        responses = [one for one in lengths if one[1] and _performed_by(one[0]) & RESPONSES]
        resolutions = [one for one in lengths if one[1] and RESOLUTION in _performed_by(one[0])]
        for response, mine in responses:
            for resolution, its in resolutions:
                both = _is_column(response.limit) and _is_column(resolution.limit)  # compared row by row elsewhere
                if not both and _is_late(mine, its) and _are_parallel(response, resolution):
                    yield Found(
                        examined.name_at(response.citation.rule),
                        f"`{response.name}` may come as late as `{resolution.name}`, so it promises nothing",
                        "let the response be due before the resolution is",
                        related=((examined.name_at(resolution.citation.rule), "due as soon, or sooner"),),
                    )


def _performed_by(duty: Duty) -> frozenset[str]:
    return frozenset(pattern.type for pattern in duty.performance.patterns)


def _are_parallel(one: Duty, other: Duty) -> bool:
    """Whether both begin together, for every ticket for which the first begins."""
    same = one is not other and one.bearer == other.bearer and one.triggers == other.triggers
    return same and all(guard in one.only_if for guard in other.only_if)


def _is_late(mine: Iterable[Length], its: Iterable[Length]) -> bool:
    """Whether some time of the first is no shorter than some time of the second of the same kind."""
    return any(a[0] == b[0] and a[2] == b[2] and a[1] >= b[1] > 0 for a in mine for b in its)


def _is_column(limit: Limit | None) -> bool:
    return isinstance(limit, Within) and isinstance(limit.span, Column)


def _lengths(limit: Limit | None, terms: Terms) -> list[Length]:
    """What a plain limit may come to; nothing for one that a reading decides or that runs from elsewhere."""
    if not isinstance(limit, Within) or limit.after is not None or isinstance(limit.basis, AsRead):
        return []
    basis = limit.basis.calendar if isinstance(limit.basis, CountedIn) else None
    spans: list[object] = [limit.span]
    if isinstance(limit.span, Column):
        table = terms.tables[limit.span.table]
        place = table.columns.index(limit.span.column)
        spans = [outputs[place] for _, outputs in table.rows]
        basis = basis or table.bases[place]
    found: list[Length] = []
    for given in spans:
        span, own = (given.span, given.basis.calendar) if isinstance(given, Counted) else (given, basis)
        if isinstance(span, Elapsed):
            found.append(("elapsed", span.micros, None if own == "Always" else own))
        elif isinstance(span, Civil) and not span.months:
            found.append(("civil", span.days, own))
    return found


RULES: tuple[Rule, ...] = (
    Rule("L0401", "no-closing-horizon", Level.WARNING, "what recurs, or is to be kept up, without end", endless),
    Rule("L0402", "moving-deadline", Level.WARNING,
         "a deadline on a recorded date, with nothing said of who may change it", moving),
    Rule("L0403", "response-after-resolution", Level.WARNING,
         "a response that may come as late as the resolution", late_response),
)
