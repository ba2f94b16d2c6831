"""Events as rules speak of them (``request resolved by Trak``), and what calls a rule up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from slarules.model.expression import Pattern
from slarules.model.rules import EachTerm, OnBoth, OnEvent, OnOutcome, OnRemaining, OnState, Standing, Trigger
from slarules.model.value import Elapsed
from slarules.resolve import literals
from slarules.resolve.builtin import AGREEMENT, OUTCOMES, TICKETS_MEANT
from slarules.resolve.conditions import event_type
from slarules.resolve.names import Names, Place
from slarules.syntax.tree import Node


def pattern(node: Node, place: Place, also: tuple[str, ...] = ()) -> Pattern | None:
    """Events of one type, perhaps by one party. ``also``: kinds of subject whose events count beside the rule's own."""
    words = node.all("NAME")
    names = place.names
    by = node.first("by")
    party = names.party(by.name) if by is not None else None
    kinds: tuple[str | None, ...] = (place.kind, *also)
    if len(words) == 2:
        joined = "_".join(word.text for word in words)
        if words[0].text not in names.nouns and joined in names.events:
            place.error("E0305", node.span, f"`{words[0].text} {words[1].text}` is no event", f"say `{joined}`")
            return None
        if words[0].text not in names.nouns and outcome(node, names) is not None:
            place.error("E0514", node.span, "what became of a duty is no event", "name an event here")
            return None
        if words[0].text in names.events and words[0].text not in names.nouns and _is_a_subject(words[1].text, names):
            place.error("E0305", node.span, "what happens stands behind what it happens to",
                        f"write `{words[1].text} {words[0].text}`")
            return None
        kind = names.kind(words[0])
        if kind != "any" and place.kind not in (None, kind, "any") and kind not in also:
            place.error("E0308", words[0].span, f"this is about {names.noun(place.kind)}, not {names.noun(kind)}",
                        "name an event of the same subject")
            return None
        kinds = (kind,) if kind != "any" else (None,)
    return Pattern(event_type(words[-1], place, kinds), party)


def _is_a_subject(word: str, names: Names) -> bool:
    return word in names.nouns or (word in TICKETS_MEANT and word not in names.events)


def patterns(nodes: Iterable[Node], place: Place, also: tuple[str, ...] = ()) -> tuple[Pattern, ...]:
    """Several alternatives."""
    found = (pattern(node, place, also) for node in nodes if node.kind == "pattern")
    return tuple(one for one in found if one is not None)


def outcome(node: Node, names: Names) -> OnOutcome | None:
    """``resolution missed``: another duty's name and what became of it."""
    words = node.all("NAME")
    duty = words[0].text
    if len(words) == 2 and duty in names.owed and duty not in names.nouns and node.first("by") is None:
        meant = OUTCOMES.get(words[1].text)
        return OnOutcome(duty, meant) if meant else None
    return None


def triggers(lines: Iterable[Node], place: Place) -> tuple[Trigger, ...]:
    """What the ``when`` and ``once each term`` lines say; no line: a standing rule."""
    found: list[Trigger] = []
    for line in lines:
        match line.kind:
            case "when":
                for happening in line.parts:
                    one = _happening(happening, place)
                    found += [one] if one is not None else []
            case "when_both":
                found += _both(line, place)
            case "each_term":
                found.append(EachTerm(_status(line.name, place)))
    return tuple(found) or (Standing(),)


def _happening(node: Node, place: Place) -> Trigger | None:
    match node.kind:
        case "remaining":
            return _remaining(node, place)
        case "used_up":
            return _used(node, place)
        case "becomes_state":
            status = _status(node.name, place)
            state = node.all("NAME")[1]
            known = place.names.states.get(status, ())
            if known and state.text not in known:
                place.problems.missing("E0307", f"state of `{status}`", state, known,
                                       f"its states are {', '.join(known)}")
            return OnState(status, state.text)
        case "happened":
            became = _outcome(node.parts[0], place)
            return became if became is not None else _event(node, place)
    return _event(node, place)


def _outcome(node: Node, place: Place) -> OnOutcome | None:
    """Another duty's outcome; a duty's name that nothing has is told here, where it can be known for one."""
    became = outcome(node, place.names)
    if became is not None:
        place.uses.add(("rule", became.duty))
    return became


def _event(node: Node, place: Place) -> OnEvent | None:
    names = place.names
    words = node.parts[0].all("NAME")
    if len(words) == 2 and words[1].text in OUTCOMES and words[0].text not in names.nouns:
        if words[0].text in names.owed:
            place.error("E0514", node.span, "what became of a duty is no event, and has no calendar",
                        "let it alone set the rule off: `when DUTY missed`; say the rest in `if` lines")
        else:
            names.missing("E0302", "duty", words[0], names.owed, f"declare it: `duty {words[0].text}`")
        return None
    found = pattern(node.parts[0], place)
    if found is None:
        return None
    if node.kind == "happened":
        return OnEvent(found)
    calendar = names.calendar(node.name)
    place.uses.add(("calendar", calendar))
    during = node.kind == "happened_during"
    return OnEvent(found, calendar if during else None, None if during else calendar)


def _both(line: Node, place: Place) -> list[Trigger]:
    sides = [_event(side, place) if side.kind.startswith("happened") else None for side in line.parts]
    first, second = sides
    if first is not None and second is not None:
        return [OnBoth(first, second)]
    if any(not side.kind.startswith("happened") for side in line.parts):
        place.error("E0514", line.span, "`when both` joins two events", "name an event on either side")
    return []


def _status(name: Node, place: Place) -> str:
    if name.text not in place.names.states:
        place.names.missing("E0302", "status", name, place.names.states,
                            f"declare it: `status {name.text} of agreement`")
    place.uses.add(("status", name.text))
    return name.text


def duty_name(name: Node, place: Place) -> str:
    """A duty or target, told where there is none."""
    owed = place.names.owed
    if name.text not in owed:
        place.names.missing("E0302", "duty", name, owed, f"declare it: `duty {name.text}`")
    place.uses.add(("rule", name.text))
    return name.text


def _remaining(node: Node, place: Place) -> OnRemaining | None:
    span = literals.duration(node.one("duration"), place.problems)
    duty = duty_name(node.name, place)
    if span is not None and not isinstance(span, Elapsed):
        place.error("E0501", node.one("duration").span, "days do not remain of a clock", "say it in hours or minutes")
        return None
    return OnRemaining(duty, span) if span is not None else None


def _used(node: Node, place: Place) -> OnRemaining | None:
    share = Decimal(node.one("NUMBER").text) / 100
    duty = duty_name(node.name, place)
    if not 0 < share <= 1:
        place.error("E0517", node.one("NUMBER").span, f"{node.one('NUMBER').text} % is no part of a time",
                    "say a share from 1 % to 100 %")
        return None
    return OnRemaining(duty, None, format(share.normalize(), "f"))


def kind_of(node: Node, names: Names) -> str | None:
    """The kind of subject of a pattern, without telling anything; None: any."""
    words = node.all("NAME")
    if len(words) == 2 and words[0].text in names.nouns:
        return names.nouns[words[0].text]
    event = names.events.get(words[-1].text)
    return event.kind if event else None


def happening_kind(node: Node, names: Names) -> str | None:
    """The kind of subject of what calls a rule up; None: any."""
    match node.kind:
        case "becomes_state":
            return AGREEMENT
        case "remaining" | "used_up":
            return names.kinds.get(node.name.text)
    became = outcome(node.parts[0], names)
    return names.kinds.get(became.duty) if became is not None else kind_of(node.parts[0], names)
