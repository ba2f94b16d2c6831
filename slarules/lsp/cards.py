"""What is told of each thing that a policy names, when the cursor rests on its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted, adopt
from slarules.lsp import examples
from slarules.lsp.definitions import Symbol
from slarules.model.contract import Contract, Terms
from slarules.model.life import Status
from slarules.model.rules import Citation, Duty, Reading
from slarules.wording.rules import Rule, sentences

YEAR = 2026
"""The year whose holidays are shown."""
MANY = 16
"""Holidays or quotations that are shown at most."""
ON_READINGS = "in the reading “"
"""How the sentences begin that say what each option means; the card of the reading itself says it."""


def card(contract: Contract, symbol: Symbol, word: str) -> list[str]:
    """Paragraphs of Markdown about what a name stands for; none where the contract has no such thing.

    ``word`` is the whole word under the cursor, which may be a duty's that an option makes. Of several versions of
    the terms the last that has the thing is told of.
    """
    for terms, adopted in reversed(list(zip(contract.versions, adopt(contract, None, None), strict=True))):
        found = [one for one in _told(contract, terms, adopted, symbol, word) if one]
        if found:
            return found
    return []


def plain(text: str) -> str:
    """A user's words, so that Markdown takes none of them for its own signs."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]<>#|~" else char for char in " ".join(text.split()))


def _told(contract: Contract, terms: Terms, adopted: Adopted, symbol: Symbol, word: str) -> Iterator[str]:
    name = symbol.name
    match symbol.space:
        case "rule" | "act" | "value" | "option" if word in terms.duties and symbol.name != word:
            yield from _ruled(terms.duties[word], terms, adopted, contract)
        case "rule" | "value" | "declaration" | "table":
            rule = _rule(terms, symbol.space, name)
            if rule is not None:
                yield from _ruled(rule, terms, adopted, contract)
        case "calendar":
            yield from _calendar(name, terms, adopted, contract)
        case "reading" if name in contract.readings:
            yield from _reading(contract.readings[name])
        case "option" | "state" | "benefit" | "word":
            yield from _inner(symbol, terms, contract)
        case "event" if name in terms.events:
            yield _words(terms.events[name], terms, contract)
        case "act":
            yield from (_words(event, terms, contract) for event in terms.events.values() if event.act == name)
            duty = terms.duties.get(name)
            if duty is not None and duty.choice is not None:
                yield from _ruled(duty, terms, adopted, contract)
        case "party":
            yield from _party(name, terms, contract)
        case "level" if terms.severities is not None:
            for level in terms.severities.levels:
                if level.name == name:
                    yield from _quoted(level.citation)
                    yield _words(level, terms, contract)
        case "column":
            for table in terms.tables.values():
                if name in table.columns:
                    yield from _ruled(table, terms, adopted, contract)


# ---- Rules ------------------------------------------------------------------------------------------------------


def _rule(terms: Terms, space: str, name: str) -> Rule | None:
    """The rule of a name, among those of its space."""
    match space:
        case "rule":
            return (
                terms.duties.get(name) or terms.prohibitions.get(name) or terms.rights.get(name)
                or terms.choices.get(name) or terms.scopes.get(name)
            )
        case "value":
            return (
                terms.facts.get(name) or terms.statuses.get(name) or terms.allowances.get(name)
                or terms.amounts.get(name)
            )
        case "table":
            return terms.tables.get(name)
    return terms.declarations.get(name)


def _ruled(rule: Rule, terms: Terms, adopted: Adopted, contract: Contract) -> Iterator[str]:
    """The contract's own words, the rule in words, a worked example, and the readings it rests on."""
    citation: Citation | None = getattr(rule, "citation", None)
    yield from _quoted(citation)
    yield _words(rule, terms, contract)
    duty = adopted.terms.duties.get(rule.name) if isinstance(rule, Duty) else None
    worked = examples.example(duty, adopted) if duty is not None else None
    if worked is not None:
        yield f"**For example** {plain(examples.in_words(worked))}"
    if citation is not None:
        yield _readings(citation, contract)


def _words(rule: Rule, terms: Terms, contract: Contract) -> str:
    """The rule in plain English, its first sentence before all that bears on it."""
    said = tuple(one for one in sentences(rule, terms, contract) if not one.lower().startswith(ON_READINGS))
    return "\n\n".join(plain(" ".join(part)) for part in (said[:1], said[1:]) if part)


def _quoted(citation: Citation | None) -> Iterator[str]:
    if citation is None:
        return
    for quotation in citation.quotations[:MANY]:
        yield f"> {plain(quotation.text)}"
    if citation.clause:
        yield f"Clause “{plain(citation.clause)}”"


