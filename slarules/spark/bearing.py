"""Who bears on whom at a desk: agreements on what stands under them, who draws on allowances on the agreement (R34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import attrs
from attrs import frozen

from slarules.columnar.agreements import moving
from slarules.engine.history import CHANGES, History
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.expression import AllowanceRef
from slarules.model.walk import inside
from slarules.spark.keeping import Kept, Record


@frozen
class Types:
    """The types of event by which a subject bears on others."""

    agreement: frozenset[str]
    """They happen to agreements."""
    moving: frozenset[str]
    """They move an allowance for which a rule asks; none where none asks for any."""


@lru_cache(maxsize=4)
def types_of(contract: Contract) -> Types:
    """Those of a contract, in any of its versions."""
    asking = any(
        isinstance(one, AllowanceRef)
        for terms in contract.versions
        for one in inside(attrs.evolve(terms, allowances={}))
    )
    events = [event for terms in contract.versions for event in terms.events.values()]
    return Types(
        frozenset(event.name for event in events if event.kind == "agreement"),
        moving(contract.versions) if asking else frozenset(),
    )


# ---- Noting -------------------------------------------------------------------------------------------------------


def note(kept: Kept, types: Types, record: Record, event: Event) -> bool:
    """What a new event says of others than its own subject. Whether it counts before it happens."""
    subject, change = event.subject, event.type in CHANGES
    at_once = look(kept, types, record, event) or change
    given = event.facts.get("subject") if event.type == "corrected" else None
    if isinstance(given, str):
        kept.link(subject, given)
    at_once = kept.bears(event.id, subject) or at_once  # the earlier in the log stands (R32)
    if change and event.target:
        kept.bears(event.target, subject)
    return at_once


def look(kept: Kept, types: Types, record: Record, event: Event) -> bool:
    """Under which agreement a subject stands, and whether it is one or draws; whether that others hang on it is new."""
    subject, agreement = event.subject, event.agreement or ""
    said = {event.type, event.facts.get("type") if event.type == "corrected" else None}
    if agreement not in record.under:
        record.under.append(agreement)
        kept.enlist(f"under {agreement}", subject)
        if record.draws:
            kept.enlist(f"draws {agreement}", subject)
    draws = not said.isdisjoint(types.moving) and _draws(kept, subject)
    if subject not in kept.whole.near and (not said.isdisjoint(types.agreement) or event.kind == "agreement"):
        kept.whole.near[subject] = False
        return True
    return draws


def _draws(kept: Kept, name: str) -> bool:
    """Notes that a subject draws on its agreements; whether that is new."""
    record = kept.record(name)
    if record.draws:
        return False
    record.draws = True
    kept.changed(name)
    for agreement in record.under:
        kept.enlist(f"draws {agreement}", name)
    return True


# ---- Finding ------------------------------------------------------------------------------------------------------


def bears(kept: Kept, name: str) -> bool:
    """Whether others are judged by what happens to a subject, or to one that hangs together with it."""
    return any(one in kept.whole.near or kept.record(one).draws for one in kept.with_all([name]))


def reached(
    kept: Kept, asked: Mapping[str, bool], told: Callable[[Iterable[str]], History]
) -> tuple[set[str], set[str]]:
    """The agreements of which anything may be another than before, and all who are to be judged.

    ``asked`` says of a subject whether what happened to it bears on others; ``told`` gives the history of subjects.
    """
    whole, near = kept.whole, kept.whole.near
    names, before = kept.with_all(asked), whole.sole()
    bearing = kept.with_all(name for name, on_others in asked.items() if on_others)
    if not bearing:
        return set(), names
    subjects = told(bearing).subjects
    for name in bearing:
        if any(kept.record(one).draws for one in kept.with_all([name])):
            _draws(kept, name)  # a correction may give it what another has drawn
        is_one = name in subjects and subjects[name].kind == "agreement"
        if is_one or name in near:
            near[name] = is_one
    soles = {one for one in (before, whole.sole()) if one is not None}
    over = {name for name in bearing if name in near}
    for name in bearing:
        if kept.record(name).draws:
            for agreement in kept.record(name).under:
                over |= {agreement} if agreement else soles
    names = names | (over & near.keys())
    for agreement in over:
        names.update(kept.listed(f"under {agreement}"))
    if before != whole.sole() or over & soles:
        names.update(kept.listed("under "))
    return over, kept.with_all(names)


def needed(kept: Kept, types: Types, names: set[str]) -> set[str]:
    """Who else must be there to judge these: their agreements, and what draws on the allowances of those."""
    near, sole = kept.whole.near, kept.whole.sole()
    over = {agreement or sole for name in names for agreement in kept.record(name).under} - {None}
    over |= {name for name in names if name in near}
    found = {name for name in over if name in near}
    found.update([name for name, is_one in near.items() if is_one][:2])  # one alone would be every ticket's (R2)
    for agreement in over if types.moving else ():
        found.update(kept.listed(f"draws {agreement}"))
        if agreement == sole:
            found.update(kept.listed("draws "))
    return kept.with_all(found)
