"""What stands after the commas of a line: facts with their values, and the event's own id, source and times."""

from __future__ import annotations

from decimal import Decimal

from attrs import define, field

from slarules.diagnostics import did_you_mean, error
from slarules.engine.recorded import typed_value
from slarules.model.event import Raw
from slarules.model.rules import Fact, FactType
from slarules.scenario.moments import Teller, measure, read_date
from slarules.scenario.vocabulary import Vocabulary, unknown
from slarules.syntax.tree import Node

OF_THE_EVENT = ("type", "actor", "subject")
"""What a correction may say of an event besides its facts and its time."""


@define
class Made:
    """An event while its line is read."""

    at: int
    id: str | None = None
    facts: dict[str, Raw] = field(factory=dict)
    source: str = "desk"
    sequence: int | None = None
    recorded_at: int | None = None
    happened_at: int | None = None


def read_given(given: Node, made: Made, type: str, names: Vocabulary, teller: Teller) -> None:
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
            _dates(given, made, names, teller)
        case _:
            _fact(given, made, type, names, teller)


def _dates(given: Node, made: Made, names: Vocabulary, teller: Teller) -> None:
    """Several dates of a fact that is a list of them."""
    name = given.name
    lists = [fact for fact, declared in names.facts.items() if declared.type.kind == "dates"]
    if name.text not in lists:
        teller.problems.append(unknown("E0805", name, "fact that is a list of dates", lists))
        return
    days = [read_date(day, teller.problems) for day in given.all("DATE")]
    made.facts[name.text] = tuple(day.isoformat() for day in days if day)


def _severity(level: Node, made: Made, names: Vocabulary, teller: Teller) -> None:
    if level.text not in names.levels:
        teller.problems.append(unknown("E0810", level, "severity", names.levels))
    made.facts["severity"] = level.text


def _fact(given: Node, made: Made, type: str, names: Vocabulary, teller: Teller) -> None:
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
        told = did_you_mean(value.text, fact.type.values) or f"it is {described(fact.type)}"
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
