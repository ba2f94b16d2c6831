"""Random policies of the sort that the quick way is for, and some a little beyond it."""

from __future__ import annotations

import random

CALENDARS = """  calendar Hours
    open Monday to Friday 08:00 to 17:00
    closed on holidays of US

  calendar Split
    open Monday to Saturday 09:00 to 12:00 and 13:00 to 18:30

  calendar Nights
    zone Europe/Berlin
    open every day 22:00 to 06:00 next day
"""
PARTIES = ("Desk", "Client", "Vendor")
ACTS = ("acknowledge", "respond", "resolve", "escalate", "update", "report")
DONE = {
    "acknowledge": "acknowledged",
    "respond": "responded",
    "resolve": "resolved",
    "escalate": "escalated",
    "update": "updated",
    "report": "reported",
}


def plain_policy(rng: random.Random) -> str:
    """A policy of duties with clocks, pauses, severities, reopening, and consequences of breaches."""
    names = [f"{rng.choice(ACTS)}_{n}" for n in range(rng.randint(1, 6))]
    later = [name for name in names[1:] if rng.random() < 0.35]
    lines = ["slarules 1", "", 'contract Plain "a plain contract"', '  provider Desk "provider"']
    lines += ['  customer Client "customer"', '  other party Vendor "another"', "  zone America/Denver"]
    lines += ['fact urgent of ticket: yes or no "it cannot wait"', "", 'clause "All"', "", CALENDARS]
    lines += ["  severities 1, 2, 3", *rng.choice([[], [], ["  assigned by Client, Desk"]]), ""]
    lines += ["  table times by severity", "    | severity | short | long |"]
    for level in (1, 2, 3):
        long = "none" if level == 3 and rng.random() < 0.15 else f"{rng.choice([4, 8, 24])} hours"
        lines.append(f"    | {level} | {rng.choice([15, 60, 90])} minutes | {long} |")
    if rng.random() < 0.3:
        lines += ["", "  prohibition quiet", "    when ticket escalated by Vendor", "    Vendor must not escalate"]
    for name in names:
        cause = names[rng.randrange(names.index(name))] if name in later else None
        lines += ["", *_duty(rng, name, cause)]
    return "\n".join(lines) + "\n"


def _duty(rng: random.Random, name: str, cause: str | None) -> list[str]:
    act, effort = name.partition("_")[0], rng.random() < 0.2
    trigger = f"    when ticket opened{rng.choice(['', '', ' by Client'])}"
    if cause is not None:
        trigger = f"    when {cause} " + rng.choice(["breached", "breached", "breached", "met"])
    guard = rng.choice([None, None, None, None, "severity is 1 or 2", "urgent", "not urgent and severity is 1"])
    length = rng.choice(["30 minutes", "2 hours", "9 hours", "1 hour", "short", "long"])
    basis = rng.choice(["", " counted in Hours", " counted in Hours", " counted in Split", " counted in Nights"])
    bound = f"{rng.choice(['within', 'within', 'within', 'in less than'])} {length}{basis}"
    told = [f"ticket {DONE[act]}{rng.choice([' by Desk', ' by Desk', ''])}"]
    if rng.random() < 0.3:
        told.append(f"ticket {rng.choice(['resolved', 'updated', 'closed'])} by Desk")
    lines = [f"  {'target' if effort else 'duty'} {name}", trigger, *([f"    if {guard}"] if guard else [])]
    lines.append(f"    Desk {'aims to' if effort else 'must'} {act} {'' if rng.random() < 0.05 else bound}".rstrip())
    lines.append(f"    performed when {' or '.join(told)}")
    if rng.random() < 0.5:
        lines.append(f"    paused while waiting on {rng.choice(['Client', 'Client', 'any of Client, Vendor'])}")
    ways = ("count again from the start", "count again from the start", "keep the deadline", "start again")
    if rng.random() < 0.3:
        lines += [f"    if severity rises, {rng.choice(ways)}", f"    if severity falls, {rng.choice(ways)}"]
    else:
        lines.append(f"    on severity change {rng.choice(ways)}")
    lines.append(f"    on reopening {rng.choice(['run on', 'run on', 'change nothing', 'begin again'])}")
    return lines
