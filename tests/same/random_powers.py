"""Random prohibitions, rights, choices, scopes, and duties about agreements and other subjects."""

from __future__ import annotations

from tests.same.random_words import Draft, calendar, condition, elapsed, severity


def prohibition(draft: Draft) -> str:
    """What nobody may do."""
    t = draft.ticket
    acts = {"misuse": f"{t} misused", "disclose": "agreement disclosed", "deliver": "fix delivered"}
    act = draft.rng.choice(list(acts))
    lines = [f"prohibition no_{act}"]
    if act == "misuse" or draft.chance(0.4):
        lines.append(f"  when {acts[act]}{draft.one('', ' by Desk', f' outside {calendar(draft)}')}")
    if act == "misuse" and draft.chance(0.6):
        lines.append(f"  {draft.one('if', 'unless')} {condition(draft)}")
    if act == "deliver":
        lines.append("  if adds_features")
    lines.append(f"  {draft.one('Desk', 'each party')} must not {act}")
    lines += ["  survives the term"] if draft.chance(0.3) else []
    return "\n".join(lines)


def right(draft: Draft) -> str:
    """What somebody may do, perhaps people of a role alone."""
    name, found = f"may_{len(draft.rights)}", []
    who = draft.one("Client", "Client", "Caller")
    if who == "Caller" and not any("role Caller" in block for block in draft.blocks):
        steps = "at most 1 if annual_fee is more than 200 USD\n  at most 2 if covered\n  at most 3 otherwise"
        lines = ["role Caller of Client", f"  {draft.one('at most 1', 'exactly 2', 'at least 1', steps)}"]
        lines += ["  designated by Client" + draft.one("", " in writing")] if draft.chance(0.7) else []
        lines += ["  replaceable by Client"] if draft.chance(0.2) else []
        found.append("\n".join([*lines, "  identified by caller"]))
        draft.blocks.append(found[-1])
    lines = [f"right {name}", f"  {draft.one('', 'only ')}{who} may {draft.one('call', 'open', 'ask')}"]
    lines += [f"  during {calendar(draft)}"] if draft.chance(0.4) else []
    lines += [f"  if {condition(draft)}"] if draft.chance(0.3) else []
    if draft.chance(0.25):
        before = "the term ends" if draft.statuses and draft.chance(0.4) else "effective_on"
        much = draft.one("3 days", "at least 2 days and at most 9 days")
        lines = [f"right {name}", f"  Desk may announce with {much} notice before {before}"]
    else:
        draft.rights.append(name)
    return "\n\n".join([*found, "\n".join(lines)])


def choice(draft: Draft) -> str:
    """An election among duties."""
    t, number = draft.ticket, len(draft.duties)
    who = draft.one("of Client", "of Client", "by agreement of both parties")
    names = [name for name, kind in draft.duties.items() if kind == "ticket"]
    start = f"{draft.rng.choice(names)} missed" if names and draft.chance(0.4) else f"{t} opened"
    lines = [f"choice remedy_{number} {who}", f"  when {start}"]
    lines += [f"  if {severity(draft)}"] if draft.levels and draft.chance(0.4) else []
    lines += [f"  option talk: Desk must notify to Client within {elapsed(draft, 15)}"]
    lines += ["  option fix_it", f"    Desk must resolve {t} by the end of agreed_date", "    on reopening run on"]
    if draft.chance(0.5):
        counted = f" counted in {calendar(draft)}" if draft.chance(0.4) else ""
        lines.append(f"  within {draft.one('2 days', elapsed(draft, 30))}{counted} otherwise talk")
    return "\n".join(lines)


def scope(draft: Draft) -> str:
    """What is outside."""
    return f"scope only_ours\n  outside if {condition(draft)}"


def agreement_duty(draft: Draft) -> str:
    """A duty about the agreement, or about another subject."""
    ways = [
        "duty pay\n  when agreement invoiced\n  Client must pay within 3 days",
        "duty look_in\n  when agreement audited\n  Desk must notify within 8 hours counted in " + calendar(draft),
        "duty stay_covered\n  Client must keep covered",
        "duty test_it\n  when fix delivered by Desk\n  if adds_features\n  Desk must test fix within 4 hours",
        "duty pay_back\n  when agreement terminated\n  Desk must pay by the end of paid_on otherwise within 2 days",
    ]
    term = "duty remind\n  once each term of maintenance\n  Desk must notify "
    if draft.statuses:
        ways += [
            term + "no later than 2 days before the term ends",
            term + "on the day 3 days before the term ends",
            term + "no earlier than 4 days and no later than 2 days before the term ends",
            term + f"no later than 2 days counted in {calendar(draft)} before the term ends",
            "duty offer\n  when maintenance becomes grace\n  Desk must notify within 1 day",
            f"duty leave\n  when {draft.ticket} opened\n  while maintenance includes support\n  Desk must ask",
        ]
    return draft.rng.choice(ways)
