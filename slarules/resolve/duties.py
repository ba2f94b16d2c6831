"""Duties and targets: who owes what, when, by when, and what else bears on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from slarules.diagnostics import nearest
from slarules.model.expression import Condition, Not, Pattern
from slarules.model.limit import Limit
from slarules.model.rules import Duty, OnOutcome, Performance, Standing, Trigger
from slarules.model.value import AsRead
from slarules.resolve.builtin import ACTS_MEANT, ADVERBS, AGREEMENT
from slarules.resolve.builtin import EVENTS as BUILT_IN
from slarules.resolve.conditions import condition
from slarules.resolve.dates import not_by_time_alone
from slarules.resolve.limits import limit
from slarules.resolve.names import Names, Owed, Place
from slarules.resolve.patterns import patterns, triggers
from slarules.resolve.readings import LIMITS, as_read
from slarules.resolve.types import YES_NO, of_fact
from slarules.syntax.tree import Node

SEVERITY_POLICY = frozenset(("recount", "restart", "keep"))
REOPENING_POLICY = frozenset(("resume", "begin_again", "ignore"))
_ONCE = ("must", "aims_to", "performed_when", "paused_while", "on_severity_change", "if_severity_rises",
         "if_severity_falls", "on_reopening", "ends_at_next_opening", "each_term", "survives")


def guards(lines: Iterable[Node], place: Place) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Conditions read once at the trigger, and those read throughout (R8)."""
    once: list[Condition] = []
    throughout: list[Condition] = []
    for line in lines:
        match line.kind:
            case "if_line":
                once.append(condition(line.parts[0], place))
            case "unless_line":
                once.append(Not(condition(line.parts[0], place)))
            case "while_line":
                not_by_time_alone(line, place)
                throughout.append(condition(line.parts[0], place))
    return tuple(once), tuple(throughout)


def said_once(lines: Iterable[Node], place: Place) -> None:
    """Lines of which a rule has at most one."""
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line.kind] += 1
        both = line.kind.startswith("if_severity") and seen["on_severity_change"]
        if (line.kind in _ONCE and seen[line.kind] > 1) or both:
            place.error("E0513", line.span, f"`{' '.join(line.span.text.split())}` says this a second time",
                        "leave one of the two lines out")


def misplaced(lines: Iterable[Node], kinds: Iterable[str], block: str, help: str, place: Place) -> None:
    """Lines that another sort of rule has."""
    unfit = frozenset(kinds)
    for line in lines:
        if line.kind in unfit:
            words = " ".join(line.span.text.split())
            place.error("E0514", line.span, f"`{words}` does not belong in a {block}", help)


def duty(owed: Owed, names: Names, uses: set[tuple[str, str]]) -> Duty | None:
    """A duty or target; None where nothing in it says who owes what."""
    node = owed.item.node
    place = Place(names, names.kinds[owed.name], uses)
    effort = node.kind == "target" if owed.option is None else owed.verb is not None and owed.verb.kind == "aims_to"
    said_once(owed.lines, place)
    _whole(owed, effort, place)
    only_if, whiles = guards(owed.lines, place)
    called_up = _triggers(owed, place)
    severity, reopening = _policies(owed.lines, place)
    until = _until(owed, place)
    paused = _paused(owed.lines, place)
    if owed.verb is None:
        return None
    bearer = names.party(owed.verb.name)
    act, counterparty, keeps, performance = _act(owed, bearer, place)
    title = (owed.option or node).first("STRING") if owed.option is None else None
    return Duty(
        owed.name, title.text if title else None, effort, names.kinds[owed.name], bearer, counterparty, act,
        called_up, only_if, whiles, _limit(owed.verb, place), performance, keeps, paused, until,
        severity[0], severity[1], reopening,
        any(line.kind == "ends_at_next_opening" for line in owed.lines), owed.citation,
        owed.item.name if owed.option is not None else None, owed.option.name.text if owed.option is not None else None,
        acted_on(owed.verb.one("act", "keep_fact"), place),
    )


