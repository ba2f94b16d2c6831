"""One look over a version's rules before any is read closely: each name, and what it is the name of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from slarules.model.contract import Party
from slarules.model.rules import EventType, Fact, FactType
from slarules.resolve import builtin
from slarules.resolve.builtin import AGREEMENT, ANY, TICKET
from slarules.resolve.expressions import constant
from slarules.resolve.names import SORTS, Item, Names, Owed, Place
from slarules.resolve.problems import Problems
from slarules.resolve.types import DATE, money, of_fact
from slarules.source import Span
from slarules.syntax.tree import Node


def declared(items: Iterable[Item], parties: Iterable[Party], ticket: str, zone: bool, problems: Problems) -> Names:
    """The names of one version of the terms; doubled ones are told."""
    names = Names(problems, {party.name: party for party in parties}, ticket, zone=zone)
    names.events.update((event.name, event) for event in builtin.EVENTS)
    names.facts.update((fact.name, fact) for fact in builtin.FACTS)
    names.nouns.update({AGREEMENT: AGREEMENT, TICKET: TICKET})
    for word in (ticket, ticket.lower()):
        words = word.split()
        names.nouns.update(dict.fromkeys(("_".join(words), *words[-1:]), TICKET))
    by_sort: dict[str, list[Item]] = {}
    seen: dict[tuple[str, str], Span] = {}
    for item in items:
        if item.node.kind in SORTS and _is_new(item, names, seen):
            by_sort.setdefault(SORTS[item.node.kind][1], []).append(item)
    for item in by_sort.get("subject", ()):
        names.nouns[item.name] = item.name
    for item in by_sort.get("event", ()):
        names.events[item.name] = _event(item.node, names)
    for event in names.events.values():
        if event.act:
            names.acts[event.act] = (*names.acts.get(event.act, ()), event.name)
    for item in by_sort.get("fact", ()):
        names.facts[item.name] = _fact(item.node, names)
    _values(by_sort, names)
    _owed(by_sort, names)
    return names


def _is_new(item: Item, names: Names, seen: dict[tuple[str, str], Span]) -> bool:
    """Notes the name; tells one that is taken already."""
    space, sort = SORTS[item.node.kind]
    if sort == "severities":
        name, word = item.node, "severities"
    else:
        name = item.node.first("NAME", "NUMBER") or item.node
        word = name.text
    taken = (
        (space == "party" and word in names.parties)
        or (sort == "event" and word in names.events)
        or (sort == "subject" and word in names.nouns)
        or (sort == "calendar" and word == builtin.ALWAYS)
    )
    first = seen.get((space, word))
    if taken or first is not None:
        where = [(first, "the first")] if first is not None else []
        why = "is built in" if taken and first is None and space != "party" else "is defined twice"
        help = "leave this definition out, or choose another name" if taken else "give one of them another name"
        names.problems.error("E0301", name.span, f"`{word}` {why}", help, where)
        return False
    seen[(space, word)] = name.span
    names.items[sort][word] = item
    return True


def _event(node: Node, names: Names) -> EventType:
    words = node.all("NAME")
    title = node.first("STRING")
    act = words[2].text if len(words) > 2 else None
    return EventType(words[0].text, names.kind(words[1]), act, title.text if title else None)


_TYPES = {
    "type_yes_no": "yes_no",
    "type_one_of": "one_of",
    "type_number": "number",
    "type_date": "date",
    "type_text": "text",
    "type_hours": "hours",
    "type_money": "money",
    "type_dates": "dates",
}


def _fact(node: Node, names: Names) -> Fact:
    words = node.all("NAME")
    stated = node.one(*_TYPES)
    values: tuple[str, ...] = ()
    if stated.kind == "type_one_of":
        values = tuple(value.text for value in stated.one("names").parts)
        _told_twice(stated.one("names"), names)
    currency = stated.first("CURRENCY")
    type = FactType(_TYPES[stated.kind], values, currency.text if currency else None)
    presumed, judged, title = node.first("presumed"), node.first("judged"), node.first("STRING")
    value = None
    if presumed is not None:
        value = constant(presumed.parts[0], Place(names, None, set()), of_fact(type), words[0].text)
    judge = names.party(judged.name) if judged is not None else None
    kind = ANY if node.first("any_event") is not None else names.kind(words[1])
    return Fact(words[0].text, kind, type, value, judge, title.text if title else None)


def _told_twice(list_of_names: Node, names: Names) -> None:
    seen: dict[str, Span] = {}
    for value in list_of_names.parts:
        if value.text in seen:
            names.problems.error(
                "E0301",
                value.span,
                f"`{value.text}` stands twice in this list",
                "leave one out",
                [(seen[value.text], "the first")],
            )
        seen.setdefault(value.text, value.span)


def _values(by_sort: dict[str, list[Item]], names: Names) -> None:
    """Severities, tables' columns, statuses, allowances and amounts, by name."""
    for item in by_sort.get("severities", ()):
        levels = item.node.one("levels")
        names.levels = tuple(dict.fromkeys(level.text for level in levels.parts))
        _told_twice(levels, names)
    for item in by_sort.get("table", ()):
        _columns(item, names)
    for item in by_sort.get("status", ()):
        states = item.node.all("state")
        names.states[item.name] = tuple(dict.fromkeys(state.name.text for state in states))
        listed = (line for state in states for line in state.all("includes"))
        names.benefits[item.name] = tuple(dict.fromkeys(name.text for line in listed for name in line.parts[0].parts))
    for item in by_sort.get("allowance", ()):
        names.units[item.name] = item.node.all("NAME")[2].text
    for item in by_sort.get("amount", ()):
        names.amounts[item.name] = money(item.node.one("CURRENCY").text)
    for item in by_sort.get("date", ()):
        names.amounts[item.name] = DATE


