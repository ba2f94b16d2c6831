"""What is recorded, and how grave it is: facts, events, severities, in words; and declarations, notes and readings."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.model.rules import (
    Declaration,
    EventType,
    Fact,
    FactType,
    Note,
    Reading,
    Severities,
    SeverityLevel,
)
from slarules.wording.conditions import joined
from slarules.wording.grammar import labelled, listed, quoted, words
from slarules.wording.values import plain
from slarules.wording.voice import ANY, TICKET, Voice


def fact(rule: Fact, voice: Voice) -> Iterator[str]:
    """The sentences of a fact: what may be recorded, of what, and by whose word."""
    of = "any event" if rule.kind == ANY else voice.some(rule.kind)
    yield f"{quoted(rule.name)} of {of} is {_type(rule.type)}" + (f": {rule.title}" if rule.title else "")
    if rule.kind == ANY:
        yield "it is said of the event with which it is recorded, and of no other"
    if rule.judged_by is not None:
        yield f"it is for {words(rule.judged_by)} to say"
    if rule.presumed is not None:
        presumed = quoted(rule.presumed) if isinstance(rule.presumed, str) else plain(rule.presumed)
        yield f"until it is recorded, it is presumed to be {presumed}"
    else:
        yield "until it is recorded, it is unknown"


def _type(given: FactType) -> str:
    said = {"yes_no": "yes or no", "number": "a number", "date": "a date", "text": "text", "hours": "a number of hours",
            "dates": "a list of dates", "one_of": "one of", "money": "money"}.get(given.kind, words(given.kind))
    if given.values:
        said += f" {listed(map(quoted, given.values), 'or')}"
    return f"{said} in {given.currency}" if given.currency is not None else said


def event(rule: EventType, voice: Voice) -> Iterator[str]:
    """The sentences of a type of event: what may happen, to what, and the word for doing it."""
    of = "anything" if rule.kind is None else voice.some(rule.kind)
    yield f"{quoted(rule.name)} may happen to {of}" + (f": {rule.title}" if rule.title else "")
    if rule.act is not None:
        yield f"it is done by the act {quoted(rule.act)}"


def severities(rule: Severities, voice: Voice) -> Iterator[str]:
    """The sentences of the severities: the levels, whose word they are, and what each one is."""
    levels = [words(level.name) for level in rule.levels]
    yield f"the severity of {voice.some(TICKET)} is {listed(levels, 'or')}" + \
          (f", {levels[0]} being the gravest" if len(levels) > 1 else "")
    yield f"it is assigned by {voice.parties(rule.assigned_by, 'whoever states it')}"
    if rule.changed_by == rule.assigned_by:
        yield "the same may change it"
    else:
        yield f"it may be changed by {voice.parties(rule.changed_by, 'those who assign it')}"
    if rule.confirmed_by is not None:
        yield f"it is confirmed by {words(rule.confirmed_by)}"
    for level in rule.levels:
        if level.applies or level.title:
            yield from severity(level, voice)


def severity(level: SeverityLevel, voice: Voice) -> Iterator[str]:
    """The sentence of one level: its definition, which never assigns it (R24)."""
    applies = joined(level.applies, voice.about(TICKET))
    yield f"{defines(level)}{applies}" if applies else f"{_severity(level)} has no definition"


def defines(level: SeverityLevel) -> str:
    """How the sentence of a level begins; what its definition asks comes next."""
    return f"by its definition, {_severity(level)} applies if "


def _severity(level: SeverityLevel) -> str:
    return f"severity {words(level.name)}" + (f" (“{level.title}”)" if level.title else "")


def declaration(rule: Declaration, voice: Voice) -> Iterator[str]:
    """The sentence of a declaration."""
    del voice
    yield f"the parties declare: {rule.text}"


def note(rule: Note, voice: Voice) -> Iterator[str]:
    """The sentence of words that no rule stands for."""
    del voice
    said = {"information": "these words are for information", "not_encoded": "these words are not encoded"}
    yield f"{said.get(rule.kind, words(rule.kind))}: {rule.because}"


def reading(rule: Reading, voice: Voice) -> Iterator[str]:
    """The sentences of a reading: the question, the ways to read the words, the one adopted and why."""
    del voice
    ways = [quoted(option.name) + (f" ({option.why})" if option.why else "") for option in rule.options]
    yield rule.question
    if ways:
        yield f"the words can be read in {'this way' if len(ways) == 1 else 'these ways'}: {labelled(ways, 'or')}"
    if rule.adopted:
        yield f"{quoted(rule.adopted)} is adopted, because {rule.because}"
    elif rule.because:
        yield f"because {rule.because}"
    if rule.changes_nothing is not None:
        yield f"no verdict, date or amount hangs on it, because {rule.changes_nothing}"