def _whole(owed: Owed, effort: bool, place: Place) -> None:
    block = owed.item.node.kind if owed.option is None else "choice's option"
    misplaced(owed.lines, ("must_not", "each_must_not", "survives"), block, "say it in a `prohibition`", place)
    if owed.option is not None:
        misplaced(owed.lines, ("when", "when_both", "each_term"), block, "an option is owed from its election", place)
        return
    verb = owed.verb
    wanted, word = ("aims_to", "aims to") if effort else ("must", "must")
    if verb is None:
        said = {"must", "aims", *place.names.parties}  # of which a line that could not be read may have spoken
        if not place.problems.broken & said and not any("must" in line.kind for line in owed.lines):
            place.error("E0515", owed.item.node.name.span, f"the {block} `{owed.name}` says of nobody what is owed",
                        f"add a line: `PARTY {word} ACT within …`")
    elif verb.kind != wanted:
        other = "a target is an effort: `PARTY aims to ACT`" if effort else "a duty is owed: `PARTY must ACT`"
        place.error("E0514", verb.span, f"`{'must' if effort else 'aims to'}` does not belong in a {block}",
                    f"{other}; or make it a `{'duty' if effort else 'target'}`")


def _triggers(owed: Owed, place: Place) -> tuple[Trigger, ...]:
    """Its own ``when`` lines, and the breaches that call it up by ``if breached`` (R10)."""
    for line in owed.lines:
        if line.kind == "if_breached":
            _consequence(line, place)
    if owed.option is not None:
        return ()
    own = triggers(owed.lines, place)
    by_breach = tuple(OnOutcome(name, "breached") for name in place.names.consequences.get(owed.name, ()))
    for trigger in by_breach:
        place.uses.add(("rule", trigger.duty))
    return by_breach if by_breach and own == (Standing(),) else (*own, *by_breach)


def _consequence(line: Node, place: Place) -> None:
    name = line.name
    known = (*place.names.owed, *place.names.items["choice"])
    if name.text not in known:
        place.names.missing("E0302", "duty", name, known, f"declare it: `duty {name.text}`")
    elif place.names.kinds.get(name.text) != place.kind:
        place.error("E0308", name.span, f"`{name.text}` is about {place.names.noun(place.names.kinds.get(name.text))}, "
                    f"and this is about {place.names.noun(place.kind)}", "name a rule about the same subject")


def _act(owed: Owed, bearer: str, place: Place) -> tuple[str, str | None, str | None, Performance]:
    """The act's word, towards whom, the fact kept, and what performs it."""
    verb = owed.verb
    assert verb is not None
    act = verb.one("act", "keep_fact")
    to = act.first("to")
    counterparty = place.names.party(to.name) if to is not None else None
    stated = next((line for line in owed.lines if line.kind == "performed_when"), None)
    performance = _performance(stated, place) if stated is not None else Performance(())
    if act.kind == "keep_fact":
        _kept(act.name, place)
        return "keep", counterparty, act.name.text, performance
    events = acting(act.name, place, stated is None)
    if stated is None:
        performance = Performance(tuple(Pattern(event, bearer) for event in events))
    return act.name.text, counterparty, None, performance


def acted_on(act: Node, place: Place) -> str | None:
    """What the act is done to: a kind of subject, a party or a role; None where the words name nothing."""
    given = act.first("object")
    if given is None:
        return None
    names = place.names
    if act.name.text in ("not", "never", "must"):  # it stands where the act should, and this is the act
        return None
    if not {given.name.text} & {*names.nouns, *names.parties, *names.items["role"]}:
        names.missing("E0302", "subject", given.name, (*names.nouns, *names.parties),
                      ADVERBS.get(given.name.text.lower(), "leave it out, where what sets the rule off says which; "
                                  f"or declare it: `subject {given.name.text}`"))
    return given.name.text


def acting(name: Node, place: Place, needed: bool = True, owed: bool = True) -> tuple[str, ...]:
    """The types of event that doing this is; an act that nothing declares is told. ``owed``: of a duty or a target."""
    names = place.names
    events = names.acts.get(name.text)
    if events is None:
        help = f"declare it: `event … of … act {name.text}`"
        event = next((one for one in (name.text, f"{name.text}d", f"{name.text}ed") if one in names.events), None)
        if event is not None:
            act = names.events[event].act
            help = f"say `{act}`" if act else _without_a_word(event, owed)
        elif name.text in ("to", "within", "by", "each", "every", "counted"):
            place.error("E0304", name.span, f"before `{name.text}` the line does not say what is to be done",
                        "write the act, as `PARTY must respond to PARTY within 4 hours`")
            return ()
        elif name.text == "must":
            place.error("E0304", name.span, "`must` stands here twice", "leave one of them out")
            return ()
        elif name.text in ("not", "never"):
            help = "what is forbidden is said in a `prohibition`: `PARTY must not ACT`"
        names.missing("E0304", "act", name, names.acts, help, ACTS_MEANT)
        return ()
    fitting = tuple(event for event in events if names.events[event].kind in (None, "any", place.kind))
    if not fitting and needed and "when" not in place.problems.broken:  # an unread trigger may have said the kind
        kind = names.events[events[0]].kind
        place.error("E0308", name.span, f"`{name.text}` is done to {names.noun(kind)}, and this is about "
                    f"{names.noun(place.kind)}", f"say `performed when` an event of {names.noun(place.kind)}, or "
                    f"declare one with an act of its own: `event … of {place.kind or names.ticket} act …`")
    return fitting


