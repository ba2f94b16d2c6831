"""What parties must not do, what they may do, and what one of them may choose."""

from __future__ import annotations

from slarules.model.expression import Condition, InCalendar, Pattern
from slarules.model.limit import Limit, Notice, Within
from slarules.model.rules import Choice, OnEvent, OnOutcome, Prohibition, Right, Standing, Trigger
from slarules.model.value import Civil
from slarules.resolve import literals
from slarules.resolve.dates import contract_zone
from slarules.resolve.duties import acted_on, acting, guards, misplaced, said_once
from slarules.resolve.limits import basis, begins_first, has_term, lengths, span
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.patterns import triggers
from slarules.resolve.types import DATE, of_fact
from slarules.syntax.tree import Node

_CLOCKS = (
    "performed_when", "paused_while", "until_line", "on_severity_change", "if_severity_rises", "if_severity_falls",
    "on_reopening", "ends_at_next_opening", "if_breached", "must", "aims_to", "each_term",
)


def prohibition(item: Item, names: Names, uses: set[tuple[str, str]]) -> Prohibition | None:
    """PARTY must not ACT: kept until an event that breaks it is recorded (R25)."""
    node = item.node
    place = Place(names, names.kinds[item.name], uses)
    said_once(node.parts, place)
    misplaced(node.parts, _CLOCKS, "prohibition", "a prohibition has no clock: say `if`, `unless` or `while`", place)
    only_if, whiles = guards(node.parts, place)
    verbs = node.all("must_not", "each_must_not")
    for verb in verbs[1:]:
        place.error("E0513", verb.span, f"the prohibition `{item.name}` forbids a second thing",
                    "make it two prohibitions")
    if not verbs:
        if not place.problems.broken & {"must", "not"} and not node.first("must", "aims_to"):
            place.error("E0515", node.name.span, f"the prohibition `{item.name}` forbids nothing",
                        "add a line: `PARTY must not ACT`")
        return None
    bearers = (names.party(verbs[0].name),) if verbs[0].kind == "must_not" else tuple(names.parties)
    act = verbs[0].one("act", "keep_fact")
    patterns, more = _breaking(node, act, bearers, place)
    title = node.first("STRING")
    return Prohibition(
        item.name, title.text if title else None, names.kinds[item.name], bearers, act.name.text, patterns,
        (*more, *only_if), whiles, node.first("survives") is not None, item.citation, acted_on(act, place),
    )


def _breaking(
    node: Node, act: Node, bearers: tuple[str, ...], place: Place,
) -> tuple[tuple[Pattern, ...], tuple[Condition, ...]]:
    """Events that break it, by its ``when`` line or else by its act, and the calendar that the line names."""
    if act.kind == "keep_fact":
        place.error("E0514", act.span, "keeping a fact is not forbidden by `must not`",
                    "say `must keep` the opposite fact")
        return (), ()
    stated = _events(node, place, "a prohibition")
    if stated is None:
        events = acting(act.name, place, owed=False)
        return tuple(Pattern(event, bearer) for event in events for bearer in bearers), ()
    acting(act.name, place, False, False)
    return tuple(one.pattern for one in stated), _calendars(stated, node, place)


def _events(node: Node, place: Place, rule: str) -> tuple[OnEvent, ...] | None:
    """The events of the ``when`` lines; None where there are none."""
    found = triggers(node.parts, place)
    if found == (Standing(),):
        return None
    for line in node.all("when", "when_both"):
        if line.kind == "when_both" or any(not part.kind.startswith("happened") for part in line.parts):
            place.error("E0514", line.span, f"{rule} is about events, one at a time", "say `when` an event happens")
    return tuple(one for one in found if isinstance(one, OnEvent))


def _calendars(events: tuple[OnEvent, ...], node: Node, place: Place) -> tuple[Condition, ...]:
    """``when EVENT outside C`` as a condition, which it is here."""
    said = {(one.during, one.outside) for one in events}
    if len(said) > 1:
        place.error("E0514", node.one("when", "when_both").span, "each event has another calendar",
                    "make it a rule for each of them")
    during, outside = next(iter(said), (None, None))
    return tuple(InCalendar(name, inside) for name, inside in ((during, True), (outside, False)) if name is not None)


def right(item: Item, names: Names, uses: set[tuple[str, str]]) -> Right | None:
    """PARTY may ACT: each such event is checked against it (R21)."""
    node = item.node
    place = Place(names, names.kinds[item.name], uses)
    misplaced(node.parts, ("each_term",), "right", "say `when` an event happens", place)
    only_if, whiles = guards(node.parts, place)
    verbs = node.all("may", "only_may")
    for line in (*verbs[1:], *(*node.all("during_line"), *node.all("at_any_time"))[1:]):
        place.error("E0513", line.span, f"the right `{item.name}` says this a second time", "leave one of the two out")
    if not verbs:
        if not place.problems.broken & {"may", "only"}:
            place.error("E0515", node.name.span, f"the right `{item.name}` gives nobody anything",
                        "add a line: `PARTY may ACT`")
        return None
    verb = verbs[0]
    holder, role = _holder(verb.name, place)
    act = verb.one("act", "keep_fact")
    by = None if verb.kind == "only_may" and role is None else holder
    patterns, more = _exercising(node, act, by, place)
    during = node.first("during_line")
    calendar = names.calendar(during.name) if during is not None else None
    uses.update({("calendar", calendar)} if calendar else ())
    title = node.first("STRING")
    return Right(
        item.name, title.text if title else None, names.kinds[item.name], holder, role, act.name.text, patterns,
        (*more, *only_if), whiles, calendar, _notice(verb.first("notice"), place), item.citation,
        acted_on(act, place),
    )


