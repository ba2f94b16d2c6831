"""The agreement: the states of its term (R20), who may call, and its block of hours (R34)."""

from __future__ import annotations

from typing import Any

from ..wall import date_after, date_at, first_instant
from .world import World, doubt

Json = dict[str, Any]


def status_at(world: World, instant: int) -> str | None:
    current = None
    for begins, state in world.terms:  # R20: half-open
        if begins <= instant:
            current = state
    return current


def set_terms_of_agreement(world: World, started: int) -> None:
    """R20: a term ends at the first instant of the date that much after its starting date."""
    term = world.contract.get("term")
    if term is None:
        return
    if world.terms:
        doubt(world, "started-again")
    begin_term(world, started, date_at(world.home, started))


def begin_term(world: World, begins: int, dated: int) -> None:
    """A term that begins at an instant and is counted from a date, and what comes after it if nothing happens."""
    term = world.contract["term"]
    length = {name: term.get(name, 0) for name in ("days", "months")}
    expiry = date_after(dated, rounding=term.get("rounding"), **length)
    over, grace = first_instant(world.home, expiry), term.get("grace_days")
    if over <= begins:
        doubt(world, "reinstated-after-the-next-expiry")
    world.terms = [entry for entry in world.terms if entry[0] < begins] + [(begins, "active")]
    world.terms += [(over, "grace")] if grace else []
    world.terms.append((first_instant(world.home, expiry + (grace or 0)), "expired"))
    world.expiries = {at: one for at, one in world.expiries.items() if at < begins} | {begins: expiry}
    world.marks += [at for at, _ in world.terms]


def pay(world: World) -> None:
    """R20: what is paid within a term renews it at its end; after it, it reinstates from now on, for one term."""
    state = status_at(world, world.now)
    if state is None:
        return
    expiry = world.expiries[max(at for at in world.expiries if at <= world.now)]
    over = first_instant(world.home, expiry)
    if state != "active":
        from_expiry = world.contract["term"].get("reinstates") == "from_expiry"
        begin_term(world, world.now, expiry if from_expiry else date_at(world.home, world.now))
    elif over not in world.expiries:
        begin_term(world, over, expiry)


def happen_to_agreement(world: World, event: Json) -> None:
    kind, facts = event["type"], event["facts"]
    world.agreed = True
    if kind == "started":
        set_terms_of_agreement(world, world.now)
    elif kind in ("paid", "purchase_order_received") and world.contract.get("term") is not None:
        pay(world)
    elif kind == "contact_designated":
        world.contacts.add(facts["who"])
    elif kind == "contact_removed":
        world.contacts.discard(facts["who"])
    elif kind == "hours_purchased":
        world.balance, world.hours = world.balance + facts["hours"], True
    elif kind == "hours_logged":  # R34: the crossing entry is split
        covered = min(world.balance, facts["hours"])
        world.balance, world.hours = world.balance - covered, True
        world.draws.append({"event": event["id"], "covered": covered, "excess": facts["hours"] - covered})
