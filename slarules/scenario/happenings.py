"""A line that says what happened, as an event: `T1 opened by Customer, channel email, severity 1`."""

from __future__ import annotations

from decimal import Decimal

from attrs import define, field

from slarules.diagnostics import error, nearest
from slarules.engine.history import typed_value
from slarules.model.event import Event, Raw
from slarules.model.rules import Fact, FactType
from slarules.resolve import builtin
from slarules.scenario.moments import Teller, measure, read_date
from slarules.scenario.vocabulary import Vocabulary, unknown
from slarules.syntax.tree import Node

CHANGING = ("corrected", "retracted")
OF_THE_EVENT = ("type", "actor", "subject")
"""What a correction may say of an event besides its facts and its time."""


@define
class _Made:
    """An event while its line is read."""

    at: int
    id: str | None = None
    facts: dict[str, Raw] = field(factory=dict)
    source: str = "desk"
    sequence: int | None = None
    recorded_at: int | None = None
    happened_at: int | None = None


def read_event(node: Node, at: int, names: Vocabulary, teller: Teller) -> Event:
    """The event of an ``occurs`` node whose line stands at ``at``; with problems, what can be told of it."""
    subject, type = node.all("NAME")
    known = names.events.get(type.text)
    if known is None and type.text not in CHANGING:
        teller.problems.append(unknown("E0804", type, "event", names.events))
    made = _Made(at)
    target = _target(node, teller)
    if type.text in CHANGING and target is None:
        teller.problems.append(
            error(
                "E0813",
                type.span,
                f"`{type.text}` does not say which event is meant",
                f"name it by its id: `T1 {type.text} e1`, after `id e1` on the line above",
            )
        )
    elif target is not None and type.text not in CHANGING:
        teller.problems.append(
            error(
                "E0813",
                node.one("to_event").span,
                f"`{type.text}` takes no event",
                "facts stand after commas: `T1 opened by Customer, severity 1`",
            )
        )
    _party_waited_on(node, type, made, names, teller)
    for given in node.parts:
        if given.kind.startswith("given"):
            _read_given(given, made, type.text, names, teller)
    actor = _party(node.first("by"), names, teller)
    event_id = _identity(made, subject.text, type.text, node, teller)
    kind = known.kind if known else None
    if kind is None:
        kind = _kind_of_facts(made, names) or _kind_above(subject.text, teller)
    if made.happened_at is not None:
        if type.text == "corrected":
            made.facts["at"] = made.happened_at
        else:
            made.recorded_at = at if made.recorded_at is None else made.recorded_at
            made.at = made.happened_at
    _check_kind(subject, type, known.kind if known else None, teller)
    under = node.first("under")
    return Event(
        event_id,
        subject.text,
        type.text,
        made.at,
        actor,
        made.facts,
        made.source,
        made.sequence,
        made.recorded_at,
        under.name.text if under else None,
        kind,
        target,
    )


def _target(node: Node, teller: Teller) -> str | None:
    """The id that ``corrected e1`` names, which a line above must have."""
    stated = node.first("to_event")
    if stated is None:
        return None
    named = stated.name
    ids = [event.id for event in teller.above]
    if named.text not in ids:
        said = [i for i in ids if i.isidentifier()]
        near = nearest(named.text, said)
        told = f"did you mean `{near}`?" if near else f"give that line an id: `…, id {named.text}`"
        teller.problems.append(error("E0813", named.span, f"no line above has the id `{named.text}`", told))
    return named.text


def _party_waited_on(node: Node, type: Node, made: _Made, names: Vocabulary, teller: Teller) -> None:
    on = node.first("on_party")
    if on is not None:
        made.facts["on"] = names.parties.get(on.name.text, on.name.text)
        if type.text != "waiting":
            teller.problems.append(
                error(
                    "E0805",
                    on.span,
                    f"`on` says whom a ticket waits on, and this is `{type.text}`",
                    f"write `waiting on {on.name.text}`, or leave it out",
                )
            )
    elif type.text == "waiting":
        teller.problems.append(
            error("E0805", type.span, "`waiting` does not say on whom", "write `waiting on Customer`")
        )


def _party(by: Node | None, names: Vocabulary, teller: Teller) -> str | None:
    if by is None:
        return None
    if by.name.text not in names.parties:
        teller.problems.append(unknown("E0816", by.name, "party", set(names.parties.values())))
    return names.parties.get(by.name.text)


def _identity(made: _Made, subject: str, type: str, node: Node, teller: Teller) -> str:
    """Its own id, or ``T1-opened`` and, of the second, ``T1-opened-2``."""
    if made.id is not None:
        return made.id
    same = sum(e.subject == subject and e.type == type for e in teller.above)
    return f"{subject}-{type}" + (f"-{same + 1}" if same else "")


def _kind_of_facts(made: _Made, names: Vocabulary) -> str | None:
    kinds = {names.facts[name].kind for name in made.facts if name in names.facts} - {builtin.ANY}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_above(subject: str, teller: Teller) -> str | None:
    return next((e.kind for e in teller.above if e.subject == subject and e.kind), None)