def _holder(name: Node, place: Place) -> tuple[str, str | None]:
    """The party, or the party whose people have the role."""
    role = place.names.items["role"].get(name.text)
    if role is None:
        return place.names.party(name), None
    place.uses.add(("role", name.text))
    return role.node.all("NAME")[1].text, name.text


def _exercising(
    node: Node, act: Node, by: str | None, place: Place,
) -> tuple[tuple[Pattern, ...], tuple[Condition, ...]]:
    if act.kind == "keep_fact":
        place.error("E0514", act.span, "a right is to do something", "name an act")
        return (), ()
    stated = _events(node, place, "a right")
    if stated is None:
        return tuple(Pattern(event, by) for event in acting(act.name, place, owed=False)), ()
    acting(act.name, place, False, False)
    return tuple(one.pattern for one in stated), _calendars(stated, node, place)


def _notice(node: Node | None, place: Place) -> Notice | None:
    """``with 30 days notice before FACT``."""
    if node is None:
        return None
    spans = [literals.duration(part, place.problems) for part in node.all("duration")]
    if any(isinstance(one, Civil) for one in spans):
        contract_zone(node, place)
    end = node.first("term_end")
    if end is not None:
        has_term(end, place)
    else:
        _notice_date(node, place)
    least, most = spans[0], spans[1] if len(spans) > 1 else None
    if least is None or None in spans or not begins_first(most, least, node, place):
        return None
    return Notice(least, most, None if end is not None else node.name.text)


def _notice_date(node: Node, place: Place) -> None:
    """The fact before whose date notice is due."""
    fact = place.names.facts.get(node.name.text)
    if fact is None:
        place.names.missing("E0302", "fact", node.name, place.names.facts,
                            f"declare it: `fact {node.name.text} of …: date`")
    elif of_fact(fact.type) != DATE:
        place.error("E0501", node.name.span, f"`{node.name.text}` is no date",
                    "name the date before which notice is due")


def choice(item: Item, names: Names, uses: set[tuple[str, str]]) -> Choice:
    """A party, or both by agreement, elects one of several duties (R22)."""
    node = item.node
    place = Place(names, names.kinds[item.name], uses)
    only_if, whiles = guards(node.parts, place)
    elector = names.party(node.all("NAME")[1]) if node.kind == "choice" else None
    options = _options(item, names)
    if len(options) < 2 and not place.problems.broken & {"option"}:
        place.error("E0515", node.name.span, f"the choice `{item.name}` has fewer than two options",
                    "say what can be chosen: `option NAME: PARTY must ACT`")
    for name, duties in options:
        if not duties and not place.problems.broken & {"must", "option"}:
            option = next(o for o in node.all("choice_option", "choice_option_block") if o.name.text == name)
            place.error("E0515", option.name.span, f"the option `{name}` makes nobody owe anything",
                        "add a line: `PARTY must ACT`")
    within, otherwise = _lapses(node, tuple(name for name, _ in options), place)
    title = node.first("STRING")
    called = tuple(OnOutcome(name, "breached") for name in names.consequences.get(item.name, ()))
    own: tuple[Trigger, ...] = triggers(node.parts, place)
    return Choice(
        item.name, title.text if title else None, names.kinds[item.name], elector,
        called if called and own == (Standing(),) else (*own, *called),
        only_if, whiles, options, within, otherwise, item.citation,
    )


def _options(item: Item, names: Names) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each option with the duties it calls up, in the contract's order."""
    found: dict[str, list[str]] = {}
    for option in item.node.all("choice_option", "choice_option_block"):
        if option.name.text in found:
            names.problems.error("E0301", option.name.span, f"the option `{option.name.text}` is defined twice",
                                 "give one of them another name")
        found.setdefault(option.name.text, [])
    for owed in (names.owed[name] for name in dict.fromkeys(names.called.get(item.name, ()))):
        if owed.option is not None and owed.item.name == item.name:
            found[owed.option.name.text].append(owed.name)
    return tuple((name, tuple(duties)) for name, duties in found.items())


def _lapses(node: Node, options: tuple[str, ...], place: Place) -> tuple[Limit | None, str | None]:
    """``within T otherwise OPTION``."""
    lines = node.all("lapses")
    for line in lines[1:]:
        place.error("E0513", line.span, "the choice lapses a second time", "leave one of the two lines out")
    if not lines:
        return None, None
    line = lines[0]
    length = span(line.parts[0], place)
    stated = line.first("basis", "counted_as_read")
    civil = [one for one in lengths(length) if isinstance(one, Civil)]
    if stated is not None and any(one.months for one in civil):
        place.error("E0503", line.span, "months are not counted in a calendar", "say the days, or leave `counted` out")
    if stated is None and civil:
        contract_zone(line, place)
    counted = basis(stated, place)
    option = line.parts[-1]
    if option.text not in options:
        place.problems.missing("E0307", f"option of `{node.name.text}`", option, options,
                               f"its options are {', '.join(options)}")
    within = Within(length, counted) if length is not None else None
    return within, option.text

