"""A policy of plain data as a policy file says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from tests.oracle_of_agreements.policy import EVENTS, FACTS, Calendar, Condition, Limit, Policy, Span, Status, Trigger

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WAYS = {"times": "multiplied by", "over": "divided by"}


def spelled(policy: Policy) -> str:
    """The whole policy file."""
    lines = ["slarules 1", "", 'contract Small "Small"', '  provider Desk "the desk"', '  customer Client "the client"',
             f"  zone {policy.zone}", '  a ticket is called "request"', ""]  # fmt: skip
    lines += [f"event {name} of agreement act {act}" for name, act in EVENTS.items()]
    lines += [f"fact {name} of agreement: {kind}" for name, kind in FACTS.items()]
    if any(calendar.known_until is not None for calendar in policy.calendars):
        lines += ["", "holidays Feasts supplied by Desk"]
    for calendar in policy.calendars:
        lines += ["", *_calendar(calendar)]
    lines += _rules(policy, None, "")
    if policy.amended_on is not None:
        last = date.fromisoformat(policy.amended_on) - timedelta(days=1)
        for version, dates in enumerate((f"2000-01-01 to {last}", policy.amended_on)):
            lines += ["", f'clause "version {version}"', "", f"  in force from {dates}", *_rules(policy, version, "  ")]
    return "\n".join(lines) + "\n"


def _calendar(calendar: Calendar) -> Iterator[str]:
    days = ", ".join(WEEKDAYS[day] for day in calendar.weekdays)
    yield f"calendar {calendar.name}"
    yield f"  open {days} " + " and ".join(f"{start:02}:00 to {end:02}:00" for start, end in calendar.hours)
    if calendar.known_until is not None:
        yield "  closed on Feasts"
    for closed in calendar.closed if calendar.known_until is None else ():
        yield f'  closed on {closed} "closed"'


def _rules(policy: Policy, version: int | None, margin: str) -> list[str]:
    blocks: list[list[str]] = []
    for status in policy.statuses:
        blocks += [list(_status(status))] * (status.version == version)
    for allowance in policy.allowances if version is None else ():
        drawn = f"  decreases on {allowance.draws} by {allowance.drawn}" + _tail(" if ", allowance.draws_if)
        unit = "hours" if allowance.fact == "hours" else "seats"
        blocks.append([f"allowance {allowance.name} of Client in {unit}",
                       f"  increases on {allowance.fills} by {allowance.fact}", drawn,
                       *["  unused carries over"] * allowance.carries_over])  # fmt: skip
    for amount in policy.amounts:
        if amount.version == version:
            head = f"date {amount.name}" if amount.is_date else f"amount {amount.name} in USD"
            rounded = f"  rounded to {amount.rounding[0]} {amount.rounding[1]}" if amount.rounding else ""
            parts = [f"  where {name} is {value_spelled(part)}" for name, part in amount.parts]
            blocks.append([f"{head} is {value_spelled(amount.value)}", *parts, *([rounded] if rounded else [])])
    for duty in policy.duties:
        if duty.version == version and duty.option_of is None:
            lines = [f"duty {duty.name}", *(f"  {_trigger(one)}" for one in duty.triggers)]
            lines += _conditions(duty.only_if, duty.throughout)
            owed = f"{duty.act}{_limit(duty.limit)}" if duty.keeps is None else f"keep {duty.keeps} continuously"
            lines.append(f"  {duty.bearer} must {owed}{_until(duty.until)}")
            if duty.performed_if:
                only_if = _tail(" and ", duty.performed_if)
                lines.append(f"  performed when agreement {duty.done} by {duty.bearer}{only_if}")
            blocks.append(lines)
    for choice in policy.choices:
        if choice.version == version:
            lines = [f"choice {choice.name} of {choice.of}", *(f"  {_trigger(one)}" for one in choice.triggers)]
            lines += _conditions((), choice.throughout)
            for option, name in choice.options:
                duty = next(one for one in policy.duties if one.name == name and one.version in (None, version))
                lines.append(f"  option {option}: {duty.bearer} must {duty.act}{_limit(duty.limit)}")
            if choice.lapses:
                lines.append(f"  within {_much(Span(choice.lapses[0]))} otherwise {choice.lapses[1]}")
            blocks.append(lines)
    for ban in policy.prohibitions:
        if ban.version == version:
            lines = [f"prohibition {ban.name}", *(f"  unless {said(one)}" for one in ban.unless)]
            lines.append(f"  {ban.bearer or 'each party'} must not {ban.act}")
            blocks.append(lines + ["  survives the term"] * ban.survives)
    for role in policy.roles if version is None else ():
        places = [f"  at most {role.most}"] * (role.most is not None)
        replaced = [f"  replaceable by {role.replaceable_by}"] * (role.replaceable_by is not None)
        form = " in writing" * role.in_writing
        blocks.append([f"role {role.name} of Client", *places, f"  designated by {role.designated_by}{form}",
                       *replaced, "  identified by caller"])  # fmt: skip
        blocks.append([f"right of_{role.name}", f"  only {role.name} may {role.act}"])
    for right in policy.rights:
        if right.version == version:
            lines = [f"right {right.name}", *[f"  during {right.during}"] * (right.during is not None)]
            lines += [f"  if {said(one)}" for one in right.only_if]
            notice = ""
            if right.notice is not None:
                much, fact = right.notice
                long = _much(much) if isinstance(much, Span) else f"{much} hours"
                notice = f" with {long} notice before {fact}"
            blocks.append([*lines, f"  {'only ' * right.only}{right.holder} may {right.act}{notice}"])
    return [f"{margin}{line}" if line else "" for block in blocks for line in ["", *block]]


def _status(status: Status) -> Iterator[str]:
    yield f"status {status.name} of agreement"
    for place, state in enumerate(status.states):
        yield f"  state {state.name}"
        if place == 0:
            yield "    begins when agreement started"
        if state.lasts is not None:
            yield f"    lasts {_much(state.lasts)}"
        yield f"    includes {', '.join(state.includes) or 'nothing'}"
        for move in state.moves:
            how = f"when {move.event}" if move.event else f"after {_much(move.after)}" if move.after else None
            if move.event:
                by = f" by {move.by}" if move.by else ""
                yield f"    becomes {move.to} {how}{by}{_tail(' and ', (move.condition,) if move.condition else ())}"
            elif move.after:
                yield f"    becomes {move.to} {how}"
            else:
                yield f"    becomes {move.to} at the end of term" + (
                    f" if {said(move.condition)}" if move.condition else "")  # fmt: skip
    yield f"  a reinstated term runs from {'expiry' if status.from_expiry else 'the event'}"


def _conditions(once: Sequence[Condition], throughout: Sequence[Condition]) -> list[str]:
    return [f"  if {said(one)}" for one in once] + [f"  while {said(one)}" for one in throughout]


def _tail(word: str, conditions: Sequence[Condition]) -> str:
    return "".join(word + f"({said(one)})" if one[0] == "or" else word + said(one) for one in conditions)


def _trigger(trigger: Trigger) -> str:
    match trigger:
        case ("event", "opened", _):
            return "when request opened"
        case ("event", type, None):
            return f"when agreement {type}"
        case ("event", type, party):
            return f"when agreement {type} by {party}"
        case ("state", status, state):
            return f"when {status} becomes {state}"
        case ("term", status):
            return f"once each term of {status}"
        case ("used", duty, percent):
            return f"when {percent} % of {duty} is used"
        case ("outcome", duty, outcome):
            return f"when {duty} {outcome}"
        case ("both", first, second):
            return f"when both agreement {first} and agreement {second}"
    raise AssertionError(trigger)


def _limit(limit: Limit | None) -> str:
    return "" if limit is None else " " + _bare(limit)


def _bare(limit: Limit) -> str:
    match limit:
        case ("civil", much):
            return f"within {_much(much)}"
        case ("closings", n, calendar):
            return f"within {n} days counted in {calendar}"
        case ("hours", n, calendar):
            return f"within {n} hours" + (f" counted in {calendar}" if calendar else "")
        case ("before term", much, exactly):
            return f"{'on the day' if exactly else 'no later than'} {_much(much)} before the term ends"
        case ("before date", days, calendar, first, fact):
            last = f"{days} days" + (f" counted in {calendar}" if calendar else "")
            return f"no earlier than {_much(first)} and no later than {last} before {fact}" if first else (
                f"no later than {last} before {fact}")
        case ("by date", fact, otherwise):
            return f"by the end of {fact}" + (f" otherwise within {otherwise} days" if otherwise else "")
        case ("every", n, calendar):
            return f"every {n} hours" + (f" counted in {calendar}" if calendar else "")
        case ("each day", calendar):
            return f"each day of {calendar}"
        case ("each of", fact):
            return f"on each of {fact}"
        case ("next close", calendar):
            return f"by the next close of {calendar}"
        case ("after", much, type):
            return f"within {_much(much)} after agreement {type}"
        case (("sooner" | "later") as which, one, other):
            return f"by the {which} of {_bare(one)} and {_bare(other)}"
    raise AssertionError(limit)


def _until(until: Sequence[str]) -> str:
    return " until " + " or ".join(f"agreement {one}" for one in until) if until else ""


def _much(much: Span) -> str:
    if much.months:
        return f"{much.months} months rounding {much.rounding}"
    return f"{much.days} days"


def said(condition: Condition) -> str:
    """A condition in the policy's words."""
    match condition:
        case ("happened", type):
            return f"{type} has happened"
        case ("this term", type):
            return f"{type} has happened this term"
        case ("within", type, days):
            return f"{type} has happened within {days} days"
        case ("state", status, states):
            return f"{status} is {states[0]}" if len(states) == 1 else f"{status} is any of {', '.join(states)}"
        case ("includes", status, benefit):
            return f"{status} includes {benefit}"
        case ("yes", fact):
            return str(fact)
        case ("recorded", fact):
            return f"{fact} is recorded"
        case ("more", fact, number):
            return f"{fact} is more than {number}" + (" USD" if fact == "fee" else "")
        case ("left", allowance, number):
            return f"{allowance} is more than {number}" + (" hours" if allowance.startswith("block") else "")
        case ("open", calendar):
            return f"during {calendar}"
        case ("not", ("recorded", fact)):
            return f"not ({fact} is recorded)"
        case ("not", ("yes", fact)):
            return f"not {fact}"
        case ("not", part):
            return f"not ({said(part)})"
        case (("and" | "or") as word, one, other):
            parts = [f"({said(part)})" if part[0] == "state" else said(part) for part in (one, other)]
            return f"({parts[0]} {word} {parts[1]})"
    raise AssertionError(condition)


def value_spelled(value: Any) -> str:
    """A value in the policy's words."""
    match value:
        case ("fact" | "amount", name):
            return str(name)
        case ("money", much):
            return f"{much} USD"
        case ("number", much):
            return str(much)
        case ("sum", first, rest):
            return " ".join([value_spelled(first), *(f"{sign} {value_spelled(one)}" for sign, one in rest)])
        case ("product", first, rest):
            return " ".join([value_spelled(first), *(f"{WAYS[way]} {value_spelled(one)}" for way, one in rest)])
        case ("share", percent, one):
            return f"{percent} % of {value_spelled(one)}"
        case (("lesser" | "greater") as word, one, other):
            return f"the {word} of {value_spelled(one)} and {value_spelled(other)}"
        case (("days" | "months") as unit, one, other):
            return f"{unit} from {value_spelled(one)} to {value_spelled(other)}"
        case ("shifted", much, way, day):
            return f"{_much(much)} {way} {value_spelled(day)}"
        case ("anniversary", of, after):
            return f"the next anniversary of {value_spelled(of)} after {value_spelled(after)}"
    raise AssertionError(value)
