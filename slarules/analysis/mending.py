"""Mends that are certain, put into a policy's text: each is looked at after, and undone where it makes a mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from attrs import frozen

from slarules.analysis.linting import linted, rewritten
from slarules.diagnostics import Diagnostic, Edit, Level
from slarules.loader import Loaded
from slarules.syntax.tree import Node

MOST = 1000
"""Mends of one file; more are made by linting again."""
Key = tuple[str, str]
"""A diagnostic's code and message: a place moves when something above it is mended."""


@frozen
class Mended:
    """A policy with its mends."""

    loaded: Loaded
    """As it now reads; the same as before where nothing was mended."""
    fixed: tuple[Diagnostic, ...] = ()
    """What was mended, as it was told at the time."""
    undone: tuple[tuple[Diagnostic, str], ...] = ()
    """Mends that would have made a mistake, each with that mistake."""


def mended(loaded: Loaded, scenarios: tuple[Node, ...], only: Collection[str] | None = None) -> Mended:
    """The policy with every certain mend that its findings have. Nothing is written.

    Those that do not touch each other are made together, from the back; where that makes a new error, one at a time.
    """
    fixed: list[Diagnostic] = []
    undone: dict[Key, tuple[Diagnostic, str]] = {}
    while len(fixed) < MOST:
        found = linted(loaded, scenarios, only).findings
        wanted = [one.diagnostic for one in found if _key(one.diagnostic) not in undone]
        batch = _apart([one for one in wanted if one.edit is not None and one.edit.span.source is loaded.policy])
        if not batch:
            break
        tried, wrong = _with(loaded, batch)
        if wrong is not None:
            batch = batch[:1]
            tried, wrong = _with(loaded, batch)
        if wrong is not None:
            undone[_key(batch[0])] = (batch[0], wrong)
            continue
        fixed += batch
        loaded = tried
    return Mended(loaded, tuple(fixed), tuple(undone.values()))


def _key(diagnostic: Diagnostic) -> Key:
    return diagnostic.code, diagnostic.message


def _apart(wanted: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Those whose edits touch none that is taken already, in reading order."""
    taken: list[Diagnostic] = []
    end = -1
    for one in sorted(wanted, key=lambda one: one.edit.span.start if one.edit is not None else 0):
        if one.edit is not None and one.edit.span.start > end:
            taken.append(one)
            end = one.edit.span.end
    return taken


def _with(loaded: Loaded, mends: Sequence[Diagnostic]) -> tuple[Loaded, str | None]:
    """The policy with these mends, and the new mistake that they make, if one."""
    assert loaded.policy is not None
    text = loaded.policy.text
    edits: list[Edit] = [one.edit for one in mends if one.edit is not None]
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    if text == loaded.policy.text:
        return loaded, "it changes nothing"
    tried = rewritten(loaded, text)
    before, after = _errors(loaded), _errors(tried)
    new = next(iter(after - before), None)
    return tried, None if new is None else f"{new[0]}: {new[1]}"


def _errors(loaded: Loaded) -> Counter[Key]:
    return Counter(_key(one) for one in loaded.diagnostics if one.level is Level.ERROR)
