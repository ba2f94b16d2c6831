"""Inlay hints: what a limit means on a clock, after its words."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp import examples
from slarules.lsp.definitions import Definitions
from slarules.lsp.desk import Desk, Document
from slarules.lsp.places import Encoding, position
from slarules.resolve.readings import LIMITS
from slarules.syntax.tree import Node

_KEPT: list[tuple[object, dict[tuple[str, str], str]]] = []
"""The hints of the contracts asked for last; each is worked through once."""
KEEP = 8


def hints(
    desk: Desk, document: Document, first: int, last: int, encoding: Encoding
) -> list[types.InlayHint]:
    """The hints of limits that end between two offsets, by the last good contract.

    A limit whose words were changed since has none until the contract is read again.
    """
    policy = desks.policy_of(desk, document)
    if policy is not document or document.good is None:
        return []
    told = _told(document.good)
    found = []
    for name, limit in _limits(desks.known_names(desk, document)):
        words = told.get((name, _words(limit)))
        if words is not None and first <= limit.span.end <= last:
            found.append(_hint(limit, words, encoding))
    return found


def _hint(limit: Node, words: str, encoding: Encoding) -> types.InlayHint:
    return types.InlayHint(
        position(limit.span.source, limit.span.end, encoding),
        words,
        kind=types.InlayHintKind.Type,
        padding_left=True,
        tooltip="a worked example: what these words mean on a clock, by the adopted readings",
    )


def _limits(known: Definitions) -> Iterator[tuple[str, Node]]:
    """Each duty's or target's limit."""
    for name, verbs in known.owed.items():
        for verb in verbs:
            for part in verb.parts:
                if part.kind in LIMITS or part.kind == "as_read":
                    yield name, part


def _words(node: Node) -> str:
    return " ".join(node.span.text.split())


def _told(good: desks.Good) -> dict[tuple[str, str], str]:
    """Duty and the words of its limit → the worked example."""
    for contract, told in _KEPT:
        if contract is good.contract:
            return told
    made: dict[tuple[str, str], str] = {}
    duties = examples.duties(good.contract)
    for name, limit in _limits(good.index.known):
        if name in duties:
            worked = examples.example(*duties[name])
            if worked is not None:
                made[name, _words(limit)] = examples.in_words(worked)
    _KEPT.insert(0, (good.contract, made))
    del _KEPT[KEEP:]
    return made


def prepare(document: Document) -> None:
    """Works the hints of a document through ahead of the question."""
    if document.good is not None:
        _told(document.good)
