"""A line that says what happened, as an event: `T1 opened by Customer, channel email, severity 1`."""

from __future__ import annotations

from slarules.diagnostics import did_you_mean, error
from slarules.model.event import Event
from slarules.resolve import builtin
from slarules.scenario.facts import Made, read_given
from slarules.scenario.moments import Teller
from slarules.scenario.vocabulary import Vocabulary, unknown
from slarules.syntax.tree import Node

CHANGING = ("corrected", "retracted")
"""Events that change what the log says of another."""
_HALF = "hours are written from 00:00 to 23:59, as `09:20` and `21:20`"
_ZONE = 'times are on the clocks of the contract\'s zone, or of the scenario\'s: `scenario "title" in America/Denver`'
NO_SUBJECTS = {"am": _HALF, "pm": _HALF} | dict.fromkeys(
    ("utc", "gmt", "z", "cet", "cest", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"), _ZONE
)
"""Words behind a time that stand where the subject should → what to do."""


def read_event(node: Node, at: int, names: Vocabulary, teller: Teller) -> Event:
    """The event of an ``occurs`` node whose line stands at ``at``; with problems, what can be told of it."""
    subject, type = node.all("NAME")
    known = names.events.get(type.text)
    if known is None and subject.text.lower() in NO_SUBJECTS:  # what stands behind it is the subject, and no event
        told = NO_SUBJECTS[subject.text.lower()]
        teller.problems.append(error("E0804", subject.span, f"`{subject.text}` is no part of a time", told))
        return Event(_own_id(type.text, subject.text, teller), type.text, subject.text, at)
    if known is None and type.text not in CHANGING:
        teller.problems.append(unknown("E0804", type, "event", names.events))
    made = Made(at)
    target = _target(node, type, teller)
    _party_waited_on(node, type, made, names, teller)
    for given in node.parts:
        if given.kind.startswith("given"):
            read_given(given, made, type.text, names, teller)
    _date(made, type.text)
    stated = known.kind if known else None
    _check_kind(subject, type, stated, teller)
    under = node.first("under")
    return Event(
        id=made.id or _own_id(subject.text, type.text, teller),
        subject=subject.text,
        type=type.text,
        at=made.at,
        actor=_party(node.first("by"), names, teller),
        facts=made.facts,
        source=made.source,
        sequence=made.sequence,
        recorded_at=made.recorded_at,
        agreement=under.name.text if under else None,
        kind=stated or _kind_of_facts(made, names) or _kind_above(subject.text, teller),
        target=target,
    )


def _date(made: Made, type: str) -> None:
    """Applies `happened at`: late news, recorded where the line stands; of a correction, the time meant."""
    if made.happened_at is None:
        return
    if type == "corrected":
        made.facts["at"] = made.happened_at
        return
    made.recorded_at = made.at if made.recorded_at is None else made.recorded_at
    made.at = made.happened_at


def _target(node: Node, type: Node, teller: Teller) -> str | None:
    """The id that ``corrected e1`` names, which a line above must have; no other event takes one."""
    stated = node.first("to_event")
    if stated is None:
        if type.text in CHANGING:
            told = f"name it by its id: `T1 {type.text} e1`, after `id e1` on the line above"
            message = f"`{type.text}` does not say which event is meant"
            teller.problems.append(error("E0813", type.span, message, told))
        return None
    if type.text not in CHANGING:
        told = "facts stand after commas: `T1 opened by Customer, severity 1`"
        teller.problems.append(error("E0813", stated.span, f"`{type.text}` takes no event", told))
        return None
    named = stated.name
    ids = [event.id for event in teller.above]
    if named.text not in ids:
        known = [i for i in ids if i.isidentifier()]
        told = did_you_mean(named.text, known) or f"give that line an id: `…, id {named.text}`"
        teller.problems.append(error("E0813", named.span, f"no line above has the id `{named.text}`", told))
    return named.text


def _party_waited_on(node: Node, type: Node, made: Made, names: Vocabulary, teller: Teller) -> None:
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
        help = f"write `waiting on {names.parties.get('customer', 'Customer')}`"
        teller.problems.append(error("E0805", type.span, "`waiting` does not say on whom", help))


def _party(by: Node | None, names: Vocabulary, teller: Teller) -> str | None:
    if by is None:
        return None
    if by.name.text not in names.parties:
        teller.problems.append(unknown("E0816", by.name, "party", set(names.parties.values())))
    return names.parties.get(by.name.text)


def _own_id(subject: str, type: str, teller: Teller) -> str:
    """``T1-opened`` and, of the second, ``T1-opened-2``: no id that a scenario could write."""
    same = sum(e.subject == subject and e.type == type for e in teller.above)
    return f"{subject}-{type}" + (f"-{same + 1}" if same else "")


def _kind_of_facts(made: Made, names: Vocabulary) -> str | None:
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