def _readings(citation: Citation, contract: Contract) -> str:
    read = [
        f"`{name}` is `{contract.readings[name].adopted}`"
        for name in citation.readings
        if name in contract.readings and contract.readings[name].adopted
    ]
    return f"As read: {', '.join(read)}" if read else ""


# ---- Other things -------------------------------------------------------------------------------------------------


def _party(name: str, terms: Terms, contract: Contract) -> Iterator[str]:
    role = terms.roles.get(name)
    if role is not None:
        yield from _quoted(role.citation)
        yield _words(role, terms, contract)
    for party in contract.parties:
        if party.name == name:
            called = ", ".join(f"“{plain(word)}”" for word in party.called)
            said = f"The {party.role}" if party.role != "other" else "Another party"
            yield said + (f", which the contract calls {called}" if called else "")


def _inner(symbol: Symbol, terms: Terms, contract: Contract) -> Iterator[str]:
    """An option, a state, a benefit, a value of a fact."""
    kind, _, owner = symbol.scope.rpartition(" ")
    if symbol.space == "word":
        yield f"A value of the fact `{symbol.scope}`"
        if symbol.scope in terms.facts:
            yield _words(terms.facts[symbol.scope], terms, contract)
    elif kind == "reading" and owner in contract.readings:
        yield f"An option of the reading `{owner}`"
        yield from _reading(contract.readings[owner], symbol.name)
    elif kind == "status" and owner in terms.statuses:
        yield from _state(terms.statuses[owner], symbol, terms, contract)
    elif kind == "choice" and owner in terms.choices:
        yield f"An option of the choice `{owner}`"
        yield _words(terms.choices[owner], terms, contract)


def _state(status: Status, symbol: Symbol, terms: Terms, contract: Contract) -> Iterator[str]:
    holding = [state for state in status.states if symbol.name in (state.name, *state.includes)]
    if symbol.space == "benefit":
        yield f"Included while `{status.name}` is " + " or ".join(f"`{state.name}`" for state in holding)
        return
    for state in holding[:1]:
        yield f"A state of `{status.name}`" + (f": {plain(state.title)}" if state.title else "")
    yield _words(status, terms, contract)


def _reading(reading: Reading, about: str | None = None) -> Iterator[str]:
    """The question, its options, and the one adopted; ``about``: the option that is asked about."""
    yield f"**{plain(reading.question)}**"
    yield from _quoted(reading.citation)
    lines = []
    for option in reading.options:
        mark = "✓" if option.name == reading.adopted else "·"
        name = f"**`{option.name}`**" if option.name == about else f"`{option.name}`"
        lines.append(f"- {mark} {name}" + (f": {plain(option.why)}" if option.why else ""))
    yield "\n".join(lines)
    if reading.because:
        yield f"Adopted: `{reading.adopted}`, because {plain(reading.because)}"
    if reading.changes_nothing:
        yield f"It changes nothing, because {plain(reading.changes_nothing)}"


# ---- Calendars --------------------------------------------------------------------------------------------------


def _calendar(name: str, terms: Terms, adopted: Adopted, contract: Contract) -> Iterator[str]:
    rule = terms.calendars.get(name) or terms.holidays.get(name)
    if name == "Always":
        yield "Open around the clock, every date"
    if rule is None:
        return
    yield _words(rule, terms, contract)
    compiled = adopted.calendars.get(name)
    if compiled is None or compiled.unknown_from is not None:
        return
    yield f"**For example** {plain(_week(compiled))}"
    closed = list(_closed(compiled))
    if closed:
        yield f"Closed in {YEAR} on {', '.join(closed[:MANY])}" + (" …" if len(closed) > MANY else "")


def _week(calendar: Calendar) -> str:
    """How long it is open in the week of the examples."""
    monday = examples.BEGINNINGS[0].date()
    opens = [calendar.consumed_between(calendar.day_start(day), calendar.day_start(day + timedelta(days=1)))
             for day in (monday + timedelta(days=n) for n in range(7))]
    days = ", ".join(f"{name} {hours(open)}" for name, open in zip(examples.DAYS, opens, strict=True) if open)
    first, last = monday, monday + timedelta(days=6)
    when = f"{first.day} {examples.MONTHS[first.month - 1]} to {last.day} {examples.MONTHS[last.month - 1]} {last.year}"
    return f"it is open {hours(sum(opens))} in the week {when}" + (f": {days}" if days else "")


def hours(micros: int) -> str:
    """``8 h``, ``7 h 30 min``."""
    minutes = micros // 60_000_000
    whole, rest = divmod(minutes, 60)
    return " ".join([*([f"{whole} h"] if whole or not rest else []), *([f"{rest} min"] if rest else [])])


def _closed(calendar: Calendar) -> Iterator[str]:
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        name = calendar.closures(day)
        if name is not None:
            yield f"{day.day} {examples.MONTHS[day.month - 1]} ({plain(name)})"
        day += timedelta(days=1)
