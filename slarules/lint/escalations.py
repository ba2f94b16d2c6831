"""Warnings and escalations that come too late, or that lead back to themselves; events that answer themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Terms
from slarules.model.expression import Happened, Pattern
from slarules.model.limit import CountedIn, EachDay, Every, Limit, OnEach, Within
from slarules.model.rules import Choice, Duty, OnEvent, OnOutcome, OnRemaining, Prohibition, Right
from slarules.model.value import Elapsed
from slarules.model.walk import inside

Asking = Duty | Choice | Right | Prohibition


def late(examined: Examined) -> Iterator[Found]:
    """``when 10 minutes remain of respond``, and then half an hour to escalate: the deadline is long past."""
    for terms in examined.versions:
        for duty in terms.duties.values():
            for trigger in duty.triggers:
                guarded = terms.duties.get(trigger.duty) if isinstance(trigger, OnRemaining) else None
                if guarded is None or not isinstance(trigger, OnRemaining):
                    continue
                left, allowed = _left(trigger, guarded.limit), _micros(duty.limit)
                if left is None or allowed is None or _basis(duty.limit) != _basis(guarded.limit) or allowed <= left:
                    continue
                lines = examined.lines_at(duty.citation.rule, "within", "in_less_than")
                yield Found(
                    lines[0].span if lines else examined.name_at(duty.citation.rule),
                    f"`{duty.name}` may come when `{guarded.name}`, which it guards, is breached already",
                    "allow less time than then remains, or begin earlier",
                    related=((examined.name_at(guarded.citation.rule), "the deadline that it guards"),),
                )


def _micros(limit: Limit | None) -> int | None:
    """A plain limit in hours, in microseconds."""
    plain = isinstance(limit, Within) and limit.after is None and isinstance(limit.span, Elapsed)
    return limit.span.micros if plain and isinstance(limit, Within) and isinstance(limit.span, Elapsed) else None


def _basis(limit: Limit | None) -> object:
    """What a limit's hours count; every hour where nothing is said."""
    basis = limit.basis if isinstance(limit, Within) else None
    return None if basis == CountedIn("Always") else basis


def _left(trigger: OnRemaining, limit: Limit | None) -> int | None:
    """How much of the guarded time is left when the trigger comes."""
    if trigger.remaining is not None:
        return trigger.remaining.micros
    whole = _micros(limit)
    return int(whole * (1 - Decimal(trigger.used))) if whole is not None and trigger.used is not None else None


def cycle(examined: Examined) -> Iterator[Found]:
    """Breaches that set each other off in a ring, so that one breach never ends."""
    for terms in examined.versions:
        leads = _set_off(terms)
        told: set[str] = set()
        for name in leads:
            way = _way_back(name, leads) if name not in told else None
            if way is not None:
                told.update(way)
                ring = " → ".join(f"`{one}`" for one in (*way, name))
                yield Found(
                    examined.name_at(terms.duties[name].citation.rule),
                    f"one breach sets off the next without end: {ring}",
                    "let the last of them set off nothing, or end the ring: `while …`, `until …`",
                    related=tuple((examined.name_at(terms.duties[one].citation.rule), "set off by the one before")
                                  for one in way[1:]),
                )


def _set_off(terms: Terms) -> Mapping[str, tuple[str, ...]]:
    """Duty → duties that its breach sets off and nothing else ends."""
    leads: dict[str, list[str]] = {name: [] for name in terms.duties}
    for name, duty in terms.duties.items():
        for trigger in duty.triggers:
            if isinstance(trigger, OnOutcome) and trigger.outcome == "breached" and _goes_on(duty):
                leads.setdefault(trigger.duty, []).append(name)
    return {name: tuple(following) for name, following in leads.items()}


def _goes_on(duty: Duty) -> bool:
    """Whether neither an event nor a condition ends what the breach set off."""
    return not duty.whiles and not duty.until


