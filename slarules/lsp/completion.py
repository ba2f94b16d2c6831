"""Completion: the keywords that may come next, and the names that may stand at the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen
from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.definitions import BUILT_IN, Definitions, Symbol
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, range_of
from slarules.lsp.roles import role_of
from slarules.resolve import builtin
from slarules.scenario import vocabulary
from slarules.source import Span
from slarules.syntax.next import Next, what_comes_next
from slarules.syntax.states import Spot

TRIGGERS = (" ", "|", ",", ":")
MEANT = types.CompletionItemKind
KINDS = {
    "party": MEANT.Class, "role": MEANT.Class, "calendar": MEANT.Module, "holidays": MEANT.Module,
    "duty": MEANT.Function, "target": MEANT.Function, "prohibition": MEANT.Function, "right": MEANT.Function,
    "choice": MEANT.Function, "scope": MEANT.Function, "fact": MEANT.Field, "event": MEANT.Event, "act": MEANT.Method,
    "status": MEANT.Variable, "allowance": MEANT.Variable, "amount": MEANT.Variable, "date": MEANT.Variable,
    "table": MEANT.Struct, "column": MEANT.Property, "reading": MEANT.Interface, "subject": MEANT.Class,
    "ticket": MEANT.Class,
}
"""Sort of a name → its sign in the editor; all others are values of something."""
WORDS = {
    "UNIT": ("minutes", "hours", "days", "weeks", "months", "years"),
    "DAY": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "MONTH": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December"),
    "ORDINAL": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    "ROUNDING": ("up", "down"),
}
"""Terminals that are a list of words."""


@frozen
class Offer:
    """A word that may stand at the cursor."""

    text: str
    sort: str
    """What it is: ``duty``, ``calendar`` …, or ``keyword``."""
    about: str | None = None
    """A few words about it."""


def complete(desk: Desk, document: Document, offset: int, encoding: Encoding) -> types.CompletionList:
    """What may stand at the cursor. Waits for nothing: names are those of the text as it was last read."""
    coming = what_comes_next(document.source, offset)
    if coming is None:
        return types.CompletionList(False, [])
    offers = [*_names(desk, document, coming), *(Offer(phrase, "keyword") for phrase in coming.phrases)]
    for terminal, words in WORDS.items():
        if terminal in coming.terminals:
            offers += [Offer(word, "keyword") for word in words]
    if "ZONE" in coming.terminals:
        from slarules.calendars.zones import names

        offers += [Offer(name, "zone") for name in sorted(names())]
    where = range_of(Span(document.source, coming.start, offset), encoding)
    return types.CompletionList(False, [_item(number, one, where) for number, one in enumerate(_once(offers))])


def _once(offers: Iterable[Offer]) -> list[Offer]:
    found: dict[str, Offer] = {}
    for one in offers:
        found.setdefault(one.text, one)
    return list(found.values())


def _item(number: int, offer: Offer, where: types.Range) -> types.CompletionItem:
    kind = MEANT.Keyword if offer.sort == "keyword" else KINDS.get(offer.sort, MEANT.EnumMember)
    return types.CompletionItem(
        offer.text,
        kind=kind,
        detail=offer.sort if offer.about is None else f"{offer.sort}: {offer.about}",
        sort_text=f"{number:05d}",
        text_edit=types.TextEdit(where, offer.text),
    )


# ---- Names ------------------------------------------------------------------------------------------------------


def _names(desk: Desk, document: Document, coming: Next) -> Iterator[Offer]:
    """The names that fit, those that say most first."""
    known = _known(desk, document)
    beside = [word for _, word in coming.before]
    for spot in sorted(coming.spots, key=lambda spot: (spot.rule, spot.nth)):
        role = role_of(spot.rule, spot.nth, spot.within)
        if role is None or role.defines or not role.space:
            continue
        yield from _of_space(role.space, spot, known, beside, coming)


def _known(desk: Desk, document: Document) -> Definitions:
    """The policy's names as it was last read, and those of its last good state, so that a line half typed hides none.

    Nothing is read now: a keystroke must not wait for that.
    """
    policy = desks.policy_of(desk, document)
    if policy is None:
        return Definitions()
    last = policy.known or policy.before or desks.known_names(desk, policy)
    if policy.good is None or policy.good.index.known is last:
        return last
    good = policy.good.index.known
    return Definitions(
        good.defined | last.defined, good.words | last.words, good.parts | last.parts, good.nouns | last.nouns,
        good.roles | last.roles, good.made | last.made,
    )


def _of_space(space: str, spot: Spot, known: Definitions, beside: list[str], coming: Next) -> Iterator[Offer]:
    match space:
        case "value":
            yield from _beside(known, coming)
            yield from _defined(known, "value")
            if spot.rule in ("given", "given_dates", "expect_value"):
                yield from (Offer(o.text, o.sort) for o in _defined(known, "rule") if o.sort == "choice")
            if spot.rule in ("given", "given_yes", "given_no", "name"):
                yield from (Offer(fact.name, "fact", fact.title) for fact in builtin.FACTS)
        case "event":
            yield from _events(spot, known, beside)
        case "option" | "state" | "benefit":
            yield from _inside(space, known, beside)
        case "outcome":
            yield from _outcomes(known, beside)
        case "calendar":
            yield from _defined(known, "calendar")
            yield Offer(builtin.ALWAYS, "calendar", "around the clock")
        case "noun" | "object":
            yield from (Offer(word, "subject") for word in known.nouns)
        case "act":
            yield from _defined(known, "act")
            yield from (Offer(word, "act") for word in sorted(BUILT_IN["act"]))
        case "rule":
            yield from _defined(known, "rule")
            yield from (Offer(name, "duty") for name in known.made)
        case "awaited":
            yield from (o for o in _defined(known, "party") if o.sort == "party")
        case "ender":
            yield from _happening(known)
        case _:
            yield from _defined(known, space)


def _defined(known: Definitions, space: str) -> Iterator[Offer]:
    for symbol, places in known.defined.items():
        if symbol.space == space and not symbol.scope:
            title = places[0].node.first("STRING")
            yield Offer(symbol.name, places[0].sort, title.text if title is not None else None)


def _happening(known: Definitions) -> Iterator[Offer]:
    yield from _defined(known, "event")
    yield from (Offer(event.name, "event", event.title) for event in builtin.EVENTS)


def _events(spot: Spot, known: Definitions, beside: list[str]) -> Iterator[Offer]:
    """Events; after a duty's name what may become of it; before an event its subject."""
    second = spot.rule == "pattern" and spot.nth == 1
    if second and beside and (known.has("rule", beside[-1]) or beside[-1] in known.made):
        yield from (Offer(word, "outcome") for word in builtin.OUTCOMES)
        return
    yield from _happening(known)
    if spot.rule == "pattern" and not second:
        yield from (Offer(word, "subject") for word in known.nouns)
        if spot.within in ("happened", "after"):
            yield from (o for o in _defined(known, "rule") if o.sort in ("duty", "target"))


