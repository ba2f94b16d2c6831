"""Rename: a thing gets another name everywhere, if after that everything still names what it named before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from slarules.diagnostics import Diagnostic, Level
from slarules.lsp import desk as desks
from slarules.lsp.definitions import BUILT_IN, Symbol
from slarules.lsp.desk import Desk, Document
from slarules.lsp.diagnostics import of_check
from slarules.lsp.names import Named
from slarules.lsp.places import Encoding, range_of
from slarules.lsp.references import LOCAL, named_in, together
from slarules.resolve.builtin import TICKET
from slarules.source import Source, Span

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Refused(JsonRpcException):
    """A rename that cannot be done, with the reason that the editor shows."""

    CODE = -32803
    MESSAGE = "it cannot be renamed"


@frozen
class Change:
    """New letters for a place of a file."""

    span: Span
    text: str


def prepare(desk: Desk, document: Document, offset: int, encoding: Encoding) -> types.Range:
    """The letters that a rename would change. Raises ``Refused`` for what has no name of its own."""
    return range_of(_renamed(desk, document, offset).span, encoding)


def rename(desk: Desk, document: Document, offset: int, new: str, encoding: Encoding) -> types.WorkspaceEdit:
    """The edits of every file. Raises ``Refused`` where a name would be taken for another, or a mistake would arise."""
    changes = changes_for(desk, document, offset, new)
    return types.WorkspaceEdit(
        changes={
            one.uri: [types.TextEdit(range_of(change.span, encoding), change.text) for change in made]
            for one, made in changes
        }
    )


def changes_for(desk: Desk, document: Document, offset: int, new: str) -> list[tuple[Document, list[Change]]]:
    """What a rename changes, file by file. Raises ``Refused``."""
    named = _renamed(desk, document, offset)
    if not NAME.fullmatch(new):
        raise Refused(f"`{new}` is no name: names are letters, digits and `_`, and begin with no digit")
    symbol = named.symbol
    changes = [
        (one, [Change(place.span, new) for place in places if _changes(place, symbol)])
        for one, places in named_in(desk, document, symbol)
    ]
    _check(desk, document, changes, symbol, new)
    return changes


def _renamed(desk: Desk, document: Document, offset: int) -> Named:
    """The name under the cursor, if it may be changed."""
    index = desks.names(desk, document)
    named = index.at(offset)
    if named is None:
        raise Refused("there is no name here that could be changed")
    symbol, word = named.symbol, named.span.text
    if symbol.space == "noun" and symbol.name == TICKET:
        called = index.known.defined.get(symbol, [])
        if not called or not NAME.fullmatch(called[0].name.text) or word in BUILT_IN["noun"]:
            raise Refused(f"`{word}` cannot be renamed here: change the words of `a ticket is called`")
        return named
    if symbol.space in LOCAL:
        return named
    if symbol not in index.known.defined:
        built_in = word in BUILT_IN.get(symbol.space, ())
        raise Refused(f"`{word}` is built in" if built_in else f"nothing defines `{word}`")
    if not NAME.fullmatch(symbol.name):
        raise Refused(f"`{symbol.name}` is a number: it has no name")
    return named


def _changes(place: Named, symbol: Symbol) -> bool:
    """Whether a place shows the name: a party may also be named by its part, a ticket always as `ticket`."""
    word = place.span.text
    if symbol.space == "noun":
        return word not in BUILT_IN["noun"]
    if symbol.space == "party":
        return word == symbol.name or word not in ("provider", "customer")
    return True


# ---- Does everything still name what it named? ------------------------------------------------------------------


def _check(
    desk: Desk, document: Document, changes: list[tuple[Document, list[Change]]], symbol: Symbol, new: str
) -> None:
    """Raises ``Refused`` unless the changed files have the same names at the same places, and no new mistake."""
    files = together(desk, document)
    after = Desk(dict(desk.documents), desk.folders)
    made = {one.path: places for one, places in changes}
    for one in files:
        text = changed(one.source.text, made.get(one.path, []))
        after.documents[one.path] = Document(one.uri, one.path, Source(one.path, text), one.version or 0)
    for one in files:
        then = after.documents[one.path]
        _same_names(desk, one, after, then, made.get(one.path, []), symbol, new)
    for one in files:
        _no_mistake(of_check(desk, one), of_check(after, after.documents[one.path]))


def changed(text: str, changes: list[Change]) -> str:
    """A text after changes, which do not overlap."""
    for change in sorted(changes, key=lambda change: change.span.start, reverse=True):
        text = text[: change.span.start] + change.text + text[change.span.end :]
    return text


def _same_names(
    desk: Desk, before: Document, after_desk: Desk, after: Document, changes: list[Change], symbol: Symbol, new: str
) -> None:
    was = list(_expected(desks.names(desk, before).named, changes, symbol, new))
    found = desks.names(after_desk, after)
    now = [(one.symbol, one.span.start) for one in found.named]
    if was == now:
        return
    wrong = next((b for a, b in zip(was, now, strict=False) if a != b), now[-1] if now else (symbol, 0))
    line = after.source.line_of(wrong[1])
    raise Refused(f"`{new}` would be taken for something else there: {after.path}, line {line}")


def _expected(
    named: tuple[Named, ...], changes: list[Change], symbol: Symbol, new: str
) -> Iterator[tuple[Symbol, int]]:
    """Each name as it should be found after the changes, with where it should stand."""
    shifts = sorted((c.span.start, len(c.text) - (c.span.end - c.span.start)) for c in changes)
    moved, at = 0, 0
    for one in named:
        while at < len(shifts) and shifts[at][0] < one.span.start:
            moved += shifts[at][1]
            at += 1
        yield _after(one.symbol, symbol, new), one.span.start + moved


def _after(one: Symbol, renamed: Symbol, new: str) -> Symbol:
    """A name's symbol once another has its new name."""
    if one == renamed and one.space != "noun":
        return evolve(one, name=new)
    if one == renamed:
        return one if one.name == TICKET else evolve(one, name=new)
    owner = {"reading": "reading", "rule": "choice", "value": "status"}.get(renamed.space)
    if owner and one.scope == f"{owner} {renamed.name}":
        return evolve(one, scope=f"{owner} {new}")
    if renamed.space == "value" and one.scope == f"amount {renamed.name}":
        return evolve(one, scope=f"amount {new}")
    if renamed.space == "value" and one.space == "word" and one.scope == renamed.name:
        return evolve(one, scope=new)
    return one


def _no_mistake(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> None:
    errors = [one for one in after if one.level is Level.ERROR]
    if len(errors) > sum(one.level is Level.ERROR for one in before):
        raise Refused(f"it would be a mistake: {errors[0].message} ({errors[0].span.source.name}, line "
                      f"{errors[0].span.line})")