def _without_a_word(event: str, owed: bool) -> str:
    """What to say where an event stands for an act that it has no word for."""
    if any(event == one.name for one in BUILT_IN):
        if not owed:
            return f"no word says who does it: name another act, and above it the event: `when … {event} by PARTY`"
        return f"no word says who owes it: say another act, and below it `performed when {event}`"
    return f"`{event}` has no word for doing it: `event … act {event}`"


def _performance(line: Node, place: Place) -> Performance:
    """The events that count, with what must be so when they happen; no party named: whoever did it."""
    conditions = tuple(condition(part, place) for part in line.parts if part.kind != "pattern")
    return Performance(patterns(line.parts, place), conditions)


def _kept(name: Node, place: Place) -> None:
    fact = place.names.facts.get(name.text)
    if fact is None:
        place.names.missing("E0302", "fact", name, place.names.facts, f"declare it: `fact {name.text} of …: yes or no`")
    elif of_fact(fact.type) != YES_NO:
        place.error("E0501", name.span, f"`{name.text}` is not yes or no, so it cannot be kept",
                    "name a fact that is `yes or no`")


def _limit(verb: Node, place: Place) -> Limit | None:
    given = next((part for part in verb.parts if part.kind in LIMITS or part.kind == "as_read"), None)
    return limit(given, place) if given is not None else None


def _until(owed: Owed, place: Place) -> tuple[Pattern, ...]:
    ends = [line.parts[0] for line in owed.lines if line.kind == "until_line"]
    if owed.verb is not None:
        ends += owed.verb.all("until")
    return tuple(one for end in ends for one in patterns(end.parts, place, (AGREEMENT,)))


def _paused(lines: Iterable[Node], place: Place) -> tuple[str, ...] | AsRead:
    """The parties waited on; a word that is no party's is a state that the desk names so."""
    for line in lines:
        if line.kind == "paused_while":
            if line.parts[0].kind == "as_read":
                return as_read(line.parts[0], place, "a party, as `party Customer`, or `change nothing`",
                               frozenset(("party", "ignore")), _paused_on) or ()
            names = line.parts if line.parts[0].kind == "NAME" else line.parts[0].parts
            return tuple(_waited_on(name, place) for name in names)
    return ()


def _paused_on(node: Node, place: Place) -> tuple[str, ...]:
    return (_waited_on(node.name, place),) if node.kind == "party" else ()


def _waited_on(name: Node, place: Place) -> str:
    if name.text not in place.names.parties and nearest(name.text, place.names.parties) is not None:
        place.names.party(name)
    return name.text


Policy = str | AsRead | None


def _policies(lines: Iterable[Node], place: Place) -> tuple[tuple[Policy, Policy], Policy]:
    """What a graver and a milder severity do (R6), and what reopening does (R7)."""
    rises: Policy = None
    falls: Policy = None
    reopening: Policy = None
    for line in lines:
        match line.kind:
            case "on_severity_change":
                rises = falls = _policy(line.parts[0], SEVERITY_POLICY, "what a change of severity does", place)
            case "if_severity_rises":
                rises = _policy(line.parts[0], SEVERITY_POLICY, "what a change of severity does", place)
            case "if_severity_falls":
                falls = _policy(line.parts[0], SEVERITY_POLICY, "what a change of severity does", place)
            case "on_reopening":
                reopening = _policy(line.parts[0], REOPENING_POLICY, "what reopening does", place)
    return (rises, falls), reopening


def _policy(node: Node, kinds: frozenset[str], wanted: str, place: Place) -> Policy:
    if node.kind == "as_read":
        return as_read(node, place, wanted, kinds, lambda stands, _: policy_word(stands))
    return policy_word(node)


def policy_word(node: Node) -> str:
    """``begin again`` is the model's ``restart``."""
    return "restart" if node.kind == "begin_again" else node.kind