def _way_back(start: str, leads: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The shortest way from a duty back to itself, without its end."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for following in leads.get(way[-1], ()):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None


def at_once(examined: Examined) -> Iterator[Found]:
    """``when ticket updated``, and then to update: the event that sets it off performs it in that instant (R23)."""
    for terms in examined.versions:
        for duty in terms.duties.values():
            if duty.performance.conditions or isinstance(duty.limit, (Every, EachDay, OnEach)):
                continue  # told apart by what is asked of the act, or owed again and again
            for first, came in _set_off_by(duty, terms):
                if any(act.type == came.type and act.by in (None, came.by) for act in duty.performance.patterns):
                    off = "it off" if first is duty else f"off `{first.name}`, from whose breach it follows"
                    yield Found(
                        examined.name_at(duty.citation.rule),
                        f"`{duty.name}` is performed at once by `{came.type}`, the event that sets {off}",
                        "let another event set it off, or ask something of the act that the trigger does not have: "
                        "`performed when … and …`",
                    )
                    break


def _set_off_by(duty: Duty, terms: Terms) -> Iterator[tuple[Duty, Pattern]]:
    """The events that set a duty off, or the duty from whose breach it follows (R10)."""
    for trigger in duty.triggers:
        if isinstance(trigger, OnEvent):
            yield duty, trigger.pattern
        elif isinstance(trigger, OnOutcome) and trigger.outcome == "breached" and trigger.duty in terms.duties:
            first = terms.duties[trigger.duty]
            yield from ((first, one.pattern) for one in first.triggers if isinstance(one, OnEvent))


def fulfilled(examined: Examined) -> Iterator[Found]:
    """``when audited``, ``unless audited has happened within 12 months``: the audit at hand has happened, too."""
    for terms in examined.versions:
        for rule, patterns, conditions in _asked_of_events(terms):
            for asked in dict.fromkeys(one for one in inside(conditions) if isinstance(one, Happened)):
                own = asked.pattern
                if not patterns or not all(p.type == own.type and own.by in (None, p.by) for p in patterns):
                    continue
                kinds = ("has_happened", "has_happened_this_term", "has_happened_within")
                lines = [one for one in examined.lines_at(rule.citation.rule, *kinds) if one.name.text == own.type]
                yield Found(
                    lines[0].span if lines else examined.name_at(rule.citation.rule),
                    f"this always holds: the `{own.type}` of which `{rule.name}` speaks has happened, too",
                    "let one event announce it and another be it, and ask of the first whether the second has "
                    "happened; or leave the condition out",
                )


def _asked_of_events(terms: Terms) -> Iterator[tuple[Asking, tuple[Pattern, ...], object]]:
    """Each rule, the events at which its conditions are asked, and these conditions."""
    owed: list[Duty | Choice] = [*terms.duties.values(), *terms.choices.values()]
    for one in owed:
        triggers = [trigger.pattern for trigger in one.triggers if isinstance(trigger, OnEvent)]
        if len(triggers) == len(one.triggers):
            yield one, tuple(triggers), one.only_if
    for duty in terms.duties.values():
        yield duty, duty.performance.patterns, duty.performance.conditions
    checked: list[Right | Prohibition] = [*terms.rights.values(), *terms.prohibitions.values()]
    for rule in checked:
        yield rule, rule.patterns, rule.only_if



RULES: tuple[Rule, ...] = (
    Rule("L0601", "late-escalation", Level.WARNING, "a warning whose own time runs beyond the deadline it guards",
         late),
    Rule("L0602", "escalation-cycle", Level.WARNING, "breaches that set each other off in a ring", cycle),
    Rule("L0603", "performed-by-its-trigger", Level.WARNING,
         "a duty that the event which sets it off performs at once", at_once),
    Rule("L0604", "fulfilled-by-its-event", Level.WARNING,
         "a condition that the event at hand always fulfils", fulfilled),
)