def _inside(space: str, known: Definitions, beside: list[str]) -> Iterator[Offer]:
    """Options of the reading, states of the status, that stands last before the cursor; else all there are."""
    scopes = {symbol.scope for symbol in known.defined if symbol.space == space}
    named = next((f"{kind} {word}" for word in reversed(beside) for kind in ("reading", "status", "choice")
                  if f"{kind} {word}" in scopes), None)
    for scope in [named] if named else sorted(scopes):
        yield from (Offer(name, space, scope) for name in known.names(space, scope or ""))


def _beside(known: Definitions, coming: Next) -> Iterator[Offer]:
    """The values of the fact, status or severity that stands before ``is``."""
    kinds = [kind for kind, _ in coming.before]
    words = [word for _, word in coming.before]
    if "IS" in kinds:
        left = words[len(kinds) - 1 - kinds[::-1].index("IS") - 1]
    elif kinds and kinds[-1] == "NAME" and "COMMA" in kinds:
        left = words[-1]
    else:
        return
    if left == "severity":
        yield from (Offer(name, "severity") for name in known.names("level"))
    yield from (Offer(word, "value", f"of {left}") for word in known.words.get(left, ()))
    for kind in ("status", "choice"):
        yield from (Offer(word, "state" if kind == "status" else "option", f"of {left}")
                    for word in known.parts.get(f"{kind} {left}", ()))


_STATES = {
    "target": vocabulary.TARGET, "prohibition": vocabulary.PROHIBITION, "right": vocabulary.RIGHT,
    "choice": vocabulary.CHOICE, "scope": vocabulary.SCOPE,
}


def _outcomes(known: Definitions, beside: list[str]) -> Iterator[Offer]:
    """What can be expected of the rule that stands before the cursor."""
    for word in reversed(beside):
        places = known.defined.get(Symbol("rule", word))
        if places or word in known.made:
            sort = places[0].sort if places else "duty"
            yield from (Offer(state, "state") for state in _STATES.get(sort, vocabulary.DUTY))
            if sort in ("duty", "target"):
                yield Offer("owed", "state")
            return