def head_cells(table: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The head's cells: those of the inputs, those of the outputs."""
    rows = table.all("row")
    count = len(table.one("inputs").parts)
    return (rows[0].parts[:count], rows[0].parts[count:]) if rows else ((), ())


def column_name(cell: Node) -> Node | None:
    """The name in an output column's head."""
    if cell.kind == "head_in":
        return cell.name
    if cell.kind == "cell" and len(cell.parts) == 1 and cell.parts[0].kind == "name":
        return cell.parts[0].name
    return None


def _columns(item: Item, names: Names) -> None:
    for cell in head_cells(item.node)[1]:
        name = column_name(cell)
        if name is None:
            continue
        if name.text in names.columns:
            names.problems.error(
                "E0301",
                name.span,
                f"the column `{name.text}` is defined twice",
                "duties name a column without its table: give one of them another name",
            )
        names.columns.setdefault(name.text, item.name)


def _owed(by_sort: dict[str, list[Item]], names: Names) -> None:
    """Duties and targets; then the duties that choices' options make, named after their acts where that is free."""
    blocks = [item for sort in ("duty", "target") for item in by_sort.get(sort, ())]
    for item in sorted(blocks, key=lambda item: item.node.span.start):
        verb = item.node.first("must", "aims_to")
        names.owed[item.name] = Owed(item.name, item, verb, item.node.parts)
        _consequences(item.name, item.node.parts, names)
    for item in by_sort.get("choice", ()):
        for option in item.node.all("choice_option", "choice_option_block"):
            for verb, lines in _option_verbs(option):
                name = _option_name(item, option, verb, names)
                names.owed[name] = Owed(name, item, verb, lines, option)
                names.called.setdefault(item.name, []).append(name)
                _consequences(name, lines, names)


def _option_verbs(option: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each thing that an option makes owed, with the lines beside it."""
    if option.kind == "choice_option":
        verb = evolve(option, kind="must", parts=option.parts[1:])
        yield verb, (verb,)
        return
    others = tuple(line for line in option.parts[1:] if line.kind not in ("must", "aims_to"))
    for verb in option.all("must", "aims_to"):
        yield verb, (verb, *others)


def _option_name(choice: Item, option: Node, verb: Node, names: Names) -> str:
    act = verb.one("act", "keep_fact").name.text
    whole = f"{choice.name}_{option.name.text}"
    rules = {
        word for sort in ("duty", "target", "prohibition", "right", "choice", "scope") for word in names.items[sort]
    }
    return next(
        word
        for word in (act, whole, f"{whole}_{act}", f"{whole}_{act}_{verb.span.line}")
        if word not in rules and word not in names.owed
    )


def _consequences(name: str, lines: Iterable[Node], names: Names) -> None:
    for line in lines:
        if line.kind == "if_breached":
            names.consequences.setdefault(line.name.text, []).append(name)
