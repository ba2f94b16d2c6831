"""Readings: which there are, what they ask, and another option tried; and the zone in which times are said."""

from __future__ import annotations

from attrs import evolve

from slarules.calendars import zones
from slarules.repl import changes
from slarules.repl.answers import FAINT, NOW, STRONG, Look, Part, grid, line, remark
from slarules.repl.arguments import Given, Mistaken, Setting, malformed, no_such, setting
from slarules.repl.judging import contract_of, tell_of, zone_in
from slarules.repl.moving import Done, judgement
from slarules.repl.session import Session, changed


def readings(session: Session, _: None, look: Look) -> Done:
    """``readings``: each reading with the option it is judged by, and the others."""
    contract, case = contract_of(session), session.case
    rows = []
    for name, reading in contract.readings.items():
        option = case.readings.get(name, reading.adopted)
        chosen = option if option == reading.adopted else f"{option} (adopted: {reading.adopted})"
        others = ", ".join(o.name for o in reading.options if o.name != option)
        rows.append([(name, STRONG), (chosen, FAINT if option == reading.adopted else NOW), (others, FAINT)])
    if not rows:
        return Done(session, remark("  the contract has no readings"))
    told = remark("  `show NAME` has its question and words; `set reading NAME = OPTION` tries another")
    return Done(session, (grid(("reading", "is read as", "could be"), rows), *told))


def chosen(given: Given, session: Session) -> Setting | Mistaken:
    """``set reading NAME = OPTION`` or ``set zone = ZONE``."""
    if not given.text.startswith("zone"):
        return setting(given, session)
    zone = given.text.removeprefix("zone").strip().removeprefix("=").strip()
    if not zone:
        return malformed(given, "set zone = America/Denver")
    try:
        zones.zone(zone)
    except zones.UnknownZone:
        return no_such(given.span, "zone", zone, zones.names())
    return Setting("", zone)


def choose(session: Session, what: Setting, look: Look) -> Done:
    """Another option, or zone, and what that changes."""
    contract, case = contract_of(session), session.case
    if not what.name:
        following = changed(session, evolve(case, zone=what.option))
        return Done(following, remark(f"  times are said in {zone_in(following)}"))
    before = judgement(contract, case)
    adopted = contract.readings[what.name].adopted
    others = {name: option for name, option in case.readings.items() if name != what.name}
    case = evolve(case, readings=others if what.option == adopted else {**others, what.name: what.option})
    following = changed(session, case)
    after = judgement(contract, case)
    parts: list[Part] = [line((f"  {what.name} is {what.option}", STRONG), (_adopted(what, adopted), FAINT))]
    if after is not None and case.entries:
        parts += changes.told(before, after, tell_of(following)) or remark("  no verdict changes")
    return Done(following, tuple(parts))


def _adopted(what: Setting, adopted: str) -> str:
    return ", as adopted" if what.option == adopted else f" (adopted: {adopted})"
