"""Prohibitions, rights, choices and roles in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.model.expression import Condition, Pattern, Stepped
from slarules.model.rules import Choice, Prohibition, Right, Role
from slarules.model.value import AsRead
from slarules.wording.acts import done
from slarules.wording.conditions import holds, joined, lettered, only_if
from slarules.wording.duties import owes
from slarules.wording.events import any_of
from slarules.wording.grammar import labelled, listed, quoted, words
from slarules.wording.limits import limit
from slarules.wording.triggers import names_it, when
from slarules.wording.values import fact, length, value
from slarules.wording.voice import AGREEMENT, Voice


def prohibition(rule: Prohibition, voice: Voice) -> Iterator[str]:
    """The sentences of a prohibition."""
    voice = voice.about(rule.kind)
    act = done(rule.act, rule.object, None, rule.kind, voice, True)
    if len(rule.bearers) == 2:
        said = f"neither {words(rule.bearers[0])} nor {words(rule.bearers[1])} may {act}"
    elif len(rule.bearers) > 2:
        said = f"none of {listed(map(words, rule.bearers))} may {act}"
    else:
        said = f"{listed(map(words, rule.bearers)) or 'nobody'} must not {act}"
    yield said + _circumstances("", rule.only_if, rule.whiles, voice)
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    if not _is_the_act(rule.patterns, rule.act, rule.kind, rule.bearers, voice):
        yield f"it is broken each time {_events(rule.patterns, voice)}"
    until = "after the agreement’s end as well" if rule.survives else "for as long as the agreement lasts"
    yield f"it binds {until}"


def right(rule: Right, voice: Voice) -> Iterator[str]:
    """The sentences of a right."""
    voice = voice.about(rule.kind)
    act = done(rule.act, rule.object, None, rule.kind, voice, True)
    who = words(rule.holder) if rule.role is None else \
        f"of the people of {words(rule.holder)}, only those in the role {words(rule.role)}"
    exercised = _is_the_act(rule.patterns, rule.act, rule.kind, (rule.holder,), voice)
    by_anyone = _is_the_act(rule.patterns, rule.act, rule.kind, (None,), voice)
    during = f" during {words(rule.during)}" if rule.during is not None else ""
    notice = ""
    if rule.notice is not None:
        most = f" and at most {length(rule.notice.most)}" if rule.notice.most is not None else ""
        end = fact(rule.notice.before, voice) if rule.notice.before is not None else "the term ends"
        notice = f", with notice given at least {length(rule.notice.least)}{most} before {end}"
    yield f"{'only ' if by_anyone else ''}{who} may {act}{during}{notice}" + \
          _circumstances(", but only", rule.only_if, rule.whiles, voice)
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    if not exercised and not by_anyone:
        yield f"the right is exercised when {_events(rule.patterns, voice)}"


def _circumstances(lead: str, conditions: Sequence[Condition], whiles: Sequence[Condition], voice: Voice) -> str:
    """Under what conditions, to be put after a verb: ` if …, unless …, and while …`; ``lead``: as `, but only`.

    After a lettered list, what follows is a sentence of its own: it would read as part of the last item.
    """
    wanted, barred = only_if(conditions, voice)
    said = f"{lead} if {wanted}" if wanted else ""
    if whiles:
        and_while = f". It holds only while {joined(whiles, voice)}" if lettered(said) else \
                    f", and {'only ' if lead else ''}while {joined(whiles, voice)}"
        said += and_while if said else f"{lead} while {joined(whiles, voice)}"
    if barred and (lettered(said) or (said and lettered(barred))):
        return f"{said}. This does not hold if {barred}"
    return f"{said}{',' if said or lead else ''} unless {barred}" if barred else said


def _events(patterns: Sequence[Pattern], voice: Voice) -> str:
    return any_of(patterns, voice, True) or "such an event happens"


def _is_the_act(
    patterns: Sequence[Pattern], act: str, kind: str, parties: Sequence[str | None], voice: Voice,
) -> bool:
    """Whether the events are simply the act's own, by these parties."""
    types = [name for name, event in voice.terms.events.items() if event.act == act and event.kind in (None, kind)]
    return tuple(patterns) == tuple(Pattern(name, party) for name in types for party in parties)


def choice(rule: Choice, voice: Voice) -> Iterator[str]:
    """The sentences of a choice, each option with what it makes somebody owe."""
    voice = voice.about(rule.kind)
    who = f"{words(rule.elector)} may elect" if rule.elector is not None else "the parties may agree on"
    it = voice.the(rule.kind) if names_it(rule.triggers, voice) else voice.some(rule.kind)
    options = [f"{quoted(name)}: {listed(_owed(one, voice) for one in duties) or 'nothing is owed'}"
               for name, duties in rule.options]
    yield f"{when(rule.triggers, voice)}, {who} one of these for {it}: {labelled(options, 'or')}"
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    circumstances = _circumstances(" only", rule.only_if, rule.whiles, voice)
    yield f"the choice opens{circumstances}" if circumstances else ""
    if rule.within is not None:
        lapses = f", and lapses into {quoted(rule.otherwise)} otherwise" if rule.otherwise is not None else ""
        yield f"the election is to be made {limit(rule.within, voice)}{lapses}"
    elif rule.otherwise is not None:
        yield f"otherwise it lapses into {quoted(rule.otherwise)}"


def _owed(name: str, voice: Voice) -> str:
    known = voice.terms.duties.get(name)
    return quoted(name) if known is None else f"{owes(known, voice)} ({quoted(name)})"


def role(rule: Role, voice: Voice) -> Iterator[str]:
    """The sentences of a role: whose people, how many, who names them."""
    yield f"{words(rule.name)} is a role of people who act for {words(rule.party)}"
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    yield from _how_many(rule, voice)
    if rule.designated_by is not None:
        yield f"they are designated by {words(rule.designated_by)}" + (" in writing" if rule.in_writing else "")
    elif rule.in_writing:
        yield "they are designated in writing"
    if rule.replaceable_by is not None:
        yield f"they may be replaced by {words(rule.replaceable_by)}"
    if rule.identified_by is not None:
        yield f"{fact(rule.identified_by, voice)} of an event tells who of them acts"


def _how_many(rule: Role, voice: Voice) -> Iterator[str]:
    given = [("exactly", rule.at_least)] if rule.at_least == rule.at_most else \
            [("at least", rule.at_least), ("at most", rule.at_most)]
    plain = [f"{lead} {number}" for lead, count in given if (number := _number(count, voice))]
    if plain:
        yield f"their number is {listed(plain)}"
    for lead, count in given:
        if isinstance(count, Stepped):
            yield f"their number is the first of these whose condition holds: {_steps(lead, count, voice)}"


def _number(given: int | AsRead | Stepped | None, voice: Voice) -> str:
    """One number of people; empty where none is said, or where it is said in steps."""
    if given is None or isinstance(given, Stepped):
        return ""
    return voice.read(given, str, "as many") if isinstance(given, AsRead) else str(given)


def _steps(lead: str, given: Stepped, voice: Voice) -> str:
    """`(a) at most 10, if the plan is premium; or (b) at most 3 otherwise`."""
    voice = voice.about(AGREEMENT)
    found = [f"{lead} {value(one, voice)}, if {holds(asked, voice, depth=1)}" for asked, one in given.steps]
    return labelled([*found, f"{lead} {value(given.otherwise, voice)} otherwise"], "or")