def _check_kind(subject: Node, type: Node, kind: str | None, teller: Teller) -> None:
    """A subject is one thing: a ticket is never an agreement."""
    was = _kind_above(subject.text, teller)
    if kind is not None and was is not None and kind != was:
        article = "an" if was[0] in "aeiou" else "a"
        message = (
            f"`{type.text}` happens to a subject of the kind `{kind}`; `{subject.text}` is {article} {was}"
        )
        teller.problems.append(error("E0817", type.span, message, "give the other subject a name of its own"))


# ---- What is recorded with it ------------------------------------------------------------------------------


def _read_given(given: Node, made: _Made, type: str, names: Vocabulary, teller: Teller) -> None:
    """Adds what one part after a comma says."""
    match given.kind:
        case "given_id":
            made.id = given.name.text
        case "given_source":
            made.source = given.name.text
        case "given_sequence":
            made.sequence = int(Decimal(given.one("NUMBER").text))
        case "given_recorded":
            made.recorded_at = teller.moment(given.one("moment", "time_of_day"))
        case "given_at":
            made.happened_at = teller.moment(given.one("moment", "time_of_day"))
        case "given_severity":
            _severity(given.parts[0], made, names, teller)
        case "given_dates":
            days = [read_date(day, teller.problems) for day in given.one("dates").all("DATE")]
            fact = next((n for n, f in names.facts.items() if f.type.kind == "dates"), None)
            many = sum(f.type.kind == "dates" for f in names.facts.values())
            if fact is None or ("dates" not in names.facts and many > 1):
                teller.problems.append(
                    error(
                        "E0805",
                        given.span,
                        "`dates` is recorded for no fact that is a list of dates",
                        "declare one: `fact dates of request: list of dates`",
                    )
                )
                return
            made.facts["dates" if "dates" in names.facts else fact] = tuple(d.isoformat() for d in days if d)
        case _:
            _fact(given, made, type, names, teller)


def _severity(level: Node, made: _Made, names: Vocabulary, teller: Teller) -> None:
    if level.text not in names.levels:
        teller.problems.append(unknown("E0810", level, "severity", names.levels))
    made.facts["severity"] = level.text


def _fact(given: Node, made: _Made, type: str, names: Vocabulary, teller: Teller) -> None:
    name = given.name
    fact = names.facts.get(name.text)
    if fact is None and type == "corrected" and name.text in OF_THE_EVENT:
        fact = Fact(name.text, "ticket", FactType("text"), None, None, None)
    if fact is None and name.text in names.states and names.values[name.text] == "choice":
        fact = Fact(name.text, "ticket", FactType("one_of", names.states[name.text]), None, None, None)
    if fact is None:
        teller.problems.append(unknown("E0805", name, "fact", names.facts))
        return
    raw = _raw(given, fact, teller)
    made.facts[name.text] = raw
    if raw is not None and (typed_value(fact.type, raw) is None or _mixed(given, fact)):
        value = given.parts[1] if len(given.parts) > 1 else given
        near = nearest(value.text, fact.type.values)
        told = f"did you mean `{near}`?" if near else f"it is {described(fact.type)}"
        message = f"`{value.text}` is no value of `{name.text}`"
        teller.problems.append(error("E0805", value.span, message, told))


def _mixed(given: Node, fact: Fact) -> bool:
    """Whether the value is written as another type: `satisfied` alone for a fact that is no yes or no."""
    yes_no = given.kind in ("given_yes", "given_no") or given.parts[1].kind in ("yes", "no")
    number = given.kind == "given" and given.parts[1].kind == "number"
    return yes_no != (fact.type.kind == "yes_no") or (number and fact.type.kind in ("money", "date", "dates"))


def _raw(given: Node, fact: Fact, teller: Teller) -> Raw:
    """The value as a reader of logs would find it."""
    if given.kind in ("given_yes", "given_no"):
        return given.kind == "given_yes"
    value = given.parts[1]
    match value.kind:
        case "yes" | "no":
            return value.kind == "yes"
        case "number":
            return Decimal(value.text)
        case "date":
            day = read_date(value.parts[0], teller.problems)
            return day.isoformat() if day else None
        case "text":
            return value.parts[0].text
        case "money":
            return f"{value.parts[0].text} {value.parts[1].text}"
        case "duration" if fact.type.kind == "hours":
            micros, days, months = measure(value)
            return str(value.text) if days or months else Decimal(micros) / 3_600_000_000
        case _:
            return value.text


def described(type: FactType) -> str:
    """A type in the language's own words."""
    match type.kind:
        case "yes_no":
            return "yes or no: write its name, or `not` and its name"
        case "one_of":
            return "one of " + ", ".join(f"`{value}`" for value in type.values)
        case "date":
            return "a date, as 2026-03-12"
        case "dates":
            return "a list of dates: `dates 2026-03-12 and 2026-03-13`"
        case "money":
            return f"an amount, as 100.00 {type.currency}"
        case "hours":
            return "a number of hours, as `4` or `4 hours`"
        case "number":
            return "a number"
        case _:
            return "a text: one word, or words in quotation marks"
